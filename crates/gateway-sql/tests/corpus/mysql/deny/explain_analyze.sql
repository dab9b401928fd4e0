-- rule: explain_analyze
-- next: ANALYZE
EXPLAIN ANALYZE SELECT 1
