-- rule: hint
-- Hints that do more than steer the plan.
-- next: a parameter on a line
SELECT --+ OPT_PARAM('_optimizer_x' 'true')
1 FROM dual
-- next: a parameter in a subquery
SELECT * FROM (SELECT /*+ opt_param('optimizer_dynamic_sampling' 0) */ 1 AS n FROM dual)
