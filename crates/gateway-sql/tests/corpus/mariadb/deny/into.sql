-- rule: select_into
-- SELECT INTO: variables, files and dumps.
-- next: a file with a format
SELECT id INTO OUTFILE 'm1.csv' CHARACTER SET utf8mb4 FIELDS TERMINATED BY ';' LINES TERMINATED BY '\n' FROM orders
-- next: a dump at the end
SELECT name FROM customers LIMIT 1 INTO DUMPFILE 'm2'
-- next: before FROM
SELECT id INTO @x FROM orders LIMIT 1
-- next: a local variable
SELECT id INTO x FROM orders LIMIT 1
-- next: a variable of a row
SELECT 1, 2 INTO rec.a, rec.b
-- next: behind a union
SELECT 1 UNION SELECT 2 LIMIT 1 INTO @x
-- next: behind VALUES
VALUES (1) INTO OUTFILE 'm3'
-- next: behind WITH
WITH x AS (SELECT 5 AS n) SELECT n INTO @a FROM x
-- next: in a derived table
SELECT * FROM (SELECT 1 AS n INTO @x) y
-- next: behind ROWS EXAMINED
SELECT id FROM orders LIMIT 1 ROWS EXAMINED 100 INTO @x
-- next: behind a clause of history
SELECT COUNT(*) FROM t FOR SYSTEM_TIME ALL INTO @x
-- next: behind a procedure's place
SELECT 1 FROM orders HAVING 1 INTO @x
-- next: comments in place of spaces
SELECT 1/**/INTO/* */OUTFILE/**/'m4'
-- next: in brackets
(SELECT 1 INTO @x)
