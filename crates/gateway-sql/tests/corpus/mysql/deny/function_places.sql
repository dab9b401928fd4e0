-- rule: function
-- Places where a call can hide that the other tables do not show.
-- next: an offset of LAG
SELECT LAG(id, 1, GET_LOCK('k', 0)) OVER (ORDER BY id) FROM orders
-- next: PARTITION BY
SELECT COUNT(*) OVER (PARTITION BY LOAD_FILE('x')) FROM orders
-- next: a named window that nobody uses
SELECT id FROM orders WINDOW w AS (PARTITION BY GET_LOCK('k', 0))
-- next: RANGE with an interval
SELECT SUM(v) OVER (ORDER BY d RANGE INTERVAL SLEEP(0) DAY PRECEDING) FROM series
-- next: a CTE that nobody uses
WITH x AS (SELECT GET_LOCK('k', 0)) SELECT 1
-- next: the recursive part of a CTE
WITH RECURSIVE x AS (SELECT 1 AS n UNION ALL SELECT n + 1 + SLEEP(0) FROM x WHERE n < 2) SELECT * FROM x
-- next: LATERAL
SELECT * FROM customers c, LATERAL (SELECT LOAD_FILE(c.name) AS f) x
-- next: both arms of IF
SELECT IF(1, 1, RELEASE_LOCK('k'))
-- next: a searched CASE
SELECT CASE SLEEP(0) WHEN 0 THEN 1 END
-- next: BETWEEN
SELECT 1 BETWEEN SLEEP(0) AND 2
-- next: LIKE with ESCAPE
SELECT 'a' LIKE LOAD_FILE('x') ESCAPE '|'
-- next: REGEXP
SELECT 'a' REGEXP LOAD_FILE('x')
-- next: a row in IN
SELECT (1, SLEEP(0)) IN ((1, 2))
-- next: a quantified comparison
SELECT 1 >= ALL (SELECT SLEEP(0))
-- next: DISTINCT inside an aggregate
SELECT COUNT(DISTINCT id, GET_LOCK(id, 0)) FROM orders
-- next: a JSON object's key
SELECT JSON_OBJECT(LOAD_FILE('x'), 1)
-- next: an arrow's neighbour
SELECT doc->'$[0]' = LOAD_FILE('x') FROM docs
-- next: the value before MEMBER OF
SELECT SLEEP(0) MEMBER OF ('[0]')
-- next: the array behind MEMBER OF
SELECT 1 MEMBER OF (LOAD_FILE('x'))
-- next: a path of JSON_TABLE's source in a subquery
SELECT * FROM JSON_TABLE((SELECT LOAD_FILE('x')), '$' COLUMNS (a INT PATH '$')) t
-- next: EXTRACT
SELECT EXTRACT(DAY FROM SLEEP(0))
-- next: TIMESTAMPADD
SELECT TIMESTAMPADD(DAY, SLEEP(0), NOW())
-- next: TRIM
SELECT TRIM(LEADING LOAD_FILE('x') FROM 'a')
-- next: SUBSTRING's FOR
SELECT SUBSTRING('abc' FROM 1 FOR SLEEP(0))
-- next: POSITION
SELECT POSITION(LOAD_FILE('x') IN 'a')
-- next: an interval before its date
SELECT INTERVAL SLEEP(0) DAY + NOW()
-- next: BINARY
SELECT BINARY SLEEP(0)
-- next: COLLATE
SELECT LOAD_FILE('x') COLLATE utf8mb4_bin
-- next: a sign and a not
SELECT -SLEEP(0), !SLEEP(0), ~SLEEP(0)
-- next: division and shifting
SELECT 1 DIV (1 + SLEEP(0)) << 2
-- next: XOR
SELECT 1 XOR SLEEP(0)
-- next: IS TRUE
SELECT SLEEP(0) IS NOT TRUE
-- next: the condition of SHOW COLUMNS
SHOW COLUMNS FROM orders WHERE Field = SLEEP(0)
-- next: the condition of SHOW VARIABLES
SHOW VARIABLES WHERE GET_LOCK(Variable_name, 0)
-- next: the condition of SHOW STATUS in a subquery
SHOW STATUS WHERE Variable_name IN (SELECT LOAD_FILE('x'))
-- next: behind EXPLAIN, where constants are computed
EXPLAIN SELECT * FROM (SELECT SLEEP(0)) x
-- next: GROUP BY with ROLLUP
SELECT COUNT(*) FROM orders GROUP BY id, SLEEP(0) WITH ROLLUP
-- next: the third part of a union
SELECT 1 UNION SELECT 2 UNION ALL (SELECT GET_LOCK('k', 0))
-- next: QUALIFY
SELECT id FROM orders QUALIFY GET_LOCK('k', 0)
-- next: NAME_CONST
SELECT NAME_CONST('x', SLEEP(0))
-- next: DEFAULT
SELECT DEFAULT(total_of(1)) FROM orders
-- next: a percentage of a sample
SELECT * FROM orders TABLESAMPLE SYSTEM (SLEEP(0))
-- next: SHOW of a parsed call
SHOW PARSE_TREE SELECT SLEEP(0)
