-- rule: select_into
-- SELECT INTO of PL/SQL.
-- next: BULK COLLECT
SELECT empno BULK COLLECT INTO ids FROM emp
-- next: several variables
SELECT empno, sal INTO a, b FROM emp WHERE ROWNUM = 1
-- next: a placeholder
SELECT MAX(sal) INTO :top FROM emp
-- next: a record
SELECT * INTO rec.part FROM emp WHERE empno = 1
-- next: comments around
SELECT 1/**/INTO/**/x FROM dual
-- next: in a subquery
SELECT (SELECT 1 INTO x FROM dual) FROM dual
-- next: behind WITH
WITH x AS (SELECT 1 AS n FROM dual) SELECT n INTO y FROM x
