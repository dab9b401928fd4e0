-- Set operations, limits, subqueries and quantifiers.
-- next: MINUS in brackets
(SELECT id FROM a MINUS SELECT id FROM b) UNION (SELECT id FROM c)
-- next: EXCEPT ALL and MINUS ALL of newer servers
SELECT id FROM a INTERSECT ALL SELECT id FROM b MINUS ALL SELECT id FROM c
-- next: an order behind a set operation
SELECT ename AS name FROM emp UNION ALL SELECT dname FROM dept ORDER BY name NULLS FIRST OFFSET 1 ROW FETCH NEXT 5 ROWS ONLY
-- next: paging of old
SELECT * FROM (SELECT x.*, ROWNUM AS rn FROM (SELECT * FROM emp ORDER BY sal DESC) x WHERE ROWNUM <= 20) WHERE rn > 10
-- next: a percentage with ties
SELECT ename FROM emp ORDER BY sal DESC FETCH NEXT 10 PERCENT ROWS WITH TIES
-- next: quantified comparisons
SELECT ename FROM emp WHERE sal >= ALL (SELECT sal FROM emp WHERE deptno = 10) OR sal = SOME (1000, 2000)
-- next: NOT EXISTS and NOT IN with nulls
SELECT dname FROM dept d WHERE NOT EXISTS (SELECT NULL FROM emp e WHERE e.deptno = d.deptno) AND deptno NOT IN (SELECT deptno FROM emp WHERE deptno IS NOT NULL)
-- next: a scalar subquery in every clause
SELECT (SELECT MAX(sal) FROM emp) AS top FROM dept GROUP BY deptno HAVING COUNT(*) >= (SELECT 1 FROM dual) ORDER BY (SELECT MIN(deptno) FROM dept)
-- next: multisets compared
SELECT id FROM t WHERE tags IS NOT EMPTY AND 'x' MEMBER OF (tags) AND CARDINALITY(tags) > 1
-- next: patterns of rows
SELECT * FROM ticks MATCH_RECOGNIZE (PARTITION BY symbol ORDER BY ts MEASURES FIRST(a.ts) AS began, LAST(b.ts) AS ended, COUNT(*) AS n ALL ROWS PER MATCH AFTER MATCH SKIP TO NEXT ROW PATTERN (a b{2,5} c*) DEFINE a AS 1 = 1, b AS b.price > a.price, c AS c.price < b.price) mr
-- next: LIKE in its variants
SELECT ename FROM emp WHERE ename LIKE 'A%' OR ename LIKE 'B_' ESCAPE '\' OR ename NOT LIKE '%C'
-- next: tests of every kind
SELECT ename FROM emp WHERE comm IS NULL AND NOT (sal BETWEEN 1 AND 2) AND job IN ('A', 'B') AND (deptno, job) NOT IN ((10, 'A'), (20, 'B')) AND ROWID IS NOT NULL
-- next: CASE in both shapes
SELECT CASE WHEN sal > 3000 THEN 'high' WHEN sal > 1000 THEN 'mid' ELSE 'low' END, CASE deptno WHEN 10 THEN 'x' END FROM emp
-- next: pseudo-columns
SELECT ROWNUM, ROWID, ORA_ROWSCN, LEVEL FROM emp CONNECT BY LEVEL <= 1
-- next: a session by its cohort
SELECT born, TRUNC(MONTHS_BETWEEN(o.created, born)) AS age, COUNT(DISTINCT o.customer_id) FROM orders o JOIN (SELECT customer_id, TRUNC(MIN(created), 'MM') AS born FROM orders GROUP BY customer_id) f ON f.customer_id = o.customer_id GROUP BY born, TRUNC(MONTHS_BETWEEN(o.created, born))
