-- WITH and set operations.
-- next: a recursive calendar
WITH RECURSIVE days AS (SELECT DATE '2026-01-01' AS d UNION ALL SELECT d + INTERVAL 1 DAY FROM days WHERE d < DATE '2026-01-10') SELECT days.d, COALESCE(v, 0) FROM days LEFT JOIN series USING (d)
-- next: two recursive members
WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3 UNION ALL SELECT n * 10 FROM r WHERE n < 3) SELECT * FROM r
-- next: CTEs that build on one another
WITH spent AS (SELECT customer_id, SUM(total) AS s FROM orders GROUP BY customer_id), average AS (SELECT AVG(s) AS a FROM spent) SELECT customer_id FROM spent, average WHERE s > a
-- next: a CTE with names and VALUES
WITH rate (code, factor) AS (VALUES ('EUR', 1), ('USD', 1.08)) SELECT code, 100 * factor FROM rate
-- next: a CTE in a subquery
SELECT name FROM customers WHERE id = (WITH m AS (SELECT MAX(customer_id) AS top FROM orders) SELECT top FROM m)
-- next: INTERSECT ALL
SELECT id FROM a INTERSECT ALL SELECT id FROM b
-- next: brackets that change the order
(SELECT id FROM a UNION SELECT id FROM b) EXCEPT (SELECT id FROM c INTERSECT SELECT id FROM d)
-- next: MINUS-like nesting with limits
((SELECT id FROM a ORDER BY id LIMIT 2) UNION ALL (SELECT id FROM b LIMIT 1)) ORDER BY id DESC LIMIT 3
-- next: a values list as a table
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v
-- next: a union in a derived table with a window
SELECT kind, n, SUM(n) OVER () FROM (SELECT 'orders' AS kind, COUNT(*) AS n FROM orders UNION ALL SELECT 'customers', COUNT(*) FROM customers) x
-- next: a cohort table
WITH firsts AS (SELECT customer_id, MIN(created) AS born FROM orders GROUP BY customer_id) SELECT DATE_FORMAT(born, '%Y-%m') AS cohort, TIMESTAMPDIFF(MONTH, born, created) AS age, COUNT(DISTINCT o.customer_id) FROM orders o JOIN firsts f ON f.customer_id = o.customer_id GROUP BY 1, 2 ORDER BY 1, 2
-- next: a union with an order on an alias
SELECT id AS k FROM a UNION SELECT id FROM b ORDER BY k LIMIT 1
