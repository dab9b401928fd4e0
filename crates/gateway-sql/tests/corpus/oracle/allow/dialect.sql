-- next: DUAL and dates
SELECT SYSDATE, SYSTIMESTAMP, TRUNC(SYSDATE, 'MM'), ADD_MONTHS(SYSDATE, -1), TO_CHAR(SYSDATE, 'YYYY-MM-DD'), TO_DATE('2026-01-31', 'YYYY-MM-DD'), DATE '2026-01-31', TIMESTAMP '2026-01-31 12:00:00' FROM dual
-- next: outer joins the old way
SELECT e.name, d.name FROM emp e, dept d WHERE e.dept_id = d.id(+)
-- next: hierarchies
SELECT LEVEL, LPAD(' ', 2 * LEVEL) || name, CONNECT_BY_ROOT name, SYS_CONNECT_BY_PATH(name, '/') FROM emp START WITH manager_id IS NULL CONNECT BY NOCYCLE PRIOR id = manager_id ORDER SIBLINGS BY name
-- next: PIVOT
SELECT * FROM (SELECT region, quarter, amount FROM sales) PIVOT (SUM(amount) FOR quarter IN ('Q1' AS q1, 'Q2' AS q2))
-- next: UNPIVOT
SELECT * FROM sales UNPIVOT (amount FOR quarter IN (q1, q2, q3))
-- next: q-quotes
SELECT q'[it's]', q'{a}', nq'!b!', N'c', Q'<d>' FROM dual
-- next: LISTAGG
SELECT dept_id, LISTAGG(name, ', ') WITHIN GROUP (ORDER BY name) FROM emp GROUP BY dept_id
-- next: KEEP
SELECT MAX(salary) KEEP (DENSE_RANK LAST ORDER BY hired) FROM emp GROUP BY dept_id
-- next: DECODE and NVL
SELECT DECODE(status, 1, 'a', 2, 'b', 'c'), NVL(x, 0), NVL2(x, 1, 2), COALESCE(a, b) FROM t
-- next: ROWNUM and FETCH
SELECT * FROM (SELECT * FROM t ORDER BY a) WHERE ROWNUM <= 10 OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY
-- next: MINUS
SELECT id FROM a MINUS SELECT id FROM b INTERSECT SELECT id FROM c
-- next: hints
SELECT /*+ INDEX(o ix) PARALLEL(4) */ * FROM orders o
-- next: flashback
SELECT * FROM t AS OF TIMESTAMP SYSTIMESTAMP - INTERVAL '10' MINUTE
-- next: partitions
SELECT * FROM sales PARTITION (p1)
-- next: analytic functions
SELECT RATIO_TO_REPORT(a) OVER (), NTILE(4) OVER (ORDER BY a), FIRST_VALUE(a) IGNORE NULLS OVER (ORDER BY b) FROM t
-- next: regular expressions
SELECT REGEXP_SUBSTR(a, '[0-9]+'), REGEXP_REPLACE(a, 'x', 'y') FROM t WHERE REGEXP_LIKE(a, '^z')
-- next: conversion errors
SELECT TO_NUMBER(a DEFAULT 0 ON CONVERSION ERROR), CAST(a AS DATE DEFAULT NULL ON CONVERSION ERROR, 'YYYY'), VALIDATE_CONVERSION(a AS NUMBER) FROM t
-- next: JSON
SELECT JSON_VALUE(doc, '$.a' RETURNING NUMBER), JSON_QUERY(doc, '$.b' WITH WRAPPER), JSON_OBJECT(KEY 'a' VALUE id) FROM t WHERE JSON_EXISTS(doc, '$.c')
-- next: intervals
SELECT INTERVAL '4 5:12' DAY TO MINUTE, (a - b) DAY(9) TO SECOND, NUMTODSINTERVAL(1, 'DAY') FROM t
-- next: multisets
SELECT CAST(MULTISET(SELECT a FROM u) AS num_tab), x MULTISET UNION y FROM t
-- next: sequences that are only read
SELECT seq.CURRVAL FROM dual
-- next: quantified lists
SELECT * FROM t WHERE a = ANY (1, 2, 3) AND b <> ALL (4, 5)
-- next: SAMPLE
SELECT * FROM t SAMPLE (10)
-- next: packages that only compute
SELECT DBMS_LOB.GETLENGTH(c), UTL_RAW.CAST_TO_VARCHAR2(r) FROM t
-- next: the caret for inequality
SELECT * FROM t WHERE a ^= b AND c != d
-- next: a recursive CTE
WITH t1 (id, parent_id) AS (SELECT id, parent_id FROM tab1 WHERE parent_id IS NULL UNION ALL SELECT t2.id, t2.parent_id FROM tab1 t2, t1 WHERE t2.parent_id = t1.id) SEARCH DEPTH FIRST BY id SET order1 CYCLE id SET is_cycle TO 'Y' DEFAULT 'N' SELECT * FROM t1
-- next: MATCH_RECOGNIZE
SELECT * FROM ticks MATCH_RECOGNIZE (PARTITION BY symbol ORDER BY ts MEASURES strt.ts AS start_ts ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (strt down+) DEFINE strt AS 1 = 1, down AS down.price < prev_price)
-- next: a column named interval
SELECT interval FROM (SELECT 1 AS interval FROM dual) WHERE interval > 0 ORDER BY interval
