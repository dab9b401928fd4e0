-- What tools ask the dictionary.
-- next: tables with their rows
SELECT owner, table_name, num_rows, last_analyzed FROM all_tables WHERE owner NOT IN ('SYS', 'SYSTEM') ORDER BY 1, 2
-- next: columns with comments
SELECT c.column_name, c.data_type, c.data_length, c.nullable, m.comments FROM all_tab_columns c LEFT JOIN all_col_comments m ON m.owner = c.owner AND m.table_name = c.table_name AND m.column_name = c.column_name WHERE c.owner = :owner AND c.table_name = :name ORDER BY c.column_id
-- next: constraints with their columns
SELECT c.constraint_name, c.constraint_type, LISTAGG(k.column_name, ',') WITHIN GROUP (ORDER BY k.position) FROM all_constraints c JOIN all_cons_columns k ON k.owner = c.owner AND k.constraint_name = c.constraint_name WHERE c.constraint_type IN ('P', 'R') GROUP BY c.constraint_name, c.constraint_type
-- next: who is connected
SELECT s.sid, s.serial#, s.username, s.program, s.event, q.sql_text FROM v$session s LEFT JOIN v$sql q ON q.sql_id = s.sql_id WHERE s.type = 'USER'
-- next: the version
SELECT banner FROM v$version UNION ALL SELECT product || ' ' || version FROM product_component_version
-- next: sizes
SELECT segment_name, ROUND(SUM(bytes) / 1024 / 1024) AS mb FROM user_segments GROUP BY segment_name ORDER BY 2 DESC FETCH FIRST 20 ROWS ONLY
-- next: parameters
SELECT name, value, isdefault FROM v$parameter WHERE name LIKE 'nls%' OR name = 'open_cursors'
-- next: views and their text
SELECT view_name, text_length FROM all_views WHERE owner = USER
-- next: objects that are not valid
SELECT object_type, object_name FROM user_objects WHERE status <> 'VALID'
-- next: sequences by the dictionary, not by advancing them
SELECT sequence_name, last_number, increment_by FROM user_sequences
-- next: waits
SELECT * FROM (SELECT event, total_waits, time_waited FROM v$system_event WHERE wait_class <> 'Idle' ORDER BY time_waited DESC) WHERE ROWNUM <= 10
-- next: the hello of a JDBC driver
SELECT 'x' FROM DUAL
-- next: names by the schema of the session
SELECT SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA'), SYS_CONTEXT('USERENV', 'SERVICE_NAME'), SYS_CONTEXT('USERENV', 'DB_NAME') FROM sys.dual
