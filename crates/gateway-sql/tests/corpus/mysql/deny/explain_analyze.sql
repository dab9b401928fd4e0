-- rule: explain_analyze
-- next: ANALYZE
EXPLAIN ANALYZE SELECT 1
-- next: behind a format
EXPLAIN FORMAT=TREE ANALYZE SELECT 1
