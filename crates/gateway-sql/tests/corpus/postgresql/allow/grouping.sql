-- Aggregation: grouping sets, ordered-set and hypothetical-set aggregates, FILTER, ORDER BY inside aggregates.
-- next: ROLLUP with labels for the subtotals
SELECT CASE WHEN grouping(country) = 1 THEN 'all' ELSE country END AS country, count(*) FROM customers GROUP BY ROLLUP (country)
-- next: CUBE with composite elements
SELECT country, active, name, count(*) FROM customers GROUP BY CUBE ((country, active), name)
-- next: GROUP BY ALL and DISTINCT
SELECT country, active, count(*) FROM customers GROUP BY DISTINCT ROLLUP (country), ROLLUP (country, active)
-- next: the empty grouping set
SELECT count(*) FROM orders GROUP BY ()
-- next: hypothetical sets
SELECT rank(100) WITHIN GROUP (ORDER BY total), dense_rank(100) WITHIN GROUP (ORDER BY total DESC), cume_dist(50) WITHIN GROUP (ORDER BY total) FROM orders
-- next: several percentiles at once, filtered
SELECT percentile_cont(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY total) FILTER (WHERE total IS NOT NULL) FROM orders
-- next: array_agg of rows in order
SELECT customer_id, array_agg(DISTINCT total ORDER BY total DESC) FROM orders GROUP BY customer_id HAVING count(*) >= 1
-- next: conditional aggregates as a pivot
SELECT customer_id, sum(total) FILTER (WHERE extract(quarter FROM created) = 1) AS q1, sum(total) FILTER (WHERE extract(quarter FROM created) = 2) AS q2 FROM orders GROUP BY customer_id
-- next: statistics
SELECT corr(v, n), covar_pop(v, n), regr_slope(v, n), regr_r2(v, n), stddev_samp(v), var_pop(v), bool_and(v > 0), every(v > 0), bit_or(v) FROM series, numbers
-- next: grouping by an expression, an ordinal and a label
SELECT date_trunc('week', created) AS week, customer_id % 10 AS bucket, count(*) FROM orders GROUP BY week, 2 ORDER BY week NULLS FIRST, bucket DESC
-- next: HAVING without GROUP BY
SELECT max(total) FROM orders HAVING count(*) > 0
