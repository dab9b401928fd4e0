-- rule: locking
-- Row locks, in every strength and nesting.
-- next: FOR UPDATE OF with NOWAIT
SELECT * FROM orders o JOIN customers c ON true FOR UPDATE OF o NOWAIT
-- next: FOR SHARE SKIP LOCKED
SELECT * FROM orders FOR SHARE SKIP LOCKED
-- next: in a derived table
SELECT id FROM (SELECT id FROM orders FOR UPDATE) x
-- next: in a CTE
WITH x AS (SELECT id FROM orders FOR NO KEY UPDATE) SELECT * FROM x
-- next: in a scalar subquery
SELECT (SELECT id FROM orders LIMIT 1 FOR SHARE)
-- next: in an IN list
SELECT 1 WHERE 1 IN (SELECT id FROM orders FOR KEY SHARE)
-- next: in a LATERAL
SELECT * FROM customers c, LATERAL (SELECT 1 FROM orders WHERE customer_id = c.id FOR UPDATE) x
-- next: before the LIMIT
SELECT id FROM orders FOR UPDATE LIMIT 1
-- next: two clauses
SELECT * FROM orders o, customers c FOR SHARE OF c FOR UPDATE OF o
-- next: in the brackets of a UNION
(SELECT id FROM orders FOR UPDATE) UNION ALL SELECT 1
-- next: with comments and line breaks between
SELECT id FROM orders FOR /* read
only */ -- really
UPDATE
-- next: in lower case behind EXPLAIN
explain select id from orders for update
-- next: inside ARRAY()
SELECT ARRAY(SELECT id FROM orders FOR UPDATE)
