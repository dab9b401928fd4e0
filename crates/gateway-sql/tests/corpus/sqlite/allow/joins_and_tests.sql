-- Joins, subqueries and predicates.
-- next: LEFT and CROSS joins
SELECT c.name, o.total FROM customers AS c LEFT OUTER JOIN orders o ON o.customer_id = c.id CROSS JOIN numbers
-- next: RIGHT and FULL joins
SELECT * FROM orders RIGHT JOIN lines ON lines.order_id = orders.id FULL JOIN customers ON customers.id = orders.customer_id
-- next: NATURAL joins and brackets
SELECT * FROM a NATURAL JOIN (b NATURAL LEFT JOIN c)
-- next: a join in brackets with an alias on the whole
SELECT x.id FROM (SELECT o.id FROM orders o, lines l WHERE o.id = l.order_id) AS x
-- next: a table of a schema with an index named
SELECT * FROM main.t INDEXED BY ix WHERE a > 0 UNION ALL SELECT * FROM t NOT INDEXED
-- next: subqueries in every clause
SELECT (SELECT max(total) FROM orders WHERE customer_id = c.id) AS top FROM customers c WHERE c.id IN (SELECT customer_id FROM orders) ORDER BY (SELECT count(*) FROM orders WHERE customer_id = c.id) DESC LIMIT (SELECT 5)
-- next: rows compared
SELECT * FROM orders WHERE (customer_id, total) > (1, 50) AND (id, 1) = (SELECT max(id), 1 FROM orders)
-- next: IN of nothing, of a list, of a table
SELECT 1 IN (), 1 NOT IN (1, 2), 'x' IN other
-- next: IS in all forms
SELECT a IS NULL, a IS NOT NULL, a IS b, a IS NOT DISTINCT FROM b, a ISNULL, a NOT NULL, a IS TRUE, a IS NOT FALSE FROM t
-- next: LIKE, GLOB and their negations
SELECT name LIKE 'A\_%' ESCAPE '\', name NOT LIKE '%b', name GLOB '[A-Z]*', name NOT GLOB '*z' FROM customers
-- next: BETWEEN and CASE
SELECT CASE WHEN total BETWEEN 1 AND 10 THEN 'low' WHEN total NOT BETWEEN 1 AND 100 THEN 'high' ELSE 'mid' END, CASE customer_id WHEN 1 THEN 'one' END FROM orders
-- next: collations
SELECT name FROM customers WHERE name = 'ADA' COLLATE NOCASE ORDER BY name COLLATE RTRIM, country COLLATE BINARY DESC NULLS FIRST
-- next: operators
SELECT 1 || 2, 1 << 4 >> 2, 6 & 3 | 8, ~1, -1, +1, NOT 0, 1 == 1, 1 <> 2, 1 != 2, 5 <= 6 AND 1 OR 0
-- next: a table-valued function without brackets
SELECT * FROM pragma_function_list ORDER BY name LIMIT 5
-- next: a sequence of numbers
SELECT value FROM generate_series(1, 10, 3)
