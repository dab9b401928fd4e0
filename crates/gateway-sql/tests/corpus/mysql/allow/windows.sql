-- Window functions: frames, named windows, windows over aggregates, gaps and islands.
-- next: ROWS between two offsets
SELECT d, AVG(v) OVER (ORDER BY d ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS week_avg FROM series
-- next: RANGE over an interval in both directions
SELECT d, SUM(v) OVER (ORDER BY d RANGE BETWEEN INTERVAL 1 WEEK PRECEDING AND INTERVAL '1' DAY FOLLOWING) FROM series
-- next: a window that builds on another
SELECT id, SUM(total) OVER w2, COUNT(*) OVER w1 FROM orders WINDOW w1 AS (PARTITION BY customer_id), w2 AS (w1 ORDER BY created ROWS UNBOUNDED PRECEDING)
-- next: ranks of aggregates
SELECT customer_id, SUM(total), DENSE_RANK() OVER (ORDER BY SUM(total) DESC), SUM(SUM(total)) OVER () FROM orders GROUP BY customer_id
-- next: the newest row of each group
SELECT * FROM (SELECT o.*, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY created DESC, id DESC) AS rn FROM orders o) x WHERE rn = 1
-- next: gaps and islands by dates
SELECT MIN(d), MAX(d), COUNT(*) FROM (SELECT d, DATE_SUB(d, INTERVAL ROW_NUMBER() OVER (ORDER BY d) DAY) AS island FROM series) x GROUP BY island
-- next: LAG and LEAD with offset and default
SELECT d, v - LAG(v, 1, 0) OVER w AS delta, LEAD(v, 2) OVER w, NTH_VALUE(v, 2) OVER w, FIRST_VALUE(v) RESPECT NULLS OVER w FROM series WINDOW w AS (ORDER BY d)
-- next: percentiles by rank
SELECT id, PERCENT_RANK() OVER (ORDER BY total), CUME_DIST() OVER (ORDER BY total), NTILE(4) OVER (ORDER BY total DESC) FROM orders
-- next: JSON and bits over a window
SELECT id, JSON_ARRAYAGG(total) OVER (ORDER BY id), BIT_OR(customer_id) OVER (), STDDEV_SAMP(total) OVER (PARTITION BY customer_id), VAR_POP(total) OVER () FROM orders
-- next: a share of the whole in ORDER BY
SELECT id FROM orders ORDER BY total / SUM(total) OVER (PARTITION BY YEAR(created)) DESC LIMIT 10
