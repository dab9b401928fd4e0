-- rule: statement_kind
-- Every statement of SQLite that is not a query, with its variants.
-- next: INSERT OR REPLACE
INSERT OR REPLACE INTO customers (id) VALUES (1)
-- next: INSERT with an upsert
INSERT INTO customers (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = excluded.name
-- next: INSERT with rows returned
INSERT INTO numbers VALUES (1) RETURNING n
-- next: REPLACE from a query
REPLACE INTO numbers SELECT 1
-- next: UPDATE FROM
UPDATE orders SET total = c.id FROM customers c WHERE c.id = orders.customer_id
-- next: UPDATE OR
UPDATE OR IGNORE orders SET id = 1
-- next: DELETE with rows returned
DELETE FROM orders WHERE id = 1 RETURNING *
-- next: DELETE with a limit
DELETE FROM orders INDEXED BY ix WHERE id = 1 ORDER BY id LIMIT 1
-- next: a temporary table
CREATE TEMP TABLE x AS SELECT 1
-- next: a strict table
CREATE TABLE IF NOT EXISTS x (a INTEGER PRIMARY KEY) STRICT, WITHOUT ROWID
-- next: a virtual table
CREATE VIRTUAL TABLE x USING fts5(a)
-- next: a virtual table on a file
CREATE VIRTUAL TABLE temp.x USING csv(filename='/etc/passwd')
-- next: an index
CREATE UNIQUE INDEX x ON orders (total) WHERE total > 0
-- next: a view
CREATE TEMPORARY VIEW x AS SELECT 1
-- next: ALTER TABLE that renames
ALTER TABLE orders RENAME COLUMN total TO sum
-- next: ALTER TABLE that drops
ALTER TABLE orders DROP COLUMN total
-- next: DROP INDEX
DROP INDEX IF EXISTS main.ix
-- next: DROP VIEW
DROP VIEW w
-- next: DROP TRIGGER
DROP TRIGGER IF EXISTS x
-- next: ATTACH of a new file
ATTACH DATABASE 'file:x.db?mode=rwc' AS x
-- next: ATTACH of memory
ATTACH ':memory:' AS m
-- next: DETACH
DETACH DATABASE m
-- next: VACUUM of a schema
VACUUM main
-- next: VACUUM into an expression
VACUUM main INTO ('x' || '.db')
-- next: PRAGMA that writes a setting into the file
PRAGMA main.user_version = 5
-- next: PRAGMA with brackets
PRAGMA journal_mode(DELETE)
-- next: PRAGMA that lets the schema be edited
PRAGMA writable_schema = ON
-- next: PRAGMA that lifts the lock of the gateway
PRAGMA query_only = 0
-- next: PRAGMA that checks
PRAGMA integrity_check
-- next: PRAGMA that optimizes
PRAGMA optimize
-- next: REINDEX of a collation
REINDEX NOCASE
-- next: ANALYZE of a table
ANALYZE main.orders
-- next: BEGIN IMMEDIATE
BEGIN IMMEDIATE TRANSACTION
-- next: BEGIN EXCLUSIVE
BEGIN EXCLUSIVE
-- next: END
END TRANSACTION
-- next: ROLLBACK TO
ROLLBACK TO SAVEPOINT a
-- next: RELEASE
RELEASE SAVEPOINT a
-- next: EXPLAIN of an INSERT
EXPLAIN QUERY PLAN DELETE FROM orders WHERE id = 1
-- next: EXPLAIN of ATTACH
EXPLAIN ATTACH 'x' AS y
-- next: EXPLAIN of a PRAGMA
EXPLAIN PRAGMA user_version
-- next: a comment before the verb
/* SELECT */ DELETE FROM orders
-- next: a line comment before the verb
-- SELECT 1
UPDATE orders SET total = 0
