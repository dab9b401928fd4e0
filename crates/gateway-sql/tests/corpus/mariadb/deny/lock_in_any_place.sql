-- rule: locking
-- Locking reads, with the waits that MariaDB adds.
-- next: NOWAIT
SELECT id FROM orders FOR UPDATE NOWAIT
-- next: WAIT
SELECT id FROM orders LOCK IN SHARE MODE WAIT 1
-- next: SKIP LOCKED
SELECT id FROM orders LIMIT 1 FOR UPDATE SKIP LOCKED
-- next: of history
SELECT a FROM t FOR SYSTEM_TIME ALL FOR UPDATE
-- next: in a derived table
SELECT * FROM (SELECT id FROM orders LOCK IN SHARE MODE) x
-- next: in a CTE
WITH x AS (SELECT id FROM orders FOR UPDATE) SELECT * FROM x
-- next: in a subquery of a WHERE
SELECT 1 FROM customers WHERE id IN (SELECT customer_id FROM orders FOR UPDATE)
-- next: in the select list
SELECT (SELECT id FROM orders LIMIT 1 LOCK IN SHARE MODE)
-- next: in a union's bracket
(SELECT id FROM a FOR UPDATE) UNION (SELECT id FROM b)
-- next: behind FETCH
SELECT id FROM orders ORDER BY id FETCH FIRST ROW ONLY FOR UPDATE
-- next: comments and line breaks between
SELECT id FROM orders FOR -- read
/* only */ UPDATE
-- next: behind EXPLAIN
EXPLAIN EXTENDED SELECT id FROM orders LOCK IN SHARE MODE
