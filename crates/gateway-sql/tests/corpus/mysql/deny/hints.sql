-- rule: hint
-- Hints that do more than steer the plan.
-- next: a variable for the statement
SELECT /*+ SET_VAR(sql_mode = 'ANSI_QUOTES') */ "a"
-- next: in a subquery
SELECT * FROM (SELECT /*+ set_var(max_execution_time=0) */ 1) x
-- next: a resource group
SELECT /*+ RESOURCE_GROUP(x) */ 1
-- next: no limit of time
SELECT /*+ MAX_EXECUTION_TIME(0) */ 1
-- next: two limits of time
SELECT /*+ MAX_EXECUTION_TIME(1000) MAX_EXECUTION_TIME(0) */ 1
-- next: a line break inside
SELECT /*+ NO_ICP(t)
SET_VAR (foreign_key_checks = OFF) */ 1
-- next: right behind the plus
SELECT /*+SET_VAR(sort_buffer_size=1)*/ 1
-- next: a name in backticks
SELECT /*+ BKA(t) `SET_VAR`(sql_mode='') */ 1
