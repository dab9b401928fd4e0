-- rule: statement_kind
-- Statements that write, lock, control transactions and sessions, and those of the clients.
-- next: INSERT of several tables
INSERT ALL WHEN sal > 1 THEN INTO a VALUES (empno) ELSE INTO b VALUES (empno) SELECT empno, sal FROM emp
-- next: INSERT FIRST
INSERT FIRST WHEN 1 = 1 THEN INTO a (id) VALUES (n) SELECT 1 AS n FROM dual
-- next: INSERT with a hint and RETURNING
INSERT /*+ APPEND */ INTO emp (empno) VALUES (seq.NEXTVAL) RETURNING empno INTO :x
-- next: INSERT with an error log
INSERT INTO emp SELECT * FROM emp2 LOG ERRORS REJECT LIMIT UNLIMITED
-- next: UPDATE of a query
UPDATE (SELECT sal FROM emp WHERE deptno = 10) SET sal = 0
-- next: UPDATE of a row
UPDATE emp e SET (sal, comm) = (SELECT 1, 2 FROM dual) WHERE CURRENT OF c
-- next: DELETE without FROM
DELETE emp WHERE empno = 1
-- next: DELETE from a partition
DELETE FROM sales PARTITION (p1) s
-- next: MERGE that deletes
MERGE INTO emp e USING dual ON (e.empno = 1) WHEN MATCHED THEN UPDATE SET sal = 0 DELETE WHERE sal = 0 WHEN NOT MATCHED THEN INSERT (empno) VALUES (1)
-- next: TRUNCATE of a cluster
TRUNCATE CLUSTER x REUSE STORAGE
-- next: TRUNCATE with CASCADE
TRUNCATE TABLE emp PURGE MATERIALIZED VIEW LOG DROP STORAGE CASCADE
-- next: LOCK with a wait
LOCK TABLE emp, dept IN EXCLUSIVE MODE WAIT 1
-- next: LOCK of a partition
LOCK TABLE sales PARTITION (p1) IN ROW SHARE MODE NOWAIT
-- next: EXPLAIN PLAN of a write
EXPLAIN PLAN FOR DELETE FROM emp
-- next: EXPLAIN as other engines spell it
EXPLAIN SELECT 1 FROM dual
-- next: CALL with a result
CALL dbms_output.put_line('x') INTO :r
-- next: EXECUTE of SQL*Plus
EXECUTE dbms_stats.gather_schema_stats('HR')
-- next: COMMIT WRITE
COMMIT WORK WRITE NOWAIT
-- next: COMMIT FORCE
COMMIT FORCE '1.2.3'
-- next: ROLLBACK TO
ROLLBACK TO SAVEPOINT a
-- next: SAVEPOINT
SAVEPOINT a
-- next: SET TRANSACTION
SET TRANSACTION READ WRITE NAME 'x'
-- next: SET CONSTRAINTS
SET CONSTRAINTS ALL DEFERRED
-- next: SET ROLE
SET ROLE ALL EXCEPT x
-- next: ALTER SESSION of the schema
ALTER SESSION SET CURRENT_SCHEMA = SYS
-- next: ALTER SESSION of the date format
ALTER SESSION SET NLS_DATE_FORMAT = '"'' OR 1=1"'
-- next: ALTER SESSION that closes a link
ALTER SESSION CLOSE DATABASE LINK x
-- next: AUDIT
AUDIT POLICY x
-- next: ANALYZE
ANALYZE TABLE emp VALIDATE STRUCTURE CASCADE
-- next: FLASHBACK of a database
FLASHBACK DATABASE TO SCN 1
-- next: FLASHBACK of a table to a moment
FLASHBACK TABLE emp TO TIMESTAMP SYSTIMESTAMP - INTERVAL '1' HOUR
-- next: PURGE of a table
PURGE TABLE emp
-- next: RENAME
RENAME emp TO emp2
-- next: ADMINISTER KEY MANAGEMENT
ADMINISTER KEY MANAGEMENT SET KEYSTORE OPEN IDENTIFIED BY x
-- next: DESCRIBE in short
DESC hr.emp
-- next: a comment before the verb
/* SELECT */ DELETE FROM emp
-- next: a line comment before the verb
-- SELECT 1 FROM dual
UPDATE emp SET sal = 0
