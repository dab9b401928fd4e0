-- rule: explain_analyze
-- ANALYZE executes, and so does what only MySQL calls EXPLAIN ANALYZE.
-- next: ANALYZE
ANALYZE SELECT 1
-- next: with a format
ANALYZE FORMAT=JSON SELECT 1
-- next: of a WITH
ANALYZE FORMAT=JSON WITH x AS (SELECT 1) SELECT * FROM x
-- next: in brackets
ANALYZE (SELECT 1)
-- next: as MySQL spells it
EXPLAIN ANALYZE SELECT 1
