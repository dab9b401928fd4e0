-- rule: function
-- One function of each class that a query must not reach, each in a different place of the statement.
-- next: a binary file in a comparison
SELECT 1 WHERE pg_read_binary_file('postgresql.conf') IS NOT NULL
-- next: the properties of a file, expanded
SELECT (pg_stat_file('base')).size
-- next: the log directory as a table
SELECT name FROM pg_ls_logdir() ORDER BY modification DESC
-- next: the write-ahead log's directory in IN
SELECT 'x' IN (SELECT name FROM pg_ls_waldir())
-- next: the rules of access
SELECT * FROM pg_hba_file_rules()
-- next: the current log file
SELECT coalesce(pg_current_logfile(), 'none')
-- next: writing a file with adminpack
SELECT pg_file_write('x', 'y', false)
-- next: a large object opened for writing
SELECT lo_open(16385, 131072)
-- next: a large object from bytes, in VALUES
VALUES (lo_from_bytea(0, 'x'::bytea))
-- next: a large object removed, in a CASE
SELECT CASE WHEN false THEN lo_unlink(1) ELSE 0 END
-- next: a large object read whole
SELECT lo_get(16385)
-- next: overwriting a part of a large object
SELECT lo_put(16385, 0, 'x')
-- next: the lower-level reader
SELECT loread(0, 100)
-- next: a session lock with two keys
SELECT pg_try_advisory_lock(1, 2)
-- next: a shared lock in a join condition
SELECT 1 FROM orders JOIN customers ON pg_try_advisory_xact_lock_shared(orders.id)
-- next: unlocking everything
SELECT pg_advisory_unlock_all()
-- next: sleeping until a moment
SELECT pg_sleep_until(now())
-- next: sleeping for an interval
SELECT pg_sleep_for('0 seconds')
-- next: cancelling a query
SELECT pg_cancel_backend(0)
-- next: asking another process to log
SELECT pg_log_backend_memory_contexts(0)
-- next: rotating the log
SELECT pg_rotate_logfile()
-- next: resetting one table's statistics
SELECT pg_stat_reset_single_table_counters('orders'::regclass)
-- next: resetting shared statistics
SELECT pg_stat_reset_shared('bgwriter')
-- next: dropping the snapshot of the statistics
SELECT pg_stat_clear_snapshot()
-- next: exporting a snapshot
SELECT pg_export_snapshot()
-- next: a setting through a subquery's column
SELECT x.c FROM (SELECT set_config('search_path', 'public', true) AS c) x
-- next: the seed of random()
SELECT setseed(0.5)
-- next: a setting from the catalogue's function by name
SELECT pg_catalog.set_config('role', 'postgres', false)
-- next: setting a sequence with its flag
SELECT setval('s', 5, false)
-- next: a notification in HAVING
SELECT count(*) FROM orders HAVING pg_notify('a', 'b') IS NULL
-- next: a replication slot, temporary
SELECT pg_create_physical_replication_slot('x', false, true)
-- next: a logical slot as a table
SELECT * FROM pg_create_logical_replication_slot('x', 'pgoutput', true)
-- next: dropping a slot
SELECT pg_drop_replication_slot('x')
-- next: peeking at changes
SELECT * FROM pg_logical_slot_peek_changes('x', NULL, NULL)
-- next: a message into the log
SELECT pg_logical_emit_message(false, 'a', 'b')
-- next: the origin of replication
SELECT pg_replication_origin_create('x')
-- next: a backup
SELECT pg_backup_start('x')
-- next: pausing replay
SELECT pg_wal_replay_pause()
-- next: a query as XML with its schema
SELECT query_to_xml_and_xmlschema('select 1', true, false, '')
-- next: a table as XML
SELECT table_to_xml('orders'::regclass, true, false, '')
-- next: a whole database as XML
SELECT database_to_xml(true, false, '')
-- next: a cursor as XML
SELECT cursor_to_xml('c', 10, true, false, '')
-- next: statistics of a query that is text
SELECT * FROM ts_stat('SELECT tsv FROM docs')
-- next: rewriting by a query that is text
SELECT ts_rewrite('a'::tsquery, 'SELECT q, r FROM w')
-- next: a hierarchy from text
SELECT * FROM connectby('nodes', 'id', 'parent', '1', 0) AS t(id text, parent text, level int)
-- next: another server by a connection string
SELECT * FROM dblink('host=127.0.0.1', 'SELECT 1') AS t(a int)
-- next: sending without waiting
SELECT dblink_send_query('c', 'SELECT 1')
-- next: opening connections of foreign tables
SELECT postgres_fdw_disconnect_all()
-- next: fetching a page
SELECT content FROM http_get('http://169.254.169.254/latest/meta-data')
-- next: loading blocks into memory
SELECT pg_prewarm('orders')
-- next: a raw page
SELECT get_raw_page('orders', 0)
-- next: the summary of a block-range index
SELECT brin_summarize_new_values('i'::regclass)
-- next: cleaning a GIN index's pending list
SELECT gin_clean_pending_list('i'::regclass)
-- next: the next object identifier
SELECT pg_nextoid('pg_class'::regclass, 'oid', 'pg_class_oid_index')
-- next: importing collations
SELECT pg_import_system_collations('pg_catalog')
-- next: what only an upgrade may call
SELECT binary_upgrade_set_next_pg_type_oid(1)
-- next: a job of a scheduler
SELECT cron.schedule('* * * * *', 'DELETE FROM orders')
-- next: the build's configuration
SELECT * FROM pg_config()
-- next: a method of sampling from an extension
SELECT * FROM orders TABLESAMPLE system_rows(1)
-- next: a method of sampling of one's own
SELECT * FROM orders TABLESAMPLE public.my_method(1)
-- next: the reader of a type's text
SELECT array_in('{}', 23, -1)
-- next: what an event trigger saw
SELECT * FROM pg_event_trigger_dropped_objects()
-- next: a hypothetical index
SELECT hypopg_create_index('CREATE INDEX ON orders (id)')
-- next: a style sheet, which can load documents
SELECT xslt_process('<a/>', '<b/>')
-- next: the checker of functions in C, which loads their library
SELECT fmgr_c_validator(1)
