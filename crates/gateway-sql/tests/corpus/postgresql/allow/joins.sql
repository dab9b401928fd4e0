-- Joins: every kind, LATERAL in its positions, functions as tables, aliases with column lists.
-- next: FULL JOIN with USING and an alias for the merged columns
SELECT j.customer_id, total, amount FROM orders FULL JOIN lines USING (customer_id) AS j
-- next: a bracketed join with an alias
SELECT x.* FROM (orders o JOIN lines l ON l.order_id = o.id) AS x(a1, a2, a3, a4, a5, b1, b2, b3)
-- next: LATERAL with a set-returning function of a column
SELECT o.id, day::date FROM orders o, LATERAL generate_series(o.created, o.created + interval '2 days', '1 day') AS day
-- next: LEFT JOIN LATERAL ON true
SELECT c.name, last.total FROM customers c LEFT JOIN LATERAL (SELECT total FROM orders WHERE customer_id = c.id ORDER BY created DESC LIMIT 1) last ON true
-- next: unnest of several arrays at once
SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b', 'c']) AS t(n, letter)
-- next: an alias with a list of columns
SELECT k.mon, k.amount FROM (SELECT date_trunc('month', created), sum(total) FROM orders GROUP BY 1) AS k(mon, amount)
-- next: a self-join to find pairs
SELECT a.id, b.id FROM orders a JOIN orders b ON a.customer_id = b.customer_id AND a.id < b.id
-- next: an anti-join and a semi-join
SELECT name FROM customers c WHERE NOT EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id) OR c.id = ANY (SELECT customer_id FROM lines)
-- next: a chain of CROSS, NATURAL and comma joins
SELECT count(*) FROM numbers CROSS JOIN series, customers NATURAL LEFT JOIN nodes
-- next: a join of a VALUES list
SELECT c.name, label FROM customers c JOIN (VALUES ('DE', 'Germany'), ('FR', 'France')) AS country(code, label) ON country.code = c.country
