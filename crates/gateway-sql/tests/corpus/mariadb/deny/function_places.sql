-- rule: function
-- Places where a call can hide that the other tables do not show.
-- next: the moment of history in an expression
SELECT a FROM t FOR SYSTEM_TIME AS OF NOW() - INTERVAL SLEEP(0) SECOND
-- next: the end of a span of history
SELECT a FROM t FOR SYSTEM_TIME BETWEEN '2026-01-01' AND FROM_UNIXTIME(SLEEP(0))
-- next: a percentile's fraction
SELECT PERCENTILE_CONT(SLEEP(0)) WITHIN GROUP (ORDER BY total) OVER () FROM orders
-- next: a percentile's order
SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY GET_LOCK('k', 0)) OVER () FROM orders
-- next: the median's partition
SELECT MEDIAN(total) OVER (PARTITION BY LOAD_FILE('x')) FROM orders
-- next: a column's name in dynamic columns
SELECT COLUMN_GET(attributes, LOAD_FILE('x') AS CHAR) FROM items
-- next: a value in dynamic columns
SELECT COLUMN_CREATE('a', LOAD_FILE('x'))
-- next: the ORDER BY of GROUP_CONCAT
SELECT GROUP_CONCAT(name ORDER BY RELEASE_LOCK(name)) FROM customers
-- next: JSON_ARRAYAGG's value
SELECT JSON_ARRAYAGG(GET_LOCK(name, 0)) FROM customers
-- next: JSON_TABLE's source
SELECT * FROM JSON_TABLE(LOAD_FILE('x'), '$' COLUMNS (a INT PATH '$.a')) AS j
-- next: JSON_EXISTS
SELECT JSON_EXISTS(LOAD_FILE('x'), '$.a')
-- next: SFORMAT
SELECT SFORMAT('{}', LOAD_FILE('x'))
-- next: NVL2
SELECT NVL2(1, SLEEP(0), 2)
-- next: DECODE_ORACLE
SELECT DECODE_ORACLE(1, 1, SLEEP(0), 2)
-- next: a natural key in ORDER BY
SELECT name FROM customers ORDER BY NATURAL_SORT_KEY(LOAD_FILE(name))
-- next: a subquery of a set operation's bracket
(SELECT 1) EXCEPT (SELECT SLEEP(0))
-- next: INTERSECT ALL
SELECT 1 INTERSECT ALL SELECT GET_LOCK('k', 0)
-- next: a row compared
SELECT (1, SLEEP(0)) = (1, 0)
-- next: NOT IN
SELECT 1 NOT IN (2, SLEEP(0))
-- next: NOT BETWEEN
SELECT 1 NOT BETWEEN 2 AND 3 + SLEEP(0)
-- next: RLIKE
SELECT 'a' RLIKE LOAD_FILE('x')
-- next: an interval of two parts
SELECT NOW() + INTERVAL CONCAT(SLEEP(0), ':1') MINUTE_SECOND
-- next: EXTRACT from a call
SELECT EXTRACT(HOUR FROM FROM_UNIXTIME(SLEEP(0)))
-- next: CONVERT to a type
SELECT CONVERT(SLEEP(0), CHAR(10))
-- next: CAST to a decimal
SELECT CAST(LOAD_FILE('x') AS DECIMAL(5,2))
-- next: CHAR with a character set
SELECT CHAR(65, SLEEP(0) USING utf8mb4)
-- next: full text
SELECT id FROM articles WHERE MATCH (title) AGAINST (LOAD_FILE('x'))
-- next: DISTINCT in an aggregate
SELECT SUM(DISTINCT SLEEP(0)) FROM orders
-- next: a frame's window in the WINDOW clause
SELECT id FROM orders WINDOW w AS (ORDER BY GET_LOCK('k', 0) DESC)
-- next: LEAD's offset
SELECT LEAD(id, SLEEP(0)) OVER (ORDER BY id) FROM orders
-- next: the recursive part
WITH RECURSIVE r AS (SELECT 1 AS n UNION SELECT n + 1 FROM r WHERE n < 2 + SLEEP(0)) SELECT n FROM r
-- next: a CTE inside a subquery
SELECT (WITH x AS (SELECT LOAD_FILE('x') AS f) SELECT f FROM x)
-- next: EXISTS
SELECT EXISTS (SELECT SLEEP(0))
-- next: a join's derived table
SELECT * FROM a JOIN (SELECT GET_LOCK('k', 0) AS n) x ON x.n = a.id
-- next: a condition of SHOW INDEX
SHOW INDEX FROM orders WHERE SLEEP(0)
-- next: a condition of SHOW PROCESSLIST's neighbour
SHOW COLLATION WHERE LOAD_FILE(Collation) IS NOT NULL
-- next: a condition of SHOW TABLE STATUS with a subquery
SHOW TABLE STATUS WHERE Name = (SELECT LOAD_FILE('x'))
-- next: behind EXPLAIN EXTENDED
EXPLAIN EXTENDED SELECT SLEEP(0)
-- next: DEFAULT's neighbour
SELECT DEFAULT(active) + SLEEP(0) FROM customers
-- next: ODBC's escape in a WHERE
SELECT 1 FROM DUAL WHERE { fn SLEEP(0) } = 0
-- next: a deep bracket
SELECT ((((((SLEEP(0)))))))
-- next: ELT's choice
SELECT ELT(1, LOAD_FILE('x'), 'b')
-- next: a subquery in LIMIT's table
SELECT * FROM (SELECT SLEEP(0) AS n LIMIT 1) x
