-- Joins old and new, applied functions, collections as tables, partitions.
-- next: (+) on several conditions
SELECT e.ename, d.dname FROM emp e, dept d WHERE e.deptno = d.deptno (+) AND d.loc (+) = 'DALLAS' AND d.deptno(+) > 10
-- next: (+) on the left with a function
SELECT a.id FROM a, b WHERE UPPER(a.code(+)) = b.code
-- next: OUTER APPLY
SELECT d.dname, x.ename FROM dept d OUTER APPLY (SELECT ename FROM emp e WHERE e.deptno = d.deptno ORDER BY sal DESC FETCH FIRST 1 ROW ONLY) x
-- next: LATERAL
SELECT d.dname, x.n FROM dept d, LATERAL (SELECT COUNT(*) AS n FROM emp e WHERE e.deptno = d.deptno) x
-- next: NATURAL and CROSS joins
SELECT COUNT(*) FROM emp NATURAL JOIN dept CROSS JOIN bonus
-- next: nested table as rows
SELECT d.dname, p.COLUMN_VALUE FROM dept d, TABLE(d.phones) p
-- next: rows in VALUES' old dress
SELECT * FROM (SELECT 1 AS id, 'a' AS code FROM dual UNION ALL SELECT 2, 'b' FROM dual)
-- next: a subpartition
SELECT COUNT(*) FROM sales SUBPARTITION (p1_west)
-- next: SAMPLE with a seed and blocks
SELECT COUNT(*) * 100 FROM sales SAMPLE BLOCK (1) SEED (42)
-- next: the table as it was at a change number
SELECT * FROM emp AS OF SCN 123456 WHERE empno = 7788
-- next: versions between two moments
SELECT VERSIONS_STARTTIME, VERSIONS_OPERATION, sal FROM emp VERSIONS BETWEEN TIMESTAMP SYSTIMESTAMP - INTERVAL '1' HOUR AND SYSTIMESTAMP WHERE empno = 7788
-- next: a subquery's columns compared as a row
SELECT ename FROM emp WHERE (deptno, sal) IN (SELECT deptno, MAX(sal) FROM emp GROUP BY deptno)
-- next: ONLY a type's own table
SELECT VALUE(p) FROM ONLY (persons) p
-- next: XMLTABLE with ordinals
SELECT x.n, x.name FROM docs d, XMLTABLE('/list/item' PASSING d.xml COLUMNS n FOR ORDINALITY, name VARCHAR2(20) PATH '@name' DEFAULT 'none') x
-- next: three tables joined the old way
SELECT e.ename, d.dname, l.city FROM emp e, dept d, locations l WHERE e.deptno = d.deptno(+) AND d.loc_id = l.id(+) ORDER BY 1
-- next: USING with a join behind it
SELECT deptno, ename, dname, grade FROM emp JOIN dept USING (deptno) JOIN salgrade ON sal BETWEEN losal AND hisal
-- next: an outer join for each product
SELECT times.time_id, product, quantity FROM inventory PARTITION BY (product) RIGHT OUTER JOIN times ON times.time_id = inventory.time_id
-- next: an outer join for each of several columns
SELECT d.day, s.region, s.product, NVL(s.amount, 0) FROM days d LEFT OUTER JOIN sales s PARTITION BY (s.region, s.product) ON d.day = s.day ORDER BY 1, 2
-- next: partitions of a window beside a join
SELECT SUM(a.x) OVER (PARTITION BY (a.y) ORDER BY a.z) FROM a LEFT JOIN b USING (y)
