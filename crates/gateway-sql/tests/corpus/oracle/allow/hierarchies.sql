-- CONNECT BY and recursive WITH.
-- next: the root and whether it is a leaf
SELECT CONNECT_BY_ROOT ename AS boss, CONNECT_BY_ISLEAF, LEVEL FROM emp START WITH mgr IS NULL CONNECT BY PRIOR empno = mgr
-- next: CONNECT BY before START WITH
SELECT ename FROM emp CONNECT BY NOCYCLE mgr = PRIOR empno START WITH ename = 'KING' ORDER SIBLINGS BY ename
-- next: a condition besides PRIOR
SELECT ename, CONNECT_BY_ISCYCLE FROM emp CONNECT BY NOCYCLE PRIOR empno = mgr AND LEVEL <= 3 AND PRIOR deptno <> deptno
-- next: numbers from nothing
SELECT LEVEL AS n FROM dual CONNECT BY LEVEL <= 100
-- next: a calendar
SELECT TRUNC(SYSDATE, 'YYYY') + LEVEL - 1 AS day FROM dual CONNECT BY LEVEL <= ADD_MONTHS(TRUNC(SYSDATE, 'YYYY'), 12) - TRUNC(SYSDATE, 'YYYY')
-- next: splitting a list
SELECT REGEXP_SUBSTR('a,b,c', '[^,]+', 1, LEVEL) AS part FROM dual CONNECT BY REGEXP_SUBSTR('a,b,c', '[^,]+', 1, LEVEL) IS NOT NULL
-- next: a hierarchy over a join with a filter
SELECT LPAD(' ', 2 * (LEVEL - 1)) || e.ename, d.dname FROM emp e, dept d WHERE e.deptno = d.deptno AND d.loc <> 'X' START WITH e.mgr IS NULL CONNECT BY PRIOR e.empno = e.mgr
-- next: totals along the tree
SELECT boss, SUM(sal) FROM (SELECT CONNECT_BY_ROOT ename AS boss, sal FROM emp CONNECT BY PRIOR empno = mgr) GROUP BY boss HAVING SUM(sal) > 10000
-- next: the path
SELECT SYS_CONNECT_BY_PATH(ename, '/') FROM emp WHERE CONNECT_BY_ISLEAF = 1 START WITH mgr IS NULL CONNECT BY PRIOR empno = mgr
-- next: a recursive WITH breadth first
WITH t (id, parent, lvl) AS (SELECT id, parent, 1 FROM nodes WHERE parent IS NULL UNION ALL SELECT n.id, n.parent, t.lvl + 1 FROM nodes n JOIN t ON n.parent = t.id) SEARCH BREADTH FIRST BY id DESC SET ord SELECT id, lvl FROM t ORDER BY ord
-- next: a recursive WITH that counts
WITH n (i, f) AS (SELECT 1, 1 FROM dual UNION ALL SELECT i + 1, f * (i + 1) FROM n WHERE i < 10) SELECT i, f FROM n
-- next: several CTEs with a hint
WITH a AS (SELECT /*+ MATERIALIZE */ deptno, SUM(sal) AS s FROM emp GROUP BY deptno), b AS (SELECT AVG(s) AS m FROM a) SELECT deptno FROM a, b WHERE s > m
