-- rule: function
-- next: NEXTVAL
SELECT NEXTVAL(s)
-- next: SETVAL
SELECT SETVAL(s,1)
-- next: SLEEP
SELECT * FROM t FOR SYSTEM_TIME AS OF sleep(1)
-- next: SLEEP (2)
SELECT * FROM t FOR SYSTEM_TIME FROM sleep(1) TO now()
-- next: SLEEP (3)
SELECT * FROM t LIMIT ROWS EXAMINED sleep(1)
-- next: SLEEP (4)
SELECT column_get(sleep(1), 1 AS int)
-- next: SLÉEP
SELECT sléep(1)
-- next: SLEEP (5)
SELECT json_value(sleep(1), '$')
-- next: WSREP_SYNC_WAIT_UPTO_GTID
SELECT wsrep_sync_wait_upto_gtid('a')
-- next: F
WITH x AS (SELECT 1) SELECT f(1) FROM x
-- next: SLEEP (6)
SELECT sleep(1)
-- next: LOAD_FILE
SELECT load_file('x')
-- next: GET_LOCK
SELECT get_lock('a', 1)
-- next: BENCHMARK
SELECT benchmark(1, 2)
-- next: SLEEP (7)
SHOW TABLES WHERE sleep(1)
-- next: SPIDER_DIRECT_SQL
SELECT spider_direct_sql('a','b','c')
