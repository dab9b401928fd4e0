-- The statements besides SELECT that only read, and what tools send when they connect.
-- next: SHOW TABLE STATUS
SHOW TABLE STATUS LIKE 'o%'
-- next: SHOW CREATE SEQUENCE
SHOW CREATE SEQUENCE s
-- next: SHOW CREATE TABLE of a quoted name
SHOW CREATE TABLE `my table`
-- next: SHOW COLUMNS with a condition
SHOW FULL COLUMNS FROM orders IN shop WHERE `Type` LIKE 'int%'
-- next: SHOW INDEXES
SHOW INDEXES FROM shop.orders
-- next: SHOW STATUS
SHOW GLOBAL STATUS LIKE 'Aria%'
-- next: SHOW VARIABLES by list
SHOW VARIABLES WHERE Variable_name IN ('version', 'version_comment') AND Value <> ''
-- next: SHOW EXPLAIN's neighbour, the list of processes
SHOW FULL PROCESSLIST
-- next: SHOW PACKAGE STATUS
SHOW PACKAGE STATUS
-- next: SHOW PLUGINS SONAME
SHOW PLUGINS SONAME 'ha_%'
-- next: SHOW REPLICA STATUS
SHOW ALL REPLICAS STATUS
-- next: SHOW USER_STATISTICS
SHOW USER_STATISTICS
-- next: SHOW GRANTS of oneself
SHOW GRANTS FOR CURRENT_USER
-- next: SHOW AUTHORS
SHOW CONTRIBUTORS
-- next: DESC of a column
DESC customers country
-- next: EXPLAIN EXTENDED
EXPLAIN EXTENDED SELECT * FROM orders WHERE id = 1
-- next: EXPLAIN PARTITIONS
EXPLAIN PARTITIONS SELECT * FROM orders WHERE id < 10
-- next: EXPLAIN as JSON
EXPLAIN FORMAT=JSON SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id
-- next: EXPLAIN of a union in brackets
EXPLAIN (SELECT 1) UNION ALL (SELECT 2)
-- next: the information schema
SELECT c.TABLE_NAME, c.COLUMN_NAME, c.COLUMN_TYPE, c.COLUMN_KEY, c.EXTRA, c.GENERATION_EXPRESSION FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = DATABASE() ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION
-- next: sizes by engine
SELECT ENGINE, COUNT(*), SUM(DATA_LENGTH + INDEX_LENGTH) / POW(1024, 2) AS mb FROM information_schema.TABLES WHERE TABLE_TYPE LIKE 'BASE%' GROUP BY ENGINE
-- next: constraints
SELECT CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()
-- next: running queries
SELECT ID, USER, TIME_MS / 1000 AS seconds, STATE, PROGRESS, INFO FROM information_schema.PROCESSLIST WHERE COMMAND <> 'Sleep'
-- next: transactions
SELECT trx_id, trx_state, trx_started, trx_query FROM information_schema.INNODB_TRX
-- next: the hello of a connector
SELECT @@max_allowed_packet, @@system_time_zone, @@time_zone, @@auto_increment_increment, @@tx_isolation AS tx_isolation, @@session.tx_read_only
-- next: placeholders of three styles, positional
SELECT id FROM orders WHERE customer_id IN (?, ?) LIMIT ? OFFSET ?
-- next: placeholders of three styles, named
SELECT id FROM orders WHERE created >= :since AND (:until IS NULL OR created < :until)
-- next: placeholders of three styles, numbered
SELECT name FROM customers WHERE country = $1 OR name LIKE CONCAT('%', $2, '%')
-- next: a hint that only steers the plan
SELECT /*+ NO_RANGE_OPTIMIZATION(orders) */ id FROM orders
-- next: VALUES with brackets
(VALUES (1, 'a'), (2, 'b'))
-- next: ORDER BY an expression with a collation
SELECT name FROM customers ORDER BY CONVERT(name USING utf8mb4) COLLATE utf8mb4_unicode_ci DESC, FIELD(country, 'DE')
-- next: SHOW CREATE USER by name
SHOW CREATE USER root
-- next: SHOW CREATE VIEW
SHOW CREATE VIEW v
-- next: SHOW CREATE USER of one's own
SHOW CREATE USER CURRENT_USER()
