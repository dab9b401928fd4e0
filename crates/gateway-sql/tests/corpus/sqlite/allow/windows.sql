-- Window functions: frames, exclusions, chains of windows, filters.
-- next: ROWS between two offsets
SELECT d, avg(v) OVER (ORDER BY d ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING) FROM series
-- next: RANGE over numbers
SELECT id, sum(total) OVER (ORDER BY total RANGE BETWEEN 10 PRECEDING AND 5.5 FOLLOWING) FROM orders
-- next: GROUPS and every exclusion
SELECT count(*) OVER (ORDER BY v GROUPS 1 PRECEDING EXCLUDE CURRENT ROW), count(*) OVER (ORDER BY v ROWS 1 PRECEDING EXCLUDE TIES), count(*) OVER (ORDER BY v ROWS 1 PRECEDING EXCLUDE NO OTHERS) FROM series
-- next: a window that builds on another
SELECT sum(total) OVER w2, count(*) OVER w1 FROM orders WINDOW w1 AS (PARTITION BY customer_id), w2 AS (w1 ORDER BY created)
-- next: a filter before OVER
SELECT id, count(*) FILTER (WHERE total > 10) OVER (PARTITION BY customer_id) FROM orders
-- next: all the ranking functions
SELECT row_number() OVER w, rank() OVER w, dense_rank() OVER w, percent_rank() OVER w, cume_dist() OVER w, ntile(4) OVER w FROM orders WINDOW w AS (ORDER BY total DESC NULLS LAST)
-- next: values from other rows
SELECT d, lag(v, 1, 0) OVER o, lead(v) OVER o, first_value(v) OVER o, last_value(v) OVER o, nth_value(v, 2) OVER o FROM series WINDOW o AS (ORDER BY d ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
-- next: a window over groups
SELECT customer_id, sum(total), sum(sum(total)) OVER (ORDER BY customer_id) FROM orders GROUP BY customer_id
-- next: gaps and islands
SELECT min(d), max(d), count(*) FROM (SELECT d, julianday(d) - row_number() OVER (ORDER BY d) AS island FROM series) GROUP BY island
-- next: the newest row of each group
SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY created DESC) AS rn FROM orders) WHERE rn = 1
