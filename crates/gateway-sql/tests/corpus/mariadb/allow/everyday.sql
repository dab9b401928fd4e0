-- next: a plain filter
SELECT id, name FROM customers WHERE country = 'DE' AND active = 1
-- next: keywords inside strings and quoted names
SELECT 'DROP TABLE x; DELETE FROM y -- not a comment' AS note FROM orders
-- next: comments
SELECT /* why: monthly report */ count(*) -- all of them
FROM orders
-- next: a final semicolon
SELECT 1;
-- next: joins
SELECT o.id, c.name, sum(l.amount) AS total FROM orders o JOIN customers c ON c.id = o.customer_id LEFT JOIN order_lines l ON l.order_id = o.id GROUP BY o.id, c.name HAVING sum(l.amount) > 100 ORDER BY total DESC
-- next: subqueries everywhere
SELECT (SELECT max(total) FROM orders) AS top, id FROM customers WHERE id IN (SELECT customer_id FROM orders WHERE total > (SELECT avg(total) FROM orders)) AND EXISTS (SELECT 1 FROM order_lines WHERE order_lines.customer_id = customers.id)
-- next: a CTE
WITH monthly AS (SELECT customer_id, sum(total) AS s FROM orders GROUP BY customer_id) SELECT * FROM monthly WHERE s > 10
-- next: set operations
SELECT id FROM a UNION ALL SELECT id FROM b UNION SELECT id FROM c ORDER BY 1
-- next: a window function
SELECT id, total, row_number() OVER (PARTITION BY customer_id ORDER BY total DESC) AS r, sum(total) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM orders
-- next: lag and lead
SELECT d, v, v - lag(v, 1) OVER (ORDER BY d) AS delta, lead(v) OVER (ORDER BY d) FROM series
-- next: CASE
SELECT CASE WHEN total > 100 THEN 'big' WHEN total > 10 THEN 'medium' ELSE 'small' END AS size, count(*) FROM orders GROUP BY CASE WHEN total > 100 THEN 'big' WHEN total > 10 THEN 'medium' ELSE 'small' END
-- next: string functions
SELECT upper(trim(name)), lower(name), substr(name, 1, 3), length(name), replace(name, 'a', 'b'), coalesce(name, '-') FROM customers
-- next: arithmetic
SELECT abs(-1), round(2.567, 2), floor(1.5), ceil(1.2), mod(7, 3), power(2, 8), sqrt(16), 1 + 2 * 3 / 4 - 5 FROM numbers
-- next: BETWEEN, LIKE, IN, IS NULL
SELECT * FROM t WHERE a BETWEEN 1 AND 10 AND b LIKE 'x%' AND c NOT IN (1, 2, 3) AND d IS NOT NULL OR NOT (e = 1)
-- next: columns named like statements
SELECT t.update_count, t.deleted, t.insert_time FROM t
-- next: a doubled quote
SELECT 'it''s' AS s FROM t
