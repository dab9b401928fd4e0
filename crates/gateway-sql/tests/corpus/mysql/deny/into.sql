-- rule: select_into
-- SELECT INTO: variables, files and dumps, in every position the grammar has had.
-- next: a file with its format
SELECT id, total INTO OUTFILE 'x1.csv' CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' ENCLOSED BY '"' FROM orders
-- next: a file behind everything
SELECT id FROM orders ORDER BY id LIMIT 1 INTO OUTFILE 'x2.csv'
-- next: a dump between
SELECT 'x' INTO DUMPFILE 'x3' FROM orders LIMIT 1
-- next: several variables
SELECT id, total FROM orders LIMIT 1 INTO @x, @a
-- next: a local variable
SELECT id INTO x FROM orders LIMIT 1
-- next: behind a union
SELECT 1 UNION SELECT 2 LIMIT 1 INTO @x
-- next: in the last part of a union
(SELECT 1) UNION (SELECT 2 INTO @x)
-- next: behind WITH
WITH x AS (SELECT 1 AS n) SELECT n FROM x INTO @x
-- next: in a subquery
SELECT (SELECT 1 INTO @x)
-- next: comments in place of spaces
SELECT/**/1/**/INTO/**/@x
-- next: in lower case on a line of its own
select 1
into
outfile 'x4'
-- next: a hash comment between
SELECT 1 INTO # @
DUMPFILE 'x5'
-- next: behind TABLE with a limit
TABLE customers LIMIT 1 INTO @a, @b, @x, @v
