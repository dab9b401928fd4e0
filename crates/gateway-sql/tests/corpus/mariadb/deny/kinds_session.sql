-- rule: statement_kind
-- Statements that write, lock, administer, replicate or control the session, with the forms that only MariaDB has.
-- next: INSERT with rows returned
INSERT INTO a (id) SELECT 9 RETURNING id
-- next: INSERT IGNORE with duplicates
INSERT IGNORE INTO a VALUES (1) ON DUPLICATE KEY UPDATE id = VALUE(id)
-- next: REPLACE with rows returned
REPLACE INTO a VALUES (1) RETURNING *
-- next: UPDATE of a portion
UPDATE orders FOR PORTION OF p FROM '2026-01-01' TO '2026-02-01' SET total = 0
-- next: UPDATE with a limit
UPDATE orders SET total = total + 1 ORDER BY id LIMIT 1
-- next: DELETE of history
DELETE HISTORY FROM t BEFORE SYSTEM_TIME '2000-01-01 00:00:00'
-- next: DELETE of a portion
DELETE FROM orders FOR PORTION OF p FROM '2026-01-01' TO '2026-02-01'
-- next: DELETE of several tables
DELETE a, b FROM a INNER JOIN b USING (id)
-- next: DELETE from a partition
DELETE FROM orders PARTITION (p0) WHERE id = 0
-- next: LOAD DATA
LOAD DATA CONCURRENT INFILE 'x' IGNORE INTO TABLE orders IGNORE 1 LINES
-- next: LOAD XML
LOAD XML INFILE 'x' INTO TABLE orders ROWS IDENTIFIED BY '<o>'
-- next: HANDLER READ by an index
HANDLER orders READ ix_created = ('2026-01-01')
-- next: HANDLER OPEN with an alias
HANDLER orders OPEN AS h
-- next: CALL
CALL shop.p(1)
-- next: DO
DO SLEEP(0), RELEASE_LOCK('a')
-- next: EXECUTE IMMEDIATE with a concatenation
EXECUTE IMMEDIATE CONCAT('SELECT ', '1')
-- next: EXECUTE IMMEDIATE with parameters
EXECUTE IMMEDIATE 'SELECT ?' USING 1
-- next: PREPARE of an expression
PREPARE s FROM CONCAT('DO ', '1')
-- next: EXECUTE with expressions
EXECUTE s USING 1, NOW()
-- next: DEALLOCATE
DEALLOCATE PREPARE s
-- next: SET STATEMENT before a read
SET STATEMENT sql_mode = 'ORACLE' FOR SELECT 1
-- next: SET STATEMENT before a write
SET STATEMENT lock_wait_timeout = 1 FOR DELETE FROM orders
-- next: SET of a global variable
SET GLOBAL slow_query_log = OFF
-- next: SET of the mode that changes the lexer
SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'
-- next: SET of a default
SET max_statement_time = DEFAULT
-- next: SET NAMES
SET NAMES utf8mb4 COLLATE utf8mb4_bin
-- next: SET ROLE
SET ROLE NONE
-- next: SET TRANSACTION
SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED, READ WRITE
-- next: SET by way of @@
SET @@global.read_only = 0
-- next: SET of a user variable from a query
SET @x = (SELECT MAX(id) FROM orders), @a = 1
-- next: USE
USE shop
-- next: BEGIN WORK
BEGIN WORK
-- next: COMMIT RELEASE
COMMIT AND NO CHAIN RELEASE
-- next: ROLLBACK TO
ROLLBACK WORK TO SAVEPOINT a
-- next: SAVEPOINT
SAVEPOINT `a`
-- next: RELEASE
RELEASE SAVEPOINT a
-- next: XA
XA BEGIN 'x'
-- next: LOCK TABLES with a wait
LOCK TABLES orders WRITE CONCURRENT WAIT 1
-- next: LOCK of a single table
LOCK TABLE orders LOW_PRIORITY WRITE
-- next: BACKUP STAGE
BACKUP STAGE START
-- next: BACKUP LOCK
BACKUP LOCK orders
-- next: BACKUP UNLOCK
BACKUP UNLOCK
-- next: FLUSH of several things
FLUSH LOCAL HOSTS, QUERY CACHE, TABLE_STATISTICS
-- next: FLUSH TABLES with a read lock
FLUSH TABLES WITH READ LOCK
-- next: FLUSH SSL
FLUSH SSL
-- next: OPTIMIZE
OPTIMIZE NO_WRITE_TO_BINLOG TABLE orders
-- next: REPAIR
REPAIR TABLE orders QUICK
-- next: CHECK of a view
CHECK VIEW v FOR UPGRADE
-- next: CHECKSUM
CHECKSUM TABLE orders QUICK
-- next: ANALYZE TABLE with statistics that persist
ANALYZE TABLE orders PERSISTENT FOR ALL
-- next: ANALYZE of an UPDATE
ANALYZE UPDATE orders SET total = total
-- next: KILL by an id of a query
KILL SOFT QUERY ID 0
-- next: KILL of a user's connections
KILL USER nobody
-- next: SHUTDOWN that waits
SHUTDOWN WAIT FOR ALL SLAVES
-- next: PURGE
PURGE MASTER LOGS TO 'x'
-- next: RESET QUERY CACHE
RESET QUERY CACHE
-- next: CHANGE MASTER of a named connection
CHANGE MASTER 'x' TO MASTER_HOST = '127.0.0.1'
-- next: BINLOG
BINLOG 'AAAA'
-- next: INSTALL SONAME
INSTALL SONAME 'ha_connect'
-- next: CACHE INDEX
CACHE INDEX t IN default
-- next: LOAD INDEX
LOAD INDEX INTO CACHE t IGNORE LEAVES
-- next: EXPLAIN of a DELETE
EXPLAIN FORMAT=JSON DELETE FROM orders
-- next: DESCRIBE of an UPDATE
DESCRIBE UPDATE orders SET total = 0
-- next: SHOW ANALYZE of another session
SHOW ANALYZE FORMAT=JSON FOR 1
-- next: EXPLAIN FOR CONNECTION
EXPLAIN FORMAT=JSON FOR CONNECTION 1
-- next: GET DIAGNOSTICS
GET STACKED DIAGNOSTICS CONDITION 1 @a = MESSAGE_TEXT
-- next: HELP
HELP contents
-- next: a comment before the verb
-- SELECT
DELETE FROM orders
-- next: an empty comment before the verb
/**/ UPDATE orders SET total = 0
-- next: the plan of another session
SHOW EXPLAIN FOR 1
-- next: the plan of another session, as JSON
SHOW EXPLAIN FORMAT=JSON FOR 1
