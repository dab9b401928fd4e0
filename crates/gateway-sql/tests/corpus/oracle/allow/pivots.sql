-- PIVOT, UNPIVOT, MODEL-free reshaping, and groupings.
-- next: several aggregates over several columns
SELECT * FROM (SELECT region, channel, quarter, amount FROM sales) PIVOT (SUM(amount) AS total, COUNT(*) AS n FOR (quarter, channel) IN (('Q1', 'web') AS q1_web, ('Q2', 'web') AS q2_web)) ORDER BY region
-- next: a pivot of a table with an alias
SELECT p.* FROM emp PIVOT (AVG(sal) FOR job IN ('CLERK' AS clerk, 'MANAGER' AS manager)) p WHERE p.clerk > 0
-- next: UNPIVOT that keeps nulls and names its values
SELECT * FROM sales_wide UNPIVOT INCLUDE NULLS (amount FOR quarter IN (q1 AS 'first', q2 AS 'second'))
-- next: UNPIVOT of several columns at once
SELECT * FROM sales_wide UNPIVOT ((amount, units) FOR quarter IN ((a1, u1) AS 'h1', (a2, u2) AS 'h2'))
-- next: a pivot by hand
SELECT deptno, SUM(CASE job WHEN 'CLERK' THEN sal END) AS clerks, SUM(DECODE(job, 'MANAGER', sal, 0)) AS managers FROM emp GROUP BY deptno
-- next: GROUPING SETS
SELECT deptno, job, SUM(sal), GROUPING_ID(deptno, job), GROUP_ID() FROM emp GROUP BY GROUPING SETS ((deptno, job), deptno, ())
-- next: partial ROLLUP
SELECT region, quarter, SUM(amount) FROM sales GROUP BY region, ROLLUP(quarter, channel)
-- next: CUBE with labels
SELECT DECODE(GROUPING(region), 1, 'all', region) AS region, SUM(amount) FROM sales GROUP BY CUBE(region, channel) HAVING GROUPING(channel) = 1
-- next: a composite element
SELECT COUNT(*) FROM sales GROUP BY ROLLUP((region, channel), quarter)
-- next: LISTAGG with DISTINCT
SELECT deptno, LISTAGG(DISTINCT job, ',') WITHIN GROUP (ORDER BY job) FROM emp GROUP BY deptno
-- next: COLLECT and its conversion
SELECT deptno, CAST(COLLECT(ename ORDER BY hired) AS name_list) FROM emp GROUP BY deptno
-- next: approximate counts
SELECT APPROX_COUNT_DISTINCT(customer_id), COUNT(DISTINCT customer_id) FROM orders
