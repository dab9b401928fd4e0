-- rule: function
-- next: PG_SLEEP
SELECT pg_sleep(1)
-- next: PG_SLEEP (2)
SELECT "pg_sleep"(1)
-- next: PG_SLEEP (3)
SELECT U&"pg\005fsleep"(1)
-- next: PG_SLEEP (4)
SELECT pg_catalog.pg_sleep(1)
-- next: PG_SLEEP (5)
SELECT PG_SLEEP(1)
-- next: LO_CREATE
SELECT lo_create(0)
-- next: PG_READ_FILE
SELECT * FROM pg_read_file('x')
-- next: PG_LS_DIR
SELECT * FROM pg_ls_dir('.')
-- next: SET_CONFIG
SELECT set_config('a','b',false)
-- next: NEXTVAL
SELECT nextval('s')
-- next: QUERY_TO_XML
SELECT query_to_xml('delete from t',true,true,'')
-- next: DBLINK
SELECT dblink('a','b')
-- next: DBLINK_EXEC
SELECT dblink_exec('a','b')
-- next: PG_SLEEP (6)
SELECT t.pg_sleep FROM t
-- next: PUBLIC.F
SELECT public.f(1)
-- next: F
SELECT f(1)
-- next: PG_SLEEP (7)
TABLE pg_sleep(1)
-- next: PG_SLEEP (8)
SELECT * FROM ROWS FROM (pg_sleep(1))
-- next: PG_SLEEP (9)
SELECT * FROM LATERAL pg_sleep(1)
-- next: PG_SLEEP (10)
SELECT * FROM t JOIN LATERAL (SELECT pg_sleep(1)) x ON true
-- next: PG_SLEEP (11)
SELECT * FROM t TABLESAMPLE system(pg_sleep(1))
-- next: PG_SLEEP (12)
SELECT ARRAY[pg_sleep(1)]
-- next: PG_ADVISORY_LOCK
SELECT a[pg_advisory_lock(1)] FROM t
-- next: TS_STAT
SELECT ts_stat('select 1')
-- next: PG_SLEEP (13)
SELECT cast(pg_sleep(1) as text)
-- next: PG_SLEEP (14)
SELECT pg_sleep(1)::text
-- next: PG_SLEEP (15)
VALUES (pg_sleep(1))
-- next: PG_SLEEP (16)
SELECT 1 WHERE EXISTS(SELECT pg_sleep(1))
-- next: PG_SLEEP (17)
SELECT 1 FROM t ORDER BY pg_sleep(1)
-- next: PG_SLEEP (18)
SELECT 1 LIMIT (SELECT pg_sleep(1))
-- next: PG_SLEEP (19)
SELECT 1 OFFSET pg_sleep(1)
-- next: PG_SLEEP (20)
SELECT 1 FETCH FIRST (pg_sleep(1)) ROWS ONLY
-- next: PG_SLEEP (21)
SELECT DISTINCT ON (pg_sleep(1)) 1
-- next: PG_SLEEP (22)
SELECT sum(1) FILTER (WHERE pg_sleep(1) IS NULL)
-- next: PG_SLEEP (23)
SELECT sum(1) OVER (PARTITION BY pg_sleep(1))
-- next: PG_SLEEP (24)
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY pg_sleep(1))
-- next: PG_SLEEP (25)
SELECT xmlelement(name foo, pg_sleep(1))
-- next: PG_SLEEP (26)
SELECT xmlforest(pg_sleep(1) AS a)
-- next: PG_SLEEP (27)
SELECT coalesce(pg_sleep(1))
-- next: PG_LS_DIR (2)
SELECT format('%s', variadic pg_ls_dir('.'))
-- next: PG_SLEEP (28)
SELECT extract(day from pg_sleep(1))
-- next: PG_SLEEP (29)
SELECT overlay('a' placing pg_sleep(1) from 1)
-- next: PG_SLEEP (30)
SELECT substring('a' from pg_sleep(1))
-- next: PG_SLEEP (31)
SELECT position(pg_sleep(1) in 'a')
-- next: PG_SLEEP (32)
SELECT trim(pg_sleep(1) from 'a')
-- next: PG_SLEEP (33)
SELECT a COLLATE "C", pg_sleep(1)
-- next: PG_SLEEP (34)
SELECT JSON_OBJECT('a': pg_sleep(1))
-- next: PG_SLEEP (35)
SELECT JSON_VALUE(pg_sleep(1), '$')
-- next: PG_SLEEP (36)
WITH RECURSIVE a AS (SELECT 1) SEARCH DEPTH FIRST BY pg_sleep(1) SET x SELECT 1
-- next: TXID_CURRENT
SELECT txid_current()
-- next: PG_NOTIFY
SELECT pg_notify('a','b')
-- next: PG_CURRENT_XACT_ID
SELECT pg_current_xact_id()
-- next: PG_LOGICAL_SLOT_GET_CHANGES
SELECT * FROM pg_logical_slot_get_changes('a',null,null)
-- next: SETVAL
SELECT CASE WHEN true THEN setval('s',1) END
-- next: NEXTVAL (2)
SELECT (SELECT (SELECT nextval('a')))
-- next: PG_READ_FILE (2)
SELECT * FROM json_to_recordset(pg_read_file('x')::json) AS x(a int)
-- next: PG_SLEEP (37)
SELECT row(pg_sleep(1)).*
-- next: PG_SLEEP (38)
SELECT (pg_sleep(1)).*
-- next: PG_SLEEP (39)
SELECT a FROM t GROUP BY GROUPING SETS ((pg_sleep(1)))
-- next: PG_SLEEP (40)
SELECT a FROM t GROUP BY ROLLUP(pg_sleep(1))
-- next: PG_SLEEP (41)
SELECT 1 IN (pg_sleep(1))
-- next: PG_SLEEP (42)
SELECT 1 = ANY(ARRAY[pg_sleep(1)])
-- next: PG_READ_FILE (3)
SELECT * FROM xmltable('/a' PASSING pg_read_file('x')::xml COLUMNS a int)
-- next: PG_SLEEP (43)
SELECT 'x' LIKE 'y' ESCAPE pg_sleep(1)::text
-- next: PG_SLEEP (44)
SELECT now() AT TIME ZONE pg_sleep(1)::text
-- next: PG_SLEEP (45)
SELECT interval '1' * pg_sleep(1)
-- next: PG_SLEEP (46)
SELECT x FROM t WINDOW w AS (PARTITION BY pg_sleep(1))
-- next: PG_SLEEP (47)
SELECT sum(x) OVER (ROWS BETWEEN pg_sleep(1) PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM t
-- next: CROSSTAB
SELECT crosstab('delete from t')
-- next: TS_REWRITE
SELECT ts_rewrite('a'::tsquery,'delete')
-- next: PG_SLEEP (48)
SELECT "Pg_Sleep"(1)
-- next: PG_TERMINATE_BACKEND
SELECT pg_terminate_backend(1)
-- next: PG_RELOAD_CONF
SELECT pg_reload_conf()
-- next: PG_CREATE_RESTORE_POINT
SELECT pg_create_restore_point('a')
-- next: LO_IMPORT
SELECT lo_import('x')
-- next: LO_EXPORT
SELECT lo_export(1,'x')
-- next: PG_STAT_RESET
SELECT pg_stat_reset()
-- next: PG_ADVISORY_XACT_LOCK
SELECT pg_advisory_xact_lock(1)
-- next: PG_SWITCH_WAL
SELECT pg_switch_wal()
-- next: PG_PROMOTE
SELECT pg_promote()
-- next: SCHEMA_TO_XML
SELECT schema_to_xml('a',true,true,'')
-- next: MY_FUNCTION
SELECT my_function(1)
