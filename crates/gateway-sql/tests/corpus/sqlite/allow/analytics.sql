-- next: SELECT a, count(*) FROM t GROUP BY a HAVING count(
SELECT a, count(*) FROM t GROUP BY a HAVING count(*)>1 ORDER BY 2 DESC NULLS LAST LIMIT 5
-- next: SELECT * FROM a FULL OUTER JOIN b USING (id)
SELECT * FROM a FULL OUTER JOIN b USING (id)
-- next: SELECT json_group_object(k,v) FROM t
SELECT json_group_object(k,v) FROM t
-- next: SELECT CAST(a AS INTEGER), a || b, a -> 'x' FROM t
SELECT CAST(a AS INTEGER), a || b, a -> 'x' FROM t
-- next: SELECT total(a), group_concat(DISTINCT b) FROM t
SELECT total(a), group_concat(DISTINCT b) FROM t
-- next: SELECT x'00', 1e5, .5, 0x1F
SELECT x'00', 1e5, .5, 0x1F
-- next: WITH t(a,b) AS (VALUES (1,2),(3,4)) SELECT * FROM 
WITH t(a,b) AS (VALUES (1,2),(3,4)) SELECT * FROM t
-- next: SELECT datetime('now','localtime')
SELECT datetime('now','localtime')
-- next: SELECT * FROM t1, t2 WHERE t1.rowid = t2.oid
SELECT * FROM t1, t2 WHERE t1.rowid = t2.oid
-- next: SELECT EXISTS(SELECT 1 FROM t)
SELECT EXISTS(SELECT 1 FROM t)
-- next: SELECT a FROM t ORDER BY a COLLATE NOCASE ASC
SELECT a FROM t ORDER BY a COLLATE NOCASE ASC
-- next: SELECT "a"."b" FROM "a"
SELECT "a"."b" FROM "a"
-- next: SELECT count(*) FILTER (WHERE a>1) FROM t
SELECT count(*) FILTER (WHERE a>1) FROM t
-- next: SELECT sum(a) OVER (PARTITION BY b ORDER BY c ROWS
SELECT sum(a) OVER (PARTITION BY b ORDER BY c ROWS 2 PRECEDING) FROM t
-- next: SELECT date(a, '+1 day', 'start of month') FROM t
SELECT date(a, '+1 day', 'start of month') FROM t
-- next: SELECT a LIKE 'x%' ESCAPE '\', a NOT LIKE 'y', a N
SELECT a LIKE 'x%' ESCAPE '\', a NOT LIKE 'y', a NOT REGEXP 'z' FROM t
-- next: SELECT max(a, b), min(a) FROM t
SELECT max(a, b), min(a) FROM t
