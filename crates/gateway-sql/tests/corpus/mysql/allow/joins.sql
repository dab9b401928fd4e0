-- Joins: every kind and spelling, brackets, hints, LATERAL, derived tables.
-- next: joins without a condition
SELECT COUNT(*) FROM a JOIN b CROSS JOIN c INNER JOIN d
-- next: joins nested in brackets
SELECT * FROM a LEFT JOIN (b JOIN c ON b.id = c.id) ON a.id = b.id RIGHT JOIN d ON d.id = a.id
-- next: ON clauses at the end
SELECT * FROM a LEFT JOIN b LEFT JOIN c ON b.id = c.id ON a.id = b.id
-- next: NATURAL RIGHT JOIN
SELECT id FROM a NATURAL RIGHT OUTER JOIN b
-- next: LEFT JOIN LATERAL
SELECT c.name, x.total FROM customers c LEFT JOIN LATERAL (SELECT total FROM orders o WHERE o.customer_id = c.id ORDER BY created DESC LIMIT 1) AS x ON TRUE
-- next: a comma join beside a join
SELECT c.name, l.amount FROM customers c, orders o JOIN order_lines l ON l.order_id = o.id WHERE c.id = o.customer_id
-- next: an anti-join by IS NULL
SELECT c.* FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id IS NULL
-- next: a self-join over pairs
SELECT x.id, y.id FROM orders x JOIN orders y ON x.customer_id = y.customer_id AND x.id < y.id AND ABS(DATEDIFF(x.created, y.created)) <= 7
-- next: index hints of every sort
SELECT * FROM orders AS o IGNORE INDEX FOR JOIN (ix_created) FORCE KEY FOR GROUP BY (ix_created) JOIN customers c USE INDEX () ON c.id = o.customer_id
-- next: row comparison with a subquery
SELECT * FROM orders WHERE (customer_id, total) = (SELECT customer_id, MAX(total) FROM orders GROUP BY customer_id ORDER BY 2 DESC LIMIT 1)
-- next: quantified comparisons
SELECT * FROM orders WHERE total >= ALL (SELECT total FROM orders) OR total = SOME (SELECT amount FROM order_lines) OR total <> ANY (SELECT 1)
-- next: a table qualified by its schema and partitioned
SELECT o.id FROM shop.orders AS o, orders PARTITION (p0) AS p WHERE o.id = p.id
