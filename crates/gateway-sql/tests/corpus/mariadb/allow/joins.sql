-- Joins and subqueries.
-- next: nested brackets
SELECT * FROM (a JOIN (b LEFT JOIN c ON b.id = c.id) ON a.id = b.id) CROSS JOIN d
-- next: RIGHT and NATURAL joins
SELECT id FROM a RIGHT JOIN b USING (id) NATURAL JOIN c
-- next: STRAIGHT_JOIN with conditions
SELECT o.id FROM customers c STRAIGHT_JOIN orders o ON o.customer_id = c.id AND o.total > 10
-- next: index hints with purposes
SELECT id FROM orders FORCE INDEX FOR ORDER BY (ix_created) IGNORE INDEX FOR GROUP BY (ix_created) ORDER BY created
-- next: partitions with an alias
SELECT p.id FROM orders PARTITION (p1) AS p WHERE p.total < 10
-- next: a correlated subquery in the select list
SELECT c.name, (SELECT COUNT(*) FROM orders o WHERE o.customer_id = c.id) AS n FROM customers c ORDER BY n DESC
-- next: rows compared
SELECT id FROM orders WHERE (customer_id, total) IN (SELECT customer_id, MIN(total) FROM orders GROUP BY customer_id)
-- next: quantified comparisons
SELECT id FROM orders WHERE total > ALL (SELECT amount FROM order_lines WHERE order_id = 11) AND id = ANY (SELECT order_id FROM order_lines)
-- next: NOT EXISTS
SELECT id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.created > NOW() - INTERVAL 1 YEAR)
-- next: a derived table with a list of names
SELECT x.k, x.total FROM (SELECT customer_id AS k, SUM(total) AS total FROM orders GROUP BY 1) AS x WHERE x.total > 10
-- next: modifiers of a SELECT
SELECT HIGH_PRIORITY STRAIGHT_JOIN SQL_SMALL_RESULT SQL_BUFFER_RESULT SQL_CACHE country FROM customers
-- next: three schemas in one query
SELECT (SELECT COUNT(*) FROM shop.orders) + (SELECT COUNT(*) FROM db.t) AS n FROM dual
-- next: products that are bought together
SELECT x.order_id, y.order_id, COUNT(*) AS n FROM order_lines x JOIN order_lines y ON x.customer_id = y.customer_id AND x.order_id < y.order_id GROUP BY 1, 2 HAVING n > 0
-- next: a month against the month before
SELECT m, revenue, revenue - LAG(revenue) OVER (ORDER BY m) AS delta FROM (SELECT DATE_FORMAT(created, '%Y-%m') AS m, SUM(total) AS revenue FROM orders GROUP BY m) AS by_month
-- next: the customers above the average of their country
SELECT name FROM (SELECT c.name, SUM(o.total) AS s, AVG(SUM(o.total)) OVER (PARTITION BY c.country) AS a FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id, c.name, c.country) x WHERE s >= a
-- next: a pivot by hand
SELECT customer_id, SUM(IF(QUARTER(created) = 1, total, 0)) AS q1, SUM(CASE WHEN QUARTER(created) = 2 THEN total ELSE 0 END) AS q2, COUNT(DISTINCT DATE(created)) AS days FROM orders GROUP BY customer_id
-- next: an unpivot by hand
SELECT id, k, n FROM (SELECT id, 'a' AS k, a AS n FROM t UNION ALL SELECT id, 'b', b FROM t) AS u WHERE n IS NOT NULL ORDER BY id, k
-- next: EXISTS over history
SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM t FOR SYSTEM_TIME ALL WHERE t.id = c.id)
-- next: a filter on a set of prefixes
SELECT name FROM customers WHERE name LIKE 'A%' OR name LIKE BINARY 'b%' OR LEFT(name, 1) IN ('C', 'D') ORDER BY CHAR_LENGTH(name), 1
-- next: a date range that uses an index
SELECT COUNT(*) FROM orders WHERE created >= DATE_FORMAT(NOW() - INTERVAL 1 MONTH, '%Y-%m-01') AND created < DATE_FORMAT(NOW(), '%Y-%m-01')
