-- rule: statement_kind
-- Statements that control the session, transactions, cursors and prepared statements, and those that move data.
-- next: SET LOCAL
SET LOCAL statement_timeout = 0
-- next: SET SESSION CHARACTERISTICS
SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE
-- next: SET TRANSACTION
SET TRANSACTION READ WRITE
-- next: SET ROLE
SET ROLE NONE
-- next: SET SESSION AUTHORIZATION
SET SESSION AUTHORIZATION DEFAULT
-- next: SET CONSTRAINTS
SET CONSTRAINTS ALL IMMEDIATE
-- next: SET TIME ZONE
SET TIME ZONE 'UTC'
-- next: the setting that changes the lexer
SET standard_conforming_strings TO off
-- next: RESET of one setting
RESET statement_timeout
-- next: DISCARD TEMP
DISCARD TEMP
-- next: END and ABORT
END
-- next: ABORT
ABORT AND CHAIN
-- next: ROLLBACK TO
ROLLBACK TO SAVEPOINT a
-- next: RELEASE
RELEASE SAVEPOINT a
-- next: two-phase commit
PREPARE TRANSACTION 'x'
-- next: COMMIT PREPARED
COMMIT PREPARED 'x'
-- next: PREPARE with types
PREPARE q (int) AS DELETE FROM orders WHERE id = $1
-- next: EXECUTE with arguments
EXECUTE q (1)
-- next: DEALLOCATE ALL
DEALLOCATE ALL
-- next: a cursor that outlives the transaction
DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT 1
-- next: MOVE
MOVE FORWARD 10 IN c
-- next: CLOSE ALL
CLOSE ALL
-- next: NOTIFY with a payload
NOTIFY channel, 'payload'
-- next: UNLISTEN *
UNLISTEN *
-- next: LOAD
LOAD 'auto_explain'
-- next: DO with a language
DO LANGUAGE plpgsql $x$ BEGIN PERFORM 1; END $x$
-- next: CALL of a qualified procedure
CALL public.p()
-- next: COPY of a query to a file
COPY (SELECT * FROM orders) TO '/nonexistent/x.csv' WITH (FORMAT csv)
-- next: COPY of a query to the client
COPY (SELECT 1) TO STDOUT
-- next: COPY from a program
COPY orders FROM PROGRAM 'true'
-- next: LOCK of several tables
LOCK TABLE orders, customers IN ACCESS EXCLUSIVE MODE NOWAIT
-- next: TRUNCATE with options
TRUNCATE ONLY orders, lines RESTART IDENTITY CASCADE
-- next: VACUUM with options
VACUUM (FULL, ANALYZE) orders
-- next: ANALYZE of a column
ANALYZE VERBOSE orders (total)
-- next: REINDEX of a database
REINDEX (VERBOSE) DATABASE postgres
-- next: CLUSTER with an index
CLUSTER orders USING orders_pkey
-- next: REFRESH CONCURRENTLY
REFRESH MATERIALIZED VIEW CONCURRENTLY v WITH DATA
-- next: INSERT with everything
INSERT INTO customers AS c (id) OVERRIDING SYSTEM VALUE SELECT 9 ON CONFLICT (id) DO UPDATE SET name = 'x' RETURNING c.*
-- next: INSERT DEFAULT VALUES
INSERT INTO numbers DEFAULT VALUES
-- next: UPDATE FROM with RETURNING
UPDATE orders o SET total = 0 FROM customers c WHERE c.id = o.customer_id RETURNING o.id
-- next: DELETE USING
DELETE FROM ONLY orders USING customers WHERE false
-- next: DELETE at a cursor
DELETE FROM orders WHERE CURRENT OF c
-- next: MERGE that does nothing
MERGE INTO orders USING lines ON false WHEN NOT MATCHED THEN DO NOTHING
-- next: EXPLAIN VERBOSE of an UPDATE
EXPLAIN VERBOSE UPDATE orders SET total = 0
-- next: EXPLAIN of a cursor
EXPLAIN (FORMAT json) DECLARE c CURSOR FOR SELECT 1
-- next: a comment before the verb
/* SELECT 1 */ DELETE FROM orders
-- next: white space and a line comment before the verb
-- SELECT
	UPDATE orders SET total = 0
