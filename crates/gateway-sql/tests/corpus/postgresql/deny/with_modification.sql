-- rule: data_modification
-- Data-modifying CTEs, wherever a WITH can stand, and WITH before a statement that modifies.
-- next: WITH before INSERT
WITH x AS (SELECT 1 AS n) INSERT INTO numbers SELECT n FROM x
-- next: WITH before UPDATE
WITH x AS (SELECT 1 AS n) UPDATE orders SET total = x.n FROM x
-- next: WITH before DELETE
WITH x AS (SELECT 1 AS n) DELETE FROM orders USING x WHERE id = x.n
-- next: WITH before MERGE
WITH x AS (SELECT 1 AS n) MERGE INTO orders USING x ON id = x.n WHEN MATCHED THEN DELETE
-- next: the second CTE modifies
WITH a AS (SELECT 1), b AS (UPDATE orders SET total = 0 RETURNING id) SELECT * FROM a, b
-- next: a CTE whose result is ignored
WITH gone AS (DELETE FROM orders) SELECT 1
-- next: a WITH inside a modifying CTE
WITH x AS (WITH y AS (SELECT 1) DELETE FROM orders RETURNING *) SELECT count(*) FROM x
-- next: in the brackets of a UNION
(WITH x AS (DELETE FROM orders RETURNING id) SELECT id FROM x) UNION SELECT 1
-- next: in a derived table, which the server refuses itself
SELECT * FROM (WITH x AS (DELETE FROM orders RETURNING id) SELECT id FROM x) AS y
-- next: in an EXISTS
SELECT 1 WHERE EXISTS (WITH x AS (INSERT INTO numbers VALUES (1) RETURNING n) SELECT n FROM x)
-- next: behind EXPLAIN
EXPLAIN WITH x AS (DELETE FROM orders RETURNING id) SELECT id FROM x
-- next: NOT MATERIALIZED and a quoted name
WITH "x" AS NOT MATERIALIZED (INSERT INTO numbers DEFAULT VALUES RETURNING *) TABLE "x"
-- next: comments between the words
WITH x AS (/**/DELETE/**/FROM/**/orders/**/RETURNING/**/1) SELECT 1
-- next: before VALUES
WITH x AS (UPDATE orders SET total = 1 RETURNING id) VALUES ((SELECT count(*) FROM x))
-- next: behind EXPLAIN that would execute
EXPLAIN (ANALYZE) WITH x AS (DELETE FROM orders RETURNING 1) SELECT * FROM x
-- next: a plain INSERT behind EXPLAIN
EXPLAIN INSERT INTO numbers VALUES (1)
