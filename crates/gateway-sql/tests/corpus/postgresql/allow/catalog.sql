-- What business-intelligence tools and drivers ask the catalogue when they connect.
-- next: tables with their sizes and comments
SELECT n.nspname, c.relname, CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' END, pg_catalog.pg_get_userbyid(c.relowner), pg_catalog.pg_size_pretty(pg_catalog.pg_table_size(c.oid)), pg_catalog.obj_description(c.oid, 'pg_class') FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', '') AND n.nspname !~ '^pg_toast' AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 1, 2
-- next: columns with defaults and identity
SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_catalog.pg_get_expr(d.adbin, d.adrelid, true), a.attidentity, pg_catalog.col_description(a.attrelid, a.attnum) FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON (a.attrelid, a.attnum) = (d.adrelid, d.adnum) WHERE a.attrelid = 'orders'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
-- next: foreign keys as a driver reads them
SELECT con.conname, con.conrelid::regclass, con.confrelid::regclass, pg_get_constraintdef(con.oid, true) FROM pg_constraint con WHERE con.contype = 'f' AND con.conrelid = ANY (ARRAY['orders'::regclass])
-- next: the information schema
SELECT table_schema, table_name, column_name, ordinal_position, is_nullable::boolean, data_type, character_maximum_length FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, 4
-- next: indexes with their definition and use
SELECT indexrelid::regclass, pg_get_indexdef(indexrelid), idx_scan FROM pg_stat_user_indexes ORDER BY idx_scan
-- next: who is connected
SELECT pid, usename, application_name, client_addr, state, wait_event_type, now() - query_start AS running, left(query, 60) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
-- next: who waits for whom
SELECT l.pid, l.mode, l.granted, l.relation::regclass, pg_blocking_pids(l.pid) FROM pg_locks l WHERE NOT l.granted
-- next: functions and their source
SELECT p.oid::regprocedure, l.lanname, pg_get_function_result(p.oid), p.provolatile FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = 'pg_catalog'::regnamespace LIMIT 20
-- next: settings that were changed
SELECT name, setting, unit, source, pending_restart FROM pg_settings WHERE source <> 'default' ORDER BY name
-- next: view definitions
SELECT viewname, definition, pg_get_viewdef(format('%I.%I', schemaname, viewname)::regclass, true) FROM pg_views WHERE schemaname = 'information_schema' LIMIT 3
-- next: rights
SELECT has_schema_privilege('public', 'USAGE'), has_table_privilege(current_user, 'orders', 'SELECT'), has_database_privilege(current_database(), 'CONNECT'), pg_has_role('pg_read_all_data', 'MEMBER')
-- next: enumerated types
SELECT t.typname, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname
-- next: partitions
SELECT inhrelid::regclass, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE inhparent = to_regclass('public.parent')
-- next: sequences by their catalogue, not by advancing them
SELECT schemaname, sequencename, last_value, increment_by FROM pg_sequences
-- next: the hello of a JDBC driver
SELECT version(), current_database(), current_schema(), current_schemas(false), session_user, inet_server_port(), current_setting('server_version_num')::int, pg_encoding_to_char(6)
