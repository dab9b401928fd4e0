-- rule: data_modification
-- WITH before a statement that modifies.
-- next: REPLACE
WITH x AS (SELECT 1 AS n) REPLACE INTO numbers SELECT n FROM x
-- next: a recursive CTE before INSERT
WITH RECURSIVE x(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM x WHERE n < 3) INSERT INTO numbers SELECT n FROM x
-- next: DELETE with rows returned
WITH x AS (SELECT 1 AS n) DELETE FROM orders WHERE id IN (SELECT n FROM x) RETURNING id
-- next: behind EXPLAIN QUERY PLAN
EXPLAIN QUERY PLAN WITH x AS (SELECT 1 AS n) UPDATE orders SET total = 0
-- next: comments between the words
WITH x AS (SELECT 1)/**/DELETE/**/FROM/**/orders
