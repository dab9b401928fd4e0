-- rule: data_modification
-- WITH before a statement that modifies.
-- next: an UPDATE with a subquery
WITH x AS (SELECT MAX(id) AS m FROM orders) UPDATE orders SET total = (SELECT m FROM x)
-- next: a DELETE by a CTE
WITH x AS (SELECT 1 AS n) DELETE o FROM orders o JOIN x ON o.id = x.n
-- next: a recursive CTE
WITH RECURSIVE x AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM x WHERE n < 2) DELETE FROM a WHERE id IN (SELECT n FROM x)
-- next: behind EXPLAIN
EXPLAIN WITH x AS (SELECT 1) UPDATE a SET id = 1
-- next: comments between the words
WITH x AS (SELECT 1)/**/DELETE/**/FROM/**/a
