-- rule: assignment
-- An assignment to a user variable inside a query.
-- next: a row number of old
SELECT @n := @n + 1, id FROM orders, (SELECT @n := 0) AS init
-- next: in a WHERE
SELECT id FROM orders WHERE (@x := total) > 10
-- next: in GROUP BY
SELECT COUNT(*) FROM orders GROUP BY @x := customer_id
-- next: in HAVING
SELECT id FROM orders HAVING (@x := 1)
-- next: in a CTE
WITH c AS (SELECT @x := 1 AS n) SELECT n FROM c
-- next: in VALUES
VALUES (@x := 1)
-- next: in COALESCE
SELECT COALESCE(@x := NULL, 1)
-- next: a name in backticks
SELECT @`my var` := 1
-- next: a line break in the middle
SELECT @x
:= 1
-- next: in the moment of history
SELECT a FROM t FOR SYSTEM_TIME AS OF (@x := NOW())
