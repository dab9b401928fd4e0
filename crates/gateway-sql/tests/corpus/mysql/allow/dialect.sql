-- next: backtick names
SELECT `select`, `a``b` FROM `my table` AS `t`
-- next: double-quoted strings
SELECT "a\"b", 'c\'d', 'e''f' FROM t
-- next: a hash comment
SELECT 1 # the rest is not SQL; DROP TABLE t
FROM t
-- next: minus minus without a space
SELECT 5--3
-- next: date arithmetic
SELECT DATE_ADD(created, INTERVAL 1 MONTH), created - INTERVAL '1:30' HOUR_MINUTE, DATE_FORMAT(created, '%Y-%m'), TIMESTAMPDIFF(DAY, a, b) FROM orders
-- next: extract
SELECT EXTRACT(YEAR_MONTH FROM created), YEAR(created), QUARTER(created), LAST_DAY(created) FROM orders
-- next: index hints
SELECT * FROM orders USE INDEX (ix_created) WHERE created > NOW()
-- next: optimizer hints
SELECT /*+ BKA(o) MAX_EXECUTION_TIME(1000) */ * FROM orders o
-- next: full text
SELECT id, MATCH(title, body) AGAINST ('database' IN BOOLEAN MODE) AS score FROM articles WHERE MATCH(title, body) AGAINST ('+mysql -oracle' IN BOOLEAN MODE)
-- next: JSON
SELECT doc->'$.name', doc->>'$.name', JSON_EXTRACT(doc, '$.a[0]'), JSON_OBJECT('a', 1), JSON_ARRAYAGG(id) FROM docs
-- next: JSON_TABLE
SELECT t.* FROM docs, JSON_TABLE(doc, '$[*]' COLUMNS (id INT PATH '$.id', name VARCHAR(20) PATH '$.name')) AS t
-- next: group_concat
SELECT customer_id, GROUP_CONCAT(DISTINCT id ORDER BY id DESC SEPARATOR '; ') FROM orders GROUP BY customer_id WITH ROLLUP
-- next: a recursive CTE
WITH RECURSIVE seq (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM seq WHERE n < 10) SELECT n FROM seq
-- next: charset introducers
SELECT _utf8mb4'abc' COLLATE utf8mb4_bin, _latin1 X'4D7953514C', CONVERT('a' USING utf8mb4), CAST('a' AS CHAR CHARACTER SET utf8mb4)
-- next: operators
SELECT a DIV b, a MOD b, a XOR b, a && b, a || b, a <=> b, ~a, !a, a << 2, a ^ b FROM t
-- next: regular expressions
SELECT name REGEXP '^a.*z$', name RLIKE 'b', REGEXP_REPLACE(name, 'a', 'b') FROM t
-- next: system variables
SELECT @@version, @@global.max_connections, @@session.sql_mode
-- next: a user variable that is only read
SELECT @threshold, id FROM t WHERE total > @threshold
-- next: LIMIT with comma
SELECT * FROM t ORDER BY id LIMIT 10, 20
-- next: tables in brackets
SELECT * FROM (a, b) LEFT JOIN (c CROSS JOIN d) ON a.id = c.id
-- next: SHOW
SHOW FULL COLUMNS FROM orders LIKE 'a%'
-- next: SHOW with a condition
SHOW TABLES WHERE Tables_in_shop LIKE 'o%' AND LENGTH(Tables_in_shop) > 3
-- next: SHOW CREATE
SHOW CREATE TABLE shop.orders
-- next: SHOW VARIABLES
SHOW GLOBAL VARIABLES LIKE 'innodb%'
-- next: SHOW INDEX
SHOW INDEX FROM orders
-- next: SHOW COUNT
SHOW COUNT(*) WARNINGS
-- next: DESCRIBE
DESCRIBE shop.orders
-- next: DESC of a column
DESC orders total
-- next: EXPLAIN
EXPLAIN SELECT * FROM orders WHERE id = 1
-- next: EXPLAIN with a format
EXPLAIN FORMAT=JSON SELECT * FROM orders
-- next: the INTERVAL function
SELECT INTERVAL(23, 1, 15, 17, 30, 44, 200)
-- next: functions of the session
SELECT DATABASE(), USER(), CURRENT_USER, CONNECTION_ID(), VERSION(), LAST_INSERT_ID(), FOUND_ROWS()
-- next: geometry
SELECT ST_AsText(p), ST_Distance_Sphere(p, POINT(1, 2)) FROM places WHERE ST_Contains(area, p)
-- next: STRAIGHT_JOIN
SELECT STRAIGHT_JOIN a.id FROM a STRAIGHT_JOIN b ON a.id = b.id
-- next: SQL modifiers
SELECT SQL_NO_CACHE HIGH_PRIORITY id FROM t
-- next: ODBC literals
SELECT {d '2026-01-31'}, {ts '2026-01-31 12:00:00'}
-- next: VALUES ROW
VALUES ROW(1, 2), ROW(3, 4)
-- next: TABLE
TABLE orders ORDER BY id LIMIT 5
-- next: LATERAL
SELECT * FROM customers c, LATERAL (SELECT max(total) FROM orders o WHERE o.customer_id = c.id) m
-- next: INTERSECT and EXCEPT
SELECT id FROM a INTERSECT SELECT id FROM b EXCEPT SELECT id FROM c
-- next: MEMBER OF
SELECT * FROM t WHERE 17 MEMBER OF(doc->'$.tags')
-- next: JSON_VALUE with RETURNING
SELECT JSON_VALUE(doc, '$.price' RETURNING DECIMAL(4,2) DEFAULT 0 ON EMPTY ERROR ON ERROR) FROM docs
-- next: partitions
SELECT * FROM orders PARTITION (p0, p1)
