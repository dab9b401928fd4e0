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
