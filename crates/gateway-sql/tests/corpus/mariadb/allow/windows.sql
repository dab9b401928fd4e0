-- Window functions as MariaDB has them.
-- next: a moving average
SELECT d, AVG(v) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING) FROM series
-- next: RANGE over numbers
SELECT id, SUM(total) OVER (ORDER BY id RANGE BETWEEN 5 PRECEDING AND CURRENT ROW) FROM orders
-- next: the median and percentiles of a group
SELECT DISTINCT customer_id, MEDIAN(total) OVER (PARTITION BY customer_id), PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY total DESC) OVER (PARTITION BY customer_id) FROM orders
-- next: a named window
SELECT RANK() OVER w, DENSE_RANK() OVER w, ROW_NUMBER() OVER w FROM orders WINDOW w AS (PARTITION BY customer_id ORDER BY total DESC)
-- next: a window over groups
SELECT customer_id, SUM(total) AS spent, RANK() OVER (ORDER BY SUM(total) DESC) AS place FROM orders GROUP BY customer_id
-- next: growth against the day before
SELECT d, v, ROUND(100 * (v - LAG(v) OVER w) / NULLIF(LAG(v) OVER w, 0), 1) AS growth FROM series WINDOW w AS (ORDER BY d)
-- next: first, last and nth values
SELECT id, FIRST_VALUE(total) OVER (ORDER BY id), LAST_VALUE(total) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), NTH_VALUE(total, 2) OVER (ORDER BY id) FROM orders
-- next: quartiles and relative ranks
SELECT id, NTILE(4) OVER (ORDER BY total), PERCENT_RANK() OVER (ORDER BY total), CUME_DIST() OVER (ORDER BY total) FROM orders
-- next: the top two of each customer
SELECT customer_id, id FROM (SELECT customer_id, id, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY total DESC) AS n FROM orders) ranked WHERE n <= 2
-- next: standard deviation and bits over a window
SELECT id, STDDEV_POP(total) OVER (), BIT_XOR(id) OVER (ORDER BY id), VAR_SAMP(total) OVER (PARTITION BY customer_id) FROM orders
