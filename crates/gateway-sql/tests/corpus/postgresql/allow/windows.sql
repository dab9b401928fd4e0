-- Window functions: every frame mode, exclusions, named and inherited windows, windows over aggregates.
-- next: ROWS between two offsets
SELECT d, avg(v) OVER (ORDER BY d ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING) AS smoothed FROM series
-- next: RANGE over an interval
SELECT d, sum(v) OVER (ORDER BY d RANGE BETWEEN INTERVAL '7 days' PRECEDING AND INTERVAL '1 day' PRECEDING) AS week_before FROM series
-- next: GROUPS with EXCLUDE CURRENT ROW
SELECT id, avg(total) OVER (ORDER BY customer_id GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) FROM orders
-- next: EXCLUDE GROUP and EXCLUDE NO OTHERS
SELECT sum(v) OVER (ORDER BY d ROWS UNBOUNDED PRECEDING EXCLUDE GROUP), sum(v) OVER (ORDER BY d ROWS UNBOUNDED PRECEDING EXCLUDE NO OTHERS) FROM series
-- next: a window inherited from another and narrowed
SELECT sum(v) OVER w2, max(v) OVER w1 FROM series WINDOW w1 AS (PARTITION BY date_part('year', d)), w2 AS (w1 ORDER BY d ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
-- next: an aggregate inside a window function
SELECT customer_id, sum(total) AS spent, rank() OVER (ORDER BY sum(total) DESC), sum(sum(total)) OVER () AS everybody FROM orders GROUP BY customer_id
-- next: the share of a total with FILTER inside OVER
SELECT id, total / nullif(sum(total) FILTER (WHERE total > 0) OVER (PARTITION BY customer_id), 0) AS share FROM orders
-- next: gaps and islands
SELECT min(d), max(d), count(*) FROM (SELECT d, d - row_number() OVER (ORDER BY d)::int AS island FROM series) runs GROUP BY island ORDER BY 1
-- next: sessions from the time between events
SELECT customer_id, session, min(created), max(created) FROM (SELECT customer_id, created, sum(is_new) OVER (PARTITION BY customer_id ORDER BY created) AS session FROM (SELECT customer_id, created, CASE WHEN created - lag(created) OVER (PARTITION BY customer_id ORDER BY created) < interval '30 minutes' THEN 0 ELSE 1 END AS is_new FROM orders) marked) summed GROUP BY customer_id, session
-- next: the latest row of each group without DISTINCT ON
SELECT * FROM (SELECT o.*, row_number() OVER (PARTITION BY customer_id ORDER BY created DESC NULLS LAST, id) AS newest FROM orders o) ranked WHERE newest = 1
-- next: ntile, percent_rank, cume_dist and nth_value
SELECT ntile(10) OVER w, percent_rank() OVER w, cume_dist() OVER w, nth_value(total, 2) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM orders WINDOW w AS (ORDER BY total)
-- next: lag with an offset and a default
SELECT d, v, lag(v, 7, 0) OVER (ORDER BY d), lead(v, 2) OVER (ORDER BY d), v - first_value(v) OVER (ORDER BY d) FROM series
