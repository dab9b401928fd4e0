-- Tables with history, and the engine's other sources of rows.
-- next: as of an expression
SELECT a, b FROM t FOR SYSTEM_TIME AS OF NOW() - INTERVAL 1 DAY
-- next: as of a date that is a string
SELECT a FROM t FOR SYSTEM_TIME AS OF '2026-06-01 00:00:00' WHERE b > 1
-- next: between two moments
SELECT a FROM t FOR SYSTEM_TIME BETWEEN TIMESTAMP '2026-01-01 00:00:00' AND CURRENT_TIMESTAMP
-- next: the columns of the period
SELECT a, ROW_START, ROW_END FROM t FOR SYSTEM_TIME ALL ORDER BY ROW_START
-- next: a versioned table with an alias in a join
SELECT now_t.id, then_t.total AS before_that FROM t AS now_t LEFT JOIN t FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01 00:00:00' AS then_t ON then_t.id = now_t.id
-- next: a versioned table in a subquery
SELECT (SELECT COUNT(*) FROM t FOR SYSTEM_TIME ALL) - (SELECT COUNT(*) FROM t) AS old_versions
-- next: a sequence engine with a step
SELECT DATE '2026-01-01' + INTERVAL seq DAY AS day FROM seq_0_to_364_step_7
-- next: a sequence joined to sparse facts
SELECT q.seq, COUNT(s.v) FROM seq_1_to_12 q LEFT JOIN series s ON MONTH(s.d) = q.seq GROUP BY q.seq
-- next: the state of a sequence
SELECT next_not_cached_value, increment, cache_size FROM s
-- next: a limit with ROWS EXAMINED and an offset
SELECT id FROM orders ORDER BY id LIMIT 5 OFFSET 1 ROWS EXAMINED 10000
-- next: FETCH FIRST WITH TIES
SELECT id, total FROM orders ORDER BY total DESC FETCH FIRST 2 ROWS WITH TIES
-- next: OFFSET and FETCH NEXT
SELECT id FROM orders ORDER BY id OFFSET 1 ROW FETCH NEXT ROW ONLY
-- next: the last value of a sequence
SELECT LASTVAL(s), next_not_cached_value > 1 FROM s
-- next: history counted by day
SELECT DATE(ROW_END) AS day, COUNT(*) FROM t FOR SYSTEM_TIME FROM '2026-01-01' TO '2026-12-31' GROUP BY day
