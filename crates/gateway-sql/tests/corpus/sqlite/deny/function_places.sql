-- rule: function
-- Places where a call can hide that the other tables do not show.
-- next: LIMIT
SELECT 1 LIMIT writefile('x', 'y')
-- next: OFFSET
SELECT 1 LIMIT 1 OFFSET load_extension('x')
-- next: VALUES
VALUES (1), (load_extension('x'))
-- next: a join's condition
SELECT 1 FROM orders o JOIN customers c ON load_extension(c.name)
-- next: GROUP BY
SELECT count(*) FROM orders GROUP BY readfile(id)
-- next: HAVING
SELECT count(*) FROM orders GROUP BY id HAVING eval('x')
-- next: the default of LAG
SELECT lag(total, 1, readfile('x')) OVER (ORDER BY id) FROM orders
-- next: a named window
SELECT sum(total) OVER w FROM orders WINDOW w AS (PARTITION BY readfile(id))
-- next: a frame
SELECT sum(total) OVER (ORDER BY id ROWS my_udf(1) PRECEDING) FROM orders
-- next: CASE
SELECT CASE load_extension('x') WHEN 1 THEN 2 END
-- next: BETWEEN
SELECT 1 BETWEEN 0 AND my_udf(2)
-- next: LIKE with ESCAPE
SELECT 'a' LIKE 'b' ESCAPE readfile('x')
-- next: MATCH
SELECT * FROM t WHERE a MATCH readfile('x')
-- next: REGEXP
SELECT 'a' REGEXP load_extension('x')
-- next: an arrow's path
SELECT doc ->> readfile('x') FROM t
-- next: CAST
SELECT CAST(readfile('x') AS TEXT)
-- next: COLLATE
SELECT readfile('x') COLLATE NOCASE
-- next: the argument of a table-valued function
SELECT * FROM json_each(readfile('x'))
-- next: the second argument of a series
SELECT * FROM generate_series(1, my_udf(2))
-- next: a row in IN
SELECT (1, readfile('x')) IN (VALUES (1, 2))
-- next: the recursive part
WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT my_udf(n) FROM x LIMIT 3) SELECT n FROM x
-- next: the third part of a compound
SELECT 1 UNION SELECT 2 EXCEPT SELECT load_extension('x')
-- next: EXISTS
SELECT NOT EXISTS (SELECT readfile('x'))
-- next: ISNULL behind a call
SELECT readfile('x') ISNULL
-- next: an aggregate with DISTINCT
SELECT group_concat(DISTINCT readfile(name)) FROM customers
-- next: behind EXPLAIN QUERY PLAN
EXPLAIN QUERY PLAN SELECT load_extension('x')
-- next: a name in brackets with a space
SELECT [load_extension] ('x')
-- next: a comment before the bracket
SELECT writefile/* */('x', 'y')
-- next: mixed case
SELECT WriteFile('x', 'y')
-- next: a letter of another alphabet
SELECT lоad_extension('x')
-- next: a trigger's function in a CASE
SELECT CASE WHEN 1 THEN raise(ignore) END
