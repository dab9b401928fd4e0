-- next: dates
SELECT date('now', '-1 month'), datetime(created, 'unixepoch'), strftime('%Y-%m', created), julianday('now') FROM t
-- next: JSON
SELECT json_extract(doc, '$.a'), doc->'$.a', doc->>'$.a', json_group_array(id), json_object('a', 1) FROM t
-- next: json_each
SELECT t.id, j.value FROM t, json_each(t.doc, '$.tags') AS j
-- next: GLOB, MATCH, REGEXP
SELECT * FROM t WHERE a GLOB 'x*' AND b NOT GLOB 'y*' AND t MATCH 'word'
-- next: quoted names
SELECT [select], `from`, "where" FROM [my table]
-- next: a recursive CTE
WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM c WHERE x < 5) SELECT x FROM c
-- next: VALUES
VALUES (1, 2), (3, 4)
-- next: EXPLAIN QUERY PLAN
EXPLAIN QUERY PLAN SELECT * FROM t WHERE a = 1
-- next: frames
SELECT group_concat(a, ',') FILTER (WHERE b > 1) OVER (ORDER BY c GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE GROUP) FROM t
-- next: pragma functions
SELECT name, type FROM pragma_table_info('orders')
-- next: postfix tests
SELECT * FROM t WHERE a ISNULL OR b NOTNULL
-- next: INDEXED BY
SELECT * FROM t INDEXED BY ix WHERE a = 1
-- next: IS
SELECT * FROM t WHERE a IS b AND c IS NOT d AND e == f
-- next: printf
SELECT printf('%05d', id), iif(a, b, c), typeof(a), hex(blob), x'4142' FROM t
-- next: LIMIT OFFSET
SELECT * FROM t LIMIT 5 OFFSET 10
-- next: materialized
WITH a AS NOT MATERIALIZED (SELECT 1) SELECT * FROM a
-- next: the schema
SELECT name, sql FROM sqlite_schema WHERE type = 'table'
-- next: a comment that ends with the text
SELECT 1 /* that is all
-- next: IN with a table
SELECT * FROM t WHERE a IN other
-- next: a column named interval
SELECT interval FROM (SELECT 1 AS interval) WHERE interval > 0 ORDER BY interval
