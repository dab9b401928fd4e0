-- rule: multiple_statements
-- PL/SQL, and a second statement behind everything that could make a reader believe that it is still in the first.
-- next: a function in WITH with declarations
WITH FUNCTION f (n NUMBER) RETURN NUMBER IS PRAGMA AUTONOMOUS_TRANSACTION; BEGIN DELETE FROM emp; COMMIT; RETURN n; END; SELECT f(1) FROM dual
-- next: a block with dynamic SQL
BEGIN EXECUTE IMMEDIATE 'DROP TABLE emp'; END;
-- next: a block with a label
<<x>> DECLARE n NUMBER; BEGIN DELETE FROM emp; END x;
-- next: a procedure created
CREATE OR REPLACE PROCEDURE x IS BEGIN DELETE FROM emp; END;
-- next: a trigger created
CREATE TRIGGER x AFTER LOGON ON DATABASE BEGIN NULL; END;
-- next: behind a q-quote with a bracket in it
SELECT q'(a)b)' FROM dual; DELETE FROM emp
-- next: behind a q-quote that looks open
SELECT q'!'!' FROM dual; DELETE FROM emp; SELECT '
-- next: behind a doubled quote
SELECT 'a''' FROM dual; DELETE FROM emp
-- next: behind a backslash
SELECT '\' FROM dual; DELETE FROM emp; --'
-- next: behind a quoted name
SELECT 1 AS "a;b" FROM dual; DELETE FROM emp
-- next: behind a line comment
SELECT 1 FROM dual -- ; x
; DELETE FROM emp
-- next: behind a comment that does not nest
SELECT 1 /* a */ FROM dual; COMMIT /* b */
-- next: a semicolon in front
; SELECT 1 FROM dual; ROLLBACK
-- next: the slash of SQL*Plus
SELECT 1 FROM dual;
/
-- next: behind a hint
SELECT /*+ FULL(e) */ 1 FROM emp e; DROP TABLE emp
-- next: a national string with a quote at the end
SELECT N'a''' FROM dual; DELETE FROM emp
