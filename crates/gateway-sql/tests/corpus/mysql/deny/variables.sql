-- rule: assignment
-- An assignment to a user variable inside a query.
-- next: the running total of old
SELECT id, @x := @x + total FROM orders
-- next: in a WHERE
SELECT id FROM orders WHERE (@x := id) > 0
-- next: in a derived table that initialises
SELECT @x FROM (SELECT @x := 0) AS init
-- next: in ORDER BY
SELECT id FROM orders ORDER BY @x := id
-- next: in a function's argument
SELECT IF(@x := 1, 2, 3)
-- next: in CASE
SELECT CASE WHEN @x := 1 THEN 2 END
-- next: in LIMIT's subquery neighbour
SELECT 1 IN (SELECT @x := 1)
-- next: a name in quotes
SELECT @'x' := 1
-- next: a name in double quotes with a dot
SELECT @"x.y" := 1
-- next: comments around the operator
SELECT @x/**/:=/**/1
-- next: in a join condition
SELECT 1 FROM orders JOIN customers ON (@x := orders.id) = customers.id
-- next: in a window
SELECT SUM(@x := 1) OVER (ORDER BY @x := 2)
-- next: a system variable
SELECT @@global.max_connections := 1
