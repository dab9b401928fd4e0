-- The statements besides SELECT that only read, and what tools send when they connect.
-- next: SHOW DATABASES
SHOW DATABASES LIKE 'inf%'
-- next: SHOW TABLES of a schema
SHOW FULL TABLES IN shop WHERE Table_type = 'BASE TABLE'
-- next: SHOW COLUMNS with two FROMs
SHOW COLUMNS FROM orders FROM shop
-- next: SHOW FIELDS with a condition
SHOW EXTENDED FULL FIELDS IN orders WHERE Field LIKE 'c%' OR `Null` = 'NO'
-- next: SHOW KEYS
SHOW KEYS IN orders WHERE Key_name = 'ix_created'
-- next: SHOW CREATE DATABASE
SHOW CREATE DATABASE IF NOT EXISTS shop
-- next: SHOW CREATE PROCEDURE
SHOW CREATE PROCEDURE p
-- next: SHOW SESSION STATUS
SHOW SESSION STATUS LIKE 'Threads%'
-- next: SHOW VARIABLES with a condition
SHOW SESSION VARIABLES WHERE Variable_name IN ('sql_mode', 'time_zone')
-- next: SHOW CHARACTER SET and COLLATION
SHOW CHARACTER SET LIKE 'utf8%'
-- next: SHOW COLLATION
SHOW COLLATION WHERE `Charset` = 'utf8mb4' AND `Default` = 'Yes'
-- next: SHOW ENGINES
SHOW STORAGE ENGINES
-- next: SHOW PLUGINS
SHOW PLUGINS
-- next: SHOW PRIVILEGES
SHOW PRIVILEGES
-- next: SHOW TRIGGERS
SHOW TRIGGERS FROM shop LIKE 'o%'
-- next: SHOW EVENTS
SHOW EVENTS
-- next: SHOW OPEN TABLES
SHOW OPEN TABLES
-- next: SHOW ERRORS
SHOW ERRORS LIMIT 1, 5
-- next: SHOW FULL PROCESSLIST
SHOW FULL PROCESSLIST
-- next: SHOW BINARY LOGS
SHOW BINARY LOGS
-- next: SHOW REPLICA STATUS
SHOW REPLICA STATUS
-- next: DESCRIBE with a pattern
DESCRIBE `orders` 'c%'
-- next: EXPLAIN of a table
EXPLAIN orders
-- next: EXPLAIN of a union
EXPLAIN (SELECT id FROM a) UNION (SELECT id FROM b)
-- next: EXPLAIN of WITH
EXPLAIN FORMAT = TRADITIONAL WITH x AS (SELECT 1 AS n) SELECT * FROM x
-- next: EXPLAIN of TABLE
EXPLAIN TABLE orders
-- next: DESC of a query
DESC SELECT 1
-- next: the information schema
SELECT table_schema, table_name, table_rows, ROUND((data_length + index_length) / 1024 / 1024, 1) AS mb FROM information_schema.tables WHERE table_schema NOT IN ('mysql', 'sys') ORDER BY 4 DESC
-- next: foreign keys as a tool reads them
SELECT k.TABLE_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME, r.DELETE_RULE FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME) WHERE k.REFERENCED_TABLE_NAME IS NOT NULL
-- next: the performance schema
SELECT DIGEST_TEXT, COUNT_STAR, SUM_TIMER_WAIT / 1000000000000 AS seconds FROM performance_schema.events_statements_summary_by_digest ORDER BY SUM_TIMER_WAIT DESC LIMIT 10
-- next: the hello of a JDBC driver
SELECT @@session.auto_increment_increment AS auto_increment_increment, @@character_set_client AS character_set_client, @@sql_mode AS sql_mode, @@SESSION.transaction_isolation, @@global.max_allowed_packet
-- next: placeholders
SELECT id FROM orders WHERE customer_id = ? AND created BETWEEN ? AND ? LIMIT ?, ?
-- next: named placeholders
SELECT id FROM orders WHERE customer_id = :customer AND total > :least OR :customer IS NULL
-- next: numbered placeholders
SELECT id FROM orders WHERE total > $1 AND customer_id = $2
-- next: modifiers of a SELECT
SELECT ALL SQL_SMALL_RESULT SQL_BIG_RESULT SQL_BUFFER_RESULT id FROM a
-- next: DISTINCTROW
SELECT DISTINCTROW country FROM customers
-- next: hints that only steer the plan
SELECT /*+ NO_INDEX_MERGE(o) JOIN_ORDER(c, o) QB_NAME(main) NO_RANGE_OPTIMIZATION(o PRIMARY) */ o.id FROM orders o JOIN customers c ON c.id = o.customer_id
-- next: a hint of a subquery's block
SELECT /*+ SEMIJOIN(@sub FIRSTMATCH) */ id FROM customers WHERE id IN (SELECT /*+ QB_NAME(sub) */ customer_id FROM orders)
-- next: ORDER BY NULL and by expressions
SELECT country, COUNT(*) FROM customers GROUP BY country ORDER BY NULL
-- next: a HAVING on an alias without GROUP BY
SELECT id, total * 1.19 AS gross FROM orders HAVING gross > 100 ORDER BY FIELD(customer_id, 3, 1, 2), gross DESC
-- next: TABLE with an offset
TABLE customers ORDER BY name DESC LIMIT 2 OFFSET 1
