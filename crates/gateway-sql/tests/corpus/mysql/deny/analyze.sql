-- rule: explain_analyze
-- EXPLAIN that executes.
-- next: with a format
EXPLAIN ANALYZE FORMAT=TREE SELECT 1
-- next: of a write
EXPLAIN ANALYZE DELETE FROM orders
-- next: spelt DESCRIBE
DESCRIBE ANALYZE SELECT 1
-- next: of WITH
DESC ANALYZE WITH x AS (SELECT 1) SELECT * FROM x
-- next: of TABLE
EXPLAIN ANALYZE TABLE orders
