-- next: SELECT * FROM JSON_TABLE('[]', '$[*]' COLUMNS (id 
SELECT * FROM JSON_TABLE('[]', '$[*]' COLUMNS (id int PATH '$.id', n text PATH '$.n')) t
-- next: SELECT JSON_VALUE(d, '$.a' PASSING 1 AS x RETURNIN
SELECT JSON_VALUE(d, '$.a' PASSING 1 AS x RETURNING int DEFAULT 0 ON EMPTY) FROM t
-- next: SELECT JSON_OBJECT('a': 1, 'b' VALUE 2 ABSENT ON N
SELECT JSON_OBJECT('a': 1, 'b' VALUE 2 ABSENT ON NULL RETURNING jsonb)
-- next: SELECT JSON_ARRAYAGG(a ORDER BY b), JSON_OBJECTAGG
SELECT JSON_ARRAYAGG(a ORDER BY b), JSON_OBJECTAGG(k : v) FROM t
-- next: SELECT JSON_OBJECT(k: v) FROM t
SELECT JSON_OBJECT(k: v) FROM t
-- next: SELECT * FROM a NATURAL JOIN b
SELECT * FROM a NATURAL JOIN b
-- next: SELECT x FROM t WHERE (a,b) > (1,2)
SELECT x FROM t WHERE (a,b) > (1,2)
-- next: SELECT * FROM json_to_recordset('[]') AS x(a int, 
SELECT * FROM json_to_recordset('[]') AS x(a int, b text)
-- next: SELECT * FROM json_each_text('{}'::json)
SELECT * FROM json_each_text('{}'::json)
-- next: SELECT CAST(a AS varchar(10)[]), '{1,2}'::int[], a
SELECT CAST(a AS varchar(10)[]), '{1,2}'::int[], a::timestamp with time zone, b::double precision FROM t
-- next: SELECT a FROM t ORDER BY b USING >
SELECT a FROM t ORDER BY b USING >
-- next: SELECT timestamp '2020-01-01', date '2020-01-01', 
SELECT timestamp '2020-01-01', date '2020-01-01', interval '1' day, interval '1 day 2 hours'
-- next: SELECT * FROM t WHERE created >= now() - interval 
SELECT * FROM t WHERE created >= now() - interval '30 days' AND status = ANY('{a,b}')
-- next: SELECT count(*) FILTER (WHERE a) * 100.0 / count(*
SELECT count(*) FILTER (WHERE a) * 100.0 / count(*) FROM t
-- next: SELECT (SELECT array_agg(x) FROM unnest(a) AS x WH
SELECT (SELECT array_agg(x) FROM unnest(a) AS x WHERE x > 0) FROM t
-- next: SELECT string_agg(DISTINCT a, ',' ORDER BY a) FROM
SELECT string_agg(DISTINCT a, ',' ORDER BY a) FROM t
-- next: SELECT xmlparse(document '<a/>'), xmlserialize(con
SELECT xmlparse(document '<a/>'), xmlserialize(content x AS text) FROM t
-- next: SELECT x IS JSON OBJECT FROM t
SELECT x IS JSON OBJECT FROM t
-- next: SELECT a.*, b.c FROM a, LATERAL unnest(a.tags) WIT
SELECT a.*, b.c FROM a, LATERAL unnest(a.tags) WITH ORDINALITY AS b(c, n)
-- next: WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELEC
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n+1 FROM t WHERE n < 100) SELECT sum(n) FROM t
-- next: SELECT current_setting('server_version'), pg_backe
SELECT current_setting('server_version'), pg_backend_pid(), txid_current_if_assigned()
-- next: SELECT * FROM ROWS FROM (generate_series(1,2), gen
SELECT * FROM ROWS FROM (generate_series(1,2), generate_series(1,3)) AS x(a,b)
-- next: SELECT percentile_disc(ARRAY[0.25,0.5]) WITHIN GRO
SELECT percentile_disc(ARRAY[0.25,0.5]) WITHIN GROUP (ORDER BY x) FROM t
-- next: SELECT overlay('abc' placing 'x' from 2 for 1), po
SELECT overlay('abc' placing 'x' from 2 for 1), position('a' in 'b'), substring('abc' from '^a'), trim(both 'x' from 'xax'), normalize('a', NFC)
-- next: SELECT CASE WHEN a THEN 1 END::text FROM t
SELECT CASE WHEN a THEN 1 END::text FROM t
-- next: SELECT 1 FROM a LEFT JOIN (b JOIN c ON b.id=c.id) 
SELECT 1 FROM a LEFT JOIN (b JOIN c ON b.id=c.id) ON a.id=b.id
-- next: SELECT '\x00'::bytea, B'101', X'1F', 1_000, 0xFF
SELECT '\x00'::bytea, B'101', X'1F', 1_000, 0xFF
-- next: SELECT 'a' COLLATE "de_DE" < 'b'
SELECT 'a' COLLATE "de_DE" < 'b'
-- next: SELECT * FROM pg_stat_activity WHERE state = 'acti
SELECT * FROM pg_stat_activity WHERE state = 'active'
-- next: SELECT a #- '{b}', a @? '$.x' FROM t
SELECT a #- '{b}', a @? '$.x' FROM t
-- next: SELECT grouping(a) FROM t GROUP BY DISTINCT ROLLUP
SELECT grouping(a) FROM t GROUP BY DISTINCT ROLLUP(a)
-- next: SELECT t.a[1].b FROM t
SELECT t.a[1].b FROM t
-- next: select a, b from t union all (select c, d from u o
select a, b from t union all (select c, d from u order by c limit 3) order by 1
-- next: SELECT sum(a) OVER w, avg(a) OVER (w ROWS 2 PRECED
SELECT sum(a) OVER w, avg(a) OVER (w ROWS 2 PRECEDING) FROM t WINDOW w AS (PARTITION BY b)
