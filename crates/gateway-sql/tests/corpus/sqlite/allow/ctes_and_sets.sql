-- WITH, compounds and VALUES.
-- next: a calendar
WITH RECURSIVE day(d) AS (SELECT date('2026-01-01') UNION ALL SELECT date(d, '+1 day') FROM day WHERE d < '2026-01-31') SELECT day.d, coalesce(v, 0) FROM day LEFT JOIN series USING (d)
-- next: a recursion with order and limit
WITH RECURSIVE walk(id, depth) AS (SELECT 1, 0 UNION SELECT o.id, walk.depth + 1 FROM orders o JOIN walk ON o.customer_id = walk.id ORDER BY 2 DESC LIMIT 100) SELECT substr('..........', 1, depth * 3) || id FROM walk
-- next: the Mandelbrot set in small
WITH RECURSIVE xaxis(x) AS (VALUES (-2.0) UNION ALL SELECT x + 0.5 FROM xaxis WHERE x < 1.0), m(iter, cx, x) AS (SELECT 0, x, 0.0 FROM xaxis UNION ALL SELECT iter + 1, cx, x * x + cx FROM m WHERE x * x < 4.0 AND iter < 5) SELECT max(iter), cx FROM m GROUP BY cx
-- next: CTEs that build on one another
WITH spent(customer_id, s) AS (SELECT customer_id, sum(total) FROM orders GROUP BY 1), best AS (SELECT max(s) AS s FROM spent) SELECT customer_id FROM spent NATURAL JOIN best
-- next: a CTE in a subquery
SELECT name FROM customers WHERE id IN (WITH big AS (SELECT customer_id FROM orders WHERE total > 100) SELECT customer_id FROM big)
-- next: a materialized CTE
WITH x AS MATERIALIZED (SELECT count(*) AS n FROM orders) SELECT n, n * 2 FROM x
-- next: compounds are read from left to right
SELECT 1 UNION SELECT 2 INTERSECT SELECT 2 EXCEPT SELECT 3 UNION ALL SELECT 4
-- next: a compound of VALUES and SELECT
VALUES (1, 'a') UNION ALL SELECT id, name FROM customers ORDER BY 1 LIMIT 3
-- next: a compound as a table
SELECT kind, count(*) FROM (SELECT 'order' AS kind FROM orders UNION ALL SELECT 'customer' FROM customers) GROUP BY kind
-- next: VALUES as a table
SELECT column1, column2 FROM (VALUES (1, 'x'), (2, 'y')) WHERE column1 > 1
-- next: VALUES in a row comparison
SELECT * FROM orders WHERE (id, customer_id) IN (VALUES (1, 1), (2, 2))
-- next: a compound in EXISTS
SELECT EXISTS (SELECT 1 FROM a UNION SELECT 1 FROM b)
