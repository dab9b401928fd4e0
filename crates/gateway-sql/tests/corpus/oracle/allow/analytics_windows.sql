-- Analytic functions: frames, KEEP, IGNORE NULLS, WITHIN GROUP, named windows.
-- next: ROWS between two offsets
SELECT d, AVG(v) OVER (ORDER BY d ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING) FROM series
-- next: RANGE over an interval of months
SELECT SUM(amount) OVER (PARTITION BY region ORDER BY sold_on RANGE BETWEEN INTERVAL '3' MONTH PRECEDING AND INTERVAL '1' DAY PRECEDING) FROM sales
-- next: RANGE over a number of days
SELECT COUNT(*) OVER (ORDER BY hired RANGE 30 PRECEDING) FROM emp
-- next: GROUPS with an exclusion
SELECT SUM(v) OVER (ORDER BY d GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM series
-- next: a named window
SELECT SUM(v) OVER w, AVG(v) OVER w FROM series WINDOW w AS (PARTITION BY TRUNC(d, 'MM') ORDER BY d)
-- next: the last value that is not null
SELECT d, LAST_VALUE(v IGNORE NULLS) OVER (ORDER BY d ROWS UNBOUNDED PRECEDING) AS filled FROM series
-- next: LAG with nulls ignored
SELECT d, LAG(v, 1, 0) IGNORE NULLS OVER (ORDER BY d) FROM series
-- next: NTH_VALUE over a whole partition
SELECT NTH_VALUE(sal, 2) RESPECT NULLS OVER (PARTITION BY deptno ORDER BY sal ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM emp
-- next: the first and last of a group
SELECT deptno, MIN(ename) KEEP (DENSE_RANK FIRST ORDER BY sal DESC, hired) AS best, MAX(sal) KEEP (DENSE_RANK LAST ORDER BY hired) AS newest FROM emp GROUP BY deptno
-- next: KEEP over a partition
SELECT ename, sal - MIN(sal) KEEP (DENSE_RANK FIRST ORDER BY hired) OVER (PARTITION BY deptno) FROM emp
-- next: hypothetical ranks
SELECT RANK(3000) WITHIN GROUP (ORDER BY sal DESC), CUME_DIST(3000) WITHIN GROUP (ORDER BY sal) FROM emp
-- next: percentiles as aggregates and over partitions
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY sal), MEDIAN(sal), STATS_MODE(deptno) FROM emp
-- next: a percentile over a partition
SELECT ename, PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY sal DESC) OVER (PARTITION BY deptno) FROM emp
-- next: LISTAGG over a partition
SELECT ename, LISTAGG(ename, '; ') WITHIN GROUP (ORDER BY hired) OVER (PARTITION BY deptno) FROM emp
-- next: the share of a report
SELECT region, SUM(amount), ROUND(100 * RATIO_TO_REPORT(SUM(amount)) OVER (), 1) AS pct FROM sales GROUP BY region
-- next: linear regression
SELECT REGR_SLOPE(sal, comm), REGR_R2(sal, comm), CORR(sal, comm), COVAR_POP(sal, comm), STDDEV_SAMP(sal), VAR_POP(sal) FROM emp
-- next: the top three of each department
SELECT * FROM (SELECT e.*, DENSE_RANK() OVER (PARTITION BY deptno ORDER BY sal DESC NULLS LAST) AS place FROM emp e) WHERE place <= 3
-- next: gaps and islands
SELECT MIN(d), MAX(d) FROM (SELECT d, d - ROW_NUMBER() OVER (ORDER BY d) AS grp FROM series) GROUP BY grp
-- next: buckets of equal width and height
SELECT WIDTH_BUCKET(sal, 0, 5000, 10), NTILE(10) OVER (ORDER BY sal), PERCENT_RANK() OVER (ORDER BY sal), CUME_DIST() OVER (ORDER BY sal) FROM emp
