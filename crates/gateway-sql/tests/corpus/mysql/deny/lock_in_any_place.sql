-- rule: locking
-- Locking reads, in every nesting.
-- next: OF with NOWAIT
SELECT * FROM orders o JOIN customers c ON TRUE FOR UPDATE OF o NOWAIT
-- next: FOR SHARE of a named table
SELECT * FROM orders o FOR SHARE OF o
-- next: two clauses
SELECT * FROM orders o, customers c FOR SHARE OF c FOR UPDATE OF o SKIP LOCKED
-- next: in a derived table
SELECT id FROM (SELECT id FROM orders FOR UPDATE) x
-- next: in a CTE
WITH x AS (SELECT id FROM orders LOCK IN SHARE MODE) SELECT * FROM x
-- next: in a scalar subquery
SELECT (SELECT id FROM orders LIMIT 1 FOR SHARE)
-- next: in EXISTS
SELECT 1 WHERE EXISTS (SELECT 1 FROM orders FOR UPDATE)
-- next: in a LATERAL
SELECT * FROM customers c, LATERAL (SELECT 1 FROM orders o WHERE o.customer_id = c.id FOR UPDATE) x
-- next: in a union's first part
(SELECT id FROM orders FOR UPDATE) UNION ALL SELECT 1
-- next: behind GROUP BY
SELECT customer_id FROM orders GROUP BY customer_id LOCK IN SHARE MODE
-- next: comments and line breaks between
SELECT id FROM orders LOCK /* no lock */ IN # really
SHARE -- none
MODE
-- next: behind EXPLAIN
EXPLAIN SELECT id FROM orders FOR UPDATE
-- next: inside JSON_TABLE's source
SELECT * FROM JSON_TABLE((SELECT doc FROM docs LIMIT 1 FOR UPDATE), '$[*]' COLUMNS (id INT PATH '$.id')) x
-- next: before INTO
SELECT id FROM orders LIMIT 1 FOR SHARE INTO @x
-- next: behind TABLE
TABLE orders FOR UPDATE
-- next: behind VALUES
VALUES ROW(1) FOR UPDATE
-- next: in a bracket inside IN
SELECT 1 IN (SELECT 1 FOR SHARE)
