-- rule: statement_kind
-- Statements that write, lock, administer, replicate or control the session.
-- next: INSERT with an update on duplicates
INSERT INTO customers (id) VALUES (1) AS new ON DUPLICATE KEY UPDATE active = new.id
-- next: INSERT SET
INSERT LOW_PRIORITY IGNORE customers SET id = 9
-- next: INSERT from TABLE
INSERT INTO a TABLE b
-- next: REPLACE from a query
REPLACE DELAYED INTO a SELECT 1
-- next: UPDATE of several tables
UPDATE orders o, customers c SET o.total = 0, c.active = 0 WHERE o.customer_id = c.id
-- next: UPDATE with modifiers
UPDATE LOW_PRIORITY IGNORE orders SET total = 0 ORDER BY id LIMIT 1
-- next: DELETE of several tables
DELETE o, c FROM orders o JOIN customers c ON c.id = o.customer_id
-- next: DELETE USING
DELETE QUICK FROM o USING orders AS o WHERE o.id = 0
-- next: LOAD XML
LOAD XML LOCAL INFILE 'x' INTO TABLE orders
-- next: LOAD DATA LOCAL
LOAD DATA LOCAL INFILE 'x' REPLACE INTO TABLE orders FIELDS TERMINATED BY ','
-- next: LOAD INDEX
LOAD INDEX INTO CACHE t
-- next: CACHE INDEX
CACHE INDEX t IN hot
-- next: HANDLER READ
HANDLER orders READ FIRST WHERE id > 0
-- next: HANDLER CLOSE
HANDLER orders CLOSE
-- next: CALL without brackets
CALL p
-- next: CALL of the sys schema
CALL sys.execute_prepared_stmt('SELECT 1')
-- next: DO with a lock
DO GET_LOCK('a', 0), RELEASE_LOCK('a')
-- next: SET of a global variable
SET GLOBAL general_log = 0
-- next: SET with two at-signs
SET @@SESSION.sql_mode = 'ANSI_QUOTES'
-- next: SET PERSIST
SET PERSIST_ONLY max_connections = 151
-- next: SET NAMES
SET NAMES gbk
-- next: SET CHARACTER SET
SET CHARACTER SET utf8mb4
-- next: SET TRANSACTION
SET SESSION TRANSACTION READ WRITE
-- next: SET from a query
SET @a = (SELECT MAX(id) FROM orders)
-- next: SET of autocommit
SET autocommit = 0
-- next: ROLLBACK TO
ROLLBACK TO SAVEPOINT a
-- next: RELEASE SAVEPOINT
RELEASE SAVEPOINT a
-- next: ROLLBACK AND CHAIN
ROLLBACK AND CHAIN
-- next: XA
XA START 'x'
-- next: XA RECOVER
XA RECOVER
-- next: LOCK INSTANCE
LOCK INSTANCE FOR BACKUP
-- next: LOCK TABLES with an alias
LOCK TABLE orders AS o WRITE, customers READ LOCAL
-- next: UNLOCK INSTANCE
UNLOCK INSTANCE
-- next: FLUSH with a read lock
FLUSH TABLES orders WITH READ LOCK
-- next: FLUSH PRIVILEGES
FLUSH NO_WRITE_TO_BINLOG PRIVILEGES
-- next: FLUSH TABLES FOR EXPORT
FLUSH TABLES orders FOR EXPORT
-- next: REPAIR
REPAIR TABLE t
-- next: CHECKSUM
CHECKSUM TABLE t EXTENDED
-- next: ANALYZE with a histogram
ANALYZE TABLE orders UPDATE HISTOGRAM ON total
-- next: KILL of a query
KILL QUERY 0
-- next: PURGE
PURGE BINARY LOGS BEFORE '2000-01-01 00:00:00'
-- next: RESET REPLICA
RESET REPLICA ALL
-- next: CHANGE REPLICATION SOURCE
CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1'
-- next: CHANGE REPLICATION FILTER
CHANGE REPLICATION FILTER REPLICATE_DO_DB = ()
-- next: CLONE
CLONE LOCAL DATA DIRECTORY = '/nonexistent/x'
-- next: RESTART
RESTART
-- next: INSTALL COMPONENT
INSTALL COMPONENT 'file://component_x'
-- next: PREPARE from a variable
PREPARE s FROM @a
-- next: EXECUTE USING
EXECUTE s USING @a
-- next: DEALLOCATE
DEALLOCATE PREPARE s
-- next: GET DIAGNOSTICS
GET DIAGNOSTICS @a = NUMBER
-- next: HELP
HELP 'SELECT'
-- next: EXPLAIN of an INSERT
EXPLAIN INSERT a VALUES (1)
-- next: EXPLAIN of an UPDATE
EXPLAIN FORMAT=JSON UPDATE orders SET total = 0
-- next: EXPLAIN of a REPLACE
EXPLAIN REPLACE a VALUES (1)
-- next: DESC of a DELETE
DESC DELETE FROM orders
-- next: EXPLAIN of another schema
EXPLAIN FOR SCHEMA shop UPDATE orders SET total = 0
-- next: a bracket and a hash comment before the verb
# SELECT
DELETE FROM orders
-- next: a comment before the verb
/* SELECT */ TRUNCATE TABLE orders
-- next: WITH behind INSERT
INSERT INTO a WITH x AS (SELECT 1) SELECT * FROM x
-- next: SHOW of a parsed statement
SHOW PARSE_TREE SELECT 1
-- next: EXPLAIN for a schema
EXPLAIN FORMAT=JSON FOR SCHEMA shop SELECT 1
-- next: a transaction
START TRANSACTION
-- next: a transaction by a snapshot
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY
