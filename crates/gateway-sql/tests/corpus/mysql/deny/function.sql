-- rule: function
-- next: SLEEP
SELECT `sleep`(5)
-- next: SLEEP (2)
SELECT sleep (5)
-- next: SLEEP (3)
SELECT SLEEP/**/(5)
-- next: LOAD_FILE
SELECT load_file('/etc/passwd')
-- next: GET_LOCK
SELECT get_lock('a',1)
-- next: BENCHMARK
SELECT benchmark(1000000,md5(1))
-- next: SLEEP (4)
SHOW TABLES WHERE sleep(1)
-- next: SLEEP (5)
SHOW TABLES WHERE 1=(SELECT sleep(1))
-- next: LAST_INSERT_ID
SELECT last_insert_id(5)
-- next: ЅLEEP
SELECT ѕleep(1)
-- next: SLĖEP
SELECT slėep(1)
-- next: SYS.PS_KILL
SELECT sys.ps_kill(1)
-- next: SLEEP (6)
SELECT * FROM (SELECT sleep(1)) x
-- next: SLEEP (7)
SELECT a FROM t ORDER BY (SELECT sleep(1))
-- next: SLEEP (8)
SELECT a FROM t GROUP BY sleep(1)
-- next: SLEEP (9)
SELECT a FROM t HAVING sleep(1)
-- next: SLEEP (10)
SELECT {fn sleep(5)}
-- next: SLEEP (11)
SELECT JSON_VALUE('{}','$.a' DEFAULT sleep(1) ON EMPTY)
-- next: SLEEP (12)
SELECT CAST(sleep(1) AS CHAR CHARACTER SET utf8)
-- next: SLEEP (13)
SELECT * FROM t1 WHERE MATCH a AGAINST (sleep(1))
-- next: SLEEP (14)
SELECT CHAR(sleep(1) USING utf8)
-- next: SLEEP (15)
SELECT 1 WHERE a SOUNDS LIKE sleep(1)
-- next: SLEEP (16)
SELECT INTERVAL(sleep(1),2)
-- next: SLEEP (17)
SELECT DATE_ADD(now(), INTERVAL sleep(1) DAY_SECOND)
-- next: SLEEP (18)
SELECT * FROM (t1, (SELECT sleep(1)) x)
-- next: SLEEP (19)
SELECT * FROM JSON_TABLE(sleep(1),'$' COLUMNS(a INT PATH '$')) t
-- next: SLEEP (20)
SELECT x FROM t WINDOW w AS (ORDER BY sleep(1))
-- next: SLEEP (21)
SELECT sum(a) OVER (ROWS BETWEEN sleep(1) PRECEDING AND CURRENT ROW) FROM t
-- next: NEXTVAL
SELECT nextval(s)
-- next: MASTER_POS_WAIT
SELECT MASTER_POS_WAIT('a',1)
-- next: SLEEP (22)
SELECT ExtractValue(1, concat(0x5c, sleep(1)))
-- next: SLEEP (23)
SELECT db.sleep(1)
-- next: SLEEP (24)
SELECT convert(sleep(1) using utf8)
-- next: SLEEP (25)
SELECT GROUP_CONCAT(a ORDER BY sleep(1) SEPARATOR ',') FROM t
-- next: SLEEP (26)
SELECT count(*) FILTER (WHERE sleep(1)) FROM t
-- next: SLEEP (27)
SELECT a->>'$.x' , sleep(1)
-- next: SLEEP (28)
SELECT case when 1 then sleep(1) end
-- next: SLEEP (29)
DESC SELECT sleep(1)
-- next: RELEASE_LOCK
SELECT uuid_short(), release_lock('a')
-- next: F
SELECT * FROM t WHERE f(1)
-- next: MYSCHEMA.F
SELECT myschema.f(1)
-- next: SYS_EXEC
SELECT sys_exec('x')
