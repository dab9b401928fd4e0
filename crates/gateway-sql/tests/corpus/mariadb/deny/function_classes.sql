-- rule: function
-- One function of each class that a query must not reach, each in a different place of the statement.
-- next: a sequence by its function, in HAVING
SELECT COUNT(*) FROM orders HAVING NEXTVAL(s)
-- next: a sequence set with its round
SELECT SETVAL(shop.s, 5, 1, 1)
-- next: a file in a CTE
WITH x AS (SELECT LOAD_FILE('/etc/hostname') AS f) SELECT f FROM x
-- next: a file in VALUES
VALUES (1, LOAD_FILE('x'))
-- next: a lock in a join condition
SELECT 1 FROM orders o JOIN customers c ON GET_LOCK(c.name, 0)
-- next: a lock in LIMIT's neighbour
SELECT id FROM orders ORDER BY IS_USED_LOCK('k') LIMIT 1
-- next: releasing all
SELECT RELEASE_ALL_LOCKS() FROM DUAL
-- next: whether a lock is free
SELECT CASE IS_FREE_LOCK('k') WHEN 1 THEN 'free' END
-- next: time burnt
SELECT id FROM orders WHERE BENCHMARK(1, SHA2('x', 256)) IS NULL
-- next: waiting for a master
SELECT MASTER_POS_WAIT('x', 4, 0, 'connection')
-- next: waiting for a transaction's number
SELECT MASTER_GTID_WAIT('0-1-1', 0)
-- next: waiting for the cluster
SELECT WSREP_SYNC_WAIT_UPTO_GTID('0-0-0', 0)
-- next: a value for LAST_INSERT_ID
SELECT LAST_INSERT_ID(MAX(id)) FROM orders
-- next: SQL on another server
SELECT SPIDER_BG_DIRECT_SQL('SELECT 1', 't', 'srv "x"')
-- next: tables copied between servers
SELECT SPIDER_COPY_TABLES('t', '0', '1')
-- next: connections flushed
SELECT SPIDER_FLUSH_TABLE_MON_CACHE()
-- next: a shell by a loadable function
SELECT sys_eval('id')
-- next: the environment of the server set
SELECT sys_set('PATH', 'x')
-- next: a function of the sys schema
SELECT sys.ps_thread_account(1)
-- next: a function of one's own
SELECT price_of(id) FROM orders
-- next: a function of a package
SELECT pkg.f(1)
-- next: a page of CONNECT's
SELECT envar('PATH')
-- next: JSON from a file, of CONNECT
SELECT Json_File('/etc/passwd')
-- next: a file written by CONNECT
SELECT Jfile_Make('{}', 'x.json')
-- next: the files of the binary log
SELECT binlog_gtid_pos('mariadb-bin.000001', 4)
