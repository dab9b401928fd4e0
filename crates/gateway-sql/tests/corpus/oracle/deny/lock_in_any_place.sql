-- rule: locking
-- FOR UPDATE, in every form and nesting.
-- next: with a wait
SELECT * FROM emp WHERE deptno = 10 FOR UPDATE WAIT 3
-- next: of two columns
SELECT * FROM emp e, dept d WHERE e.deptno = d.deptno FOR UPDATE OF e.sal, d.loc
-- next: in a derived table
SELECT * FROM (SELECT * FROM emp FOR UPDATE) x
-- next: in a CURSOR expression's neighbour, an EXISTS
SELECT 1 FROM dual WHERE EXISTS (SELECT 1 FROM emp FOR UPDATE)
-- next: behind ORDER BY
SELECT empno FROM emp ORDER BY empno FOR UPDATE SKIP LOCKED
-- next: behind a hierarchy
SELECT empno FROM emp CONNECT BY PRIOR empno = mgr FOR UPDATE
-- next: in a CTE
WITH x AS (SELECT empno FROM emp FOR UPDATE) SELECT * FROM x
-- next: comments and line breaks between
SELECT empno FROM emp FOR /* reading */
UPDATE -- only
NOWAIT
-- next: in brackets
(SELECT empno FROM emp FOR UPDATE)
