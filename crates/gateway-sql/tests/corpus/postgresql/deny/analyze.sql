-- rule: explain_analyze
-- EXPLAIN that executes: every spelling of the option.
-- next: with VERBOSE
EXPLAIN ANALYZE VERBOSE SELECT 1
-- next: the British spelling
EXPLAIN ANALYSE SELECT 1
-- next: behind other options
EXPLAIN (VERBOSE, COSTS off, ANALYZE on) SELECT 1
-- next: the number 1
EXPLAIN (ANALYZE 1) SELECT 1
-- next: a string
EXPLAIN (ANALYZE 'true') SELECT 1
-- next: of a write
EXPLAIN ANALYZE DELETE FROM orders
-- next: off and then on again
EXPLAIN (ANALYZE off, ANALYZE on) SELECT 1
