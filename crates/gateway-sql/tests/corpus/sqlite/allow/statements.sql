-- The statements besides SELECT that only read, and what tools ask.
-- next: EXPLAIN
EXPLAIN SELECT * FROM orders ORDER BY total
-- next: EXPLAIN QUERY PLAN of a WITH
EXPLAIN QUERY PLAN WITH x AS (SELECT 1) SELECT * FROM x JOIN orders
-- next: EXPLAIN of VALUES
EXPLAIN VALUES (1)
-- next: all tables with their columns
SELECT m.name AS table_name, c.cid, c.name, c.type, c."notnull", c.dflt_value, c.pk FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') ORDER BY 1, 2
-- next: the old name of the schema
SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name NOT LIKE 'sqlite_%'
-- next: the temporary schema
SELECT type, count(*) FROM temp.sqlite_schema GROUP BY type
-- next: indexes and their columns
SELECT l.name, l."unique", i.seqno, i.name FROM pragma_index_list('t') l, pragma_index_info(l.name) i
-- next: foreign keys
SELECT m.name, f."from", f."table", f."to", f.on_delete FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
-- next: hidden and generated columns
SELECT name, hidden FROM pragma_table_xinfo('orders')
-- next: databases and collations
SELECT (SELECT group_concat(name) FROM pragma_database_list), (SELECT count(*) FROM pragma_collation_list)
-- next: the row identifier by its three names
SELECT rowid, oid, _rowid_ FROM customers
-- next: LIMIT with a comma
SELECT id FROM orders LIMIT 5, 10
-- next: DISTINCT and ALL
SELECT DISTINCT country FROM customers UNION ALL SELECT ALL name FROM customers
