-- rule: hint
-- Hints that do more than steer the plan, for the versions that know them.
-- next: a variable for the statement
SELECT /*+ SET_VAR(sql_mode='') */ id FROM orders
-- next: no limit of time
SELECT /*+ MAX_EXECUTION_TIME(0) */ id FROM orders
-- next: in a subquery's block
SELECT id FROM orders WHERE id IN (SELECT /*+ QB_NAME(q) SET_VAR(lock_wait_timeout=0) */ 1)
