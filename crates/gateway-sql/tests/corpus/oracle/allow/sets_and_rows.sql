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
-- next: a month against the month before
SELECT TO_CHAR(m, 'YYYY-MM'), revenue, revenue - LAG(revenue) OVER (ORDER BY m) FROM (SELECT TRUNC(created, 'MM') AS m, SUM(total) AS revenue FROM orders GROUP BY TRUNC(created, 'MM')) ORDER BY m
-- next: a basket of pairs
SELECT a.product_id, b.product_id, COUNT(*) FROM lines a JOIN lines b ON b.order_id = a.order_id AND b.product_id > a.product_id GROUP BY a.product_id, b.product_id HAVING COUNT(*) > 5 ORDER BY 3 DESC FETCH FIRST 10 ROWS ONLY
-- next: objects and references
SELECT DEREF(r), TREAT(VALUE(p) AS emp_t).sal, VALUE(p) FROM persons p
-- next: ODBC's escape around a built-in function
SELECT {fn UPPER('x')} FROM dual
-- next: predictions of a model
SELECT PREDICTION(m USING *), CLUSTER_ID(m USING sal, job) FROM emp
-- next: measurements of shapes
SELECT SDO_GEOM.SDO_AREA(g, 0.005) FROM parcels
-- next: XML by paths
SELECT EXTRACTVALUE(d.xml, '/a/b'), EXISTSNODE(d.xml, '/a'), EXTRACT(d.xml, '/a') FROM docs d
-- next: DISTINCT, UNIQUE and ALL
SELECT UNIQUE deptno FROM emp UNION ALL SELECT ALL deptno FROM dept
-- next: an inline view that is limited and joined
SELECT o.id, l.n FROM (SELECT id FROM orders ORDER BY created DESC FETCH FIRST 100 ROWS ONLY) o JOIN (SELECT order_id, COUNT(*) AS n FROM lines GROUP BY order_id) l ON l.order_id = o.id
-- next: a running total that restarts each year
SELECT d, SUM(v) OVER (PARTITION BY EXTRACT(YEAR FROM d) ORDER BY d ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM series
-- next: rows that changed
(SELECT * FROM emp MINUS SELECT * FROM emp_yesterday) UNION ALL (SELECT * FROM emp_yesterday MINUS SELECT * FROM emp)
