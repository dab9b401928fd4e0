-- rule: data_modification
-- WITH before a statement that modifies.
-- next: DELETE
WITH x AS (SELECT 1 AS n) DELETE FROM a WHERE id IN (SELECT n FROM x)
-- next: UPDATE
WITH x AS (SELECT 1 AS n) UPDATE a SET id = (SELECT n FROM x)
-- next: a recursive CTE before DELETE
WITH RECURSIVE x AS (SELECT 1 AS n UNION SELECT n + 1 FROM x WHERE n < 3) DELETE FROM b WHERE id IN (SELECT n FROM x)
-- next: behind EXPLAIN
EXPLAIN WITH x AS (SELECT 1) DELETE FROM a
-- next: rows returned
WITH x AS (SELECT 1 AS n) DELETE FROM a WHERE id = 9 RETURNING id
