-- rule: function
-- Places where a call can hide that the other tables do not show.
-- next: the offset of LAG
SELECT LAG(sal, f(1)) OVER (ORDER BY empno) FROM emp
-- next: PARTITION BY
SELECT COUNT(*) OVER (PARTITION BY pkg.f(sal)) FROM emp
-- next: a frame's bound
SELECT SUM(sal) OVER (ORDER BY empno ROWS BETWEEN f(1) PRECEDING AND CURRENT ROW) FROM emp
-- next: a named window
SELECT SUM(sal) OVER w FROM emp WINDOW w AS (ORDER BY f(sal))
-- next: the fraction of a percentile
SELECT PERCENTILE_CONT(f(1)) WITHIN GROUP (ORDER BY sal) FROM emp
-- next: KEEP's second key
SELECT MAX(sal) KEEP (DENSE_RANK LAST ORDER BY hired, f(sal)) FROM emp
-- next: LISTAGG's order
SELECT LISTAGG(ename, ',') WITHIN GROUP (ORDER BY f(ename)) FROM emp
-- next: an XMLAGG's order
SELECT XMLAGG(XMLELEMENT("a", ename) ORDER BY f(ename)) FROM emp
-- next: an XMLELEMENT's attribute
SELECT XMLELEMENT("a", XMLATTRIBUTES(f(1) AS "b")) FROM dual
-- next: an XMLFOREST
SELECT XMLFOREST(f(1) AS "a") FROM dual
-- next: the document of XMLTABLE
SELECT * FROM XMLTABLE('/a' PASSING f(1) COLUMNS a NUMBER PATH '@a')
-- next: the document of XMLEXISTS
SELECT 1 FROM dual WHERE XMLEXISTS('/a' PASSING f(1))
-- next: JSON_VALUE's document
SELECT JSON_VALUE(f(1), '$.a') FROM dual
-- next: JSON_EXISTS's variables
SELECT 1 FROM po WHERE JSON_EXISTS(doc, '$?(@.a == $v)' PASSING f(1) AS "v")
-- next: JSON_TABLE's document
SELECT * FROM JSON_TABLE(f(1), '$' COLUMNS (a NUMBER PATH '$.a'))
-- next: JSON_ARRAYAGG's order
SELECT JSON_ARRAYAGG(ename ORDER BY f(ename)) FROM emp
-- next: an aggregate in PIVOT
SELECT * FROM sales PIVOT (SUM(f(amount)) FOR quarter IN ('Q1'))
-- next: the source of UNPIVOT
SELECT * FROM (SELECT f(1) AS a, 2 AS b FROM dual) UNPIVOT (v FOR n IN (a, b))
-- next: a measure of MATCH_RECOGNIZE
SELECT * FROM ticks MATCH_RECOGNIZE (ORDER BY ts MEASURES f(a.price) AS p PATTERN (a) DEFINE a AS 1 = 1)
-- next: a condition of MATCH_RECOGNIZE
SELECT * FROM ticks MATCH_RECOGNIZE (ORDER BY ts MEASURES a.ts AS t PATTERN (a) DEFINE a AS f(a.price) = 1)
-- next: the order of MATCH_RECOGNIZE
SELECT * FROM ticks MATCH_RECOGNIZE (ORDER BY f(ts) MEASURES a.ts AS t PATTERN (a) DEFINE a AS 1 = 1)
-- next: PRIOR
SELECT 1 FROM emp CONNECT BY PRIOR f(empno) = mgr
-- next: CONNECT_BY_ROOT
SELECT CONNECT_BY_ROOT f(ename) FROM emp CONNECT BY PRIOR empno = mgr
-- next: SYS_CONNECT_BY_PATH
SELECT SYS_CONNECT_BY_PATH(f(ename), '/') FROM emp CONNECT BY PRIOR empno = mgr
-- next: GROUPING SETS
SELECT COUNT(*) FROM emp GROUP BY GROUPING SETS ((f(deptno)), ())
-- next: CUBE
SELECT COUNT(*) FROM emp GROUP BY CUBE(deptno, f(job))
-- next: HAVING
SELECT deptno FROM emp GROUP BY deptno HAVING f(deptno) > 0
-- next: OFFSET
SELECT 1 FROM emp OFFSET f(1) ROWS
-- next: SAMPLE
SELECT 1 FROM emp SAMPLE (f(1))
-- next: the change number of a flashback
SELECT 1 FROM emp AS OF SCN f(1)
-- next: versions between
SELECT 1 FROM emp VERSIONS BETWEEN SCN f(1) AND MAXVALUE
-- next: CROSS APPLY
SELECT 1 FROM emp e CROSS APPLY (SELECT f(e.sal) AS n FROM dual) x
-- next: LATERAL
SELECT 1 FROM emp e, LATERAL (SELECT pkg.f(e.sal) AS n FROM dual) x
-- next: a collection as a table
SELECT * FROM TABLE(CAST(f(1) AS num_tab))
-- next: (+) on a call
SELECT 1 FROM a, b WHERE a.id = f(b.id(+))
-- next: EXTRACT
SELECT EXTRACT(YEAR FROM f(1)) FROM dual
-- next: AT TIME ZONE
SELECT SYSTIMESTAMP AT TIME ZONE f(1) FROM dual
-- next: an interval's difference
SELECT (f(1) - SYSTIMESTAMP) DAY TO SECOND FROM dual
-- next: LIKE's escape
SELECT 1 FROM emp WHERE ename LIKE 'a' ESCAPE f(1)
-- next: IN with rows
SELECT 1 FROM dual WHERE (1, 2) IN ((1, f(2)))
-- next: DECODE
SELECT DECODE(1, 1, f(1), 2) FROM dual
-- next: NVL2 inside NVL
SELECT NVL(NVL2(1, f(1), 2), 3) FROM dual
-- next: ORDER BY with NULLS LAST
SELECT 1 FROM emp ORDER BY f(sal) DESC NULLS LAST
-- next: a recursive CTE's second part
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT f(i) FROM n WHERE i < 3) SELECT i FROM n
-- next: MINUS
SELECT 1 FROM dual MINUS SELECT f(1) FROM dual
-- next: a moment in the session's time zone
SELECT f(1) AT LOCAL FROM dual
-- next: JSON by its strict syntax
SELECT 1 FROM dual WHERE f(1) IS JSON STRICT
