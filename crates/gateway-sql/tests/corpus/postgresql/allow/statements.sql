-- The statements besides SELECT that only read, and the clauses that begin or end a query.
-- next: SHOW ALL
SHOW ALL
-- next: SHOW of a setting with a dot
SHOW plpgsql.variable_conflict
-- next: SHOW TRANSACTION ISOLATION LEVEL
SHOW TRANSACTION ISOLATION LEVEL
-- next: EXPLAIN of a WITH
EXPLAIN WITH x AS (SELECT 1) SELECT * FROM x
-- next: EXPLAIN VERBOSE of VALUES
EXPLAIN VERBOSE VALUES (1), (2)
-- next: EXPLAIN with many options
EXPLAIN (VERBOSE true, COSTS false, SETTINGS, SUMMARY off, FORMAT yaml) SELECT count(*) FROM orders
-- next: EXPLAIN that says it will not execute
EXPLAIN (ANALYZE false, TIMING off, FORMAT 'xml') SELECT 1
-- next: EXPLAIN of TABLE
EXPLAIN TABLE orders
-- next: EXPLAIN of a bracketed query
EXPLAIN (SELECT 1)
-- next: VALUES with ORDER BY and LIMIT
VALUES (3, 'c'), (1, 'a'), (2, 'b') ORDER BY 1 DESC LIMIT 2 OFFSET 1
-- next: a SELECT without columns
SELECT FROM orders WHERE id = 1
-- next: FETCH FIRST WITH TIES
SELECT id, total FROM orders ORDER BY total DESC FETCH FIRST 3 ROWS WITH TIES
-- next: OFFSET before LIMIT, LIMIT ALL
SELECT id FROM orders ORDER BY id OFFSET 1 LIMIT ALL
-- next: ORDER BY USING and NULLS FIRST
SELECT id FROM orders ORDER BY total USING <, created DESC NULLS FIRST
-- next: descendants of a table
SELECT tableoid::regclass, id FROM parent*
-- next: TABLESAMPLE SYSTEM with a seed
SELECT count(*) FROM orders AS o TABLESAMPLE SYSTEM (0.5) REPEATABLE (7) WHERE o.total > 1
-- next: numbered placeholders, one of them twice
SELECT id FROM orders WHERE (total > $1 OR $1 IS NULL) AND name = $2
-- next: placeholders with casts
SELECT $1::int + $2::numeric(10,2), CAST($3 AS date), ARRAY[$4, $5]::text[]
-- next: question marks as placeholders
SELECT id FROM orders WHERE customer_id = ? AND total BETWEEN ? AND ? LIMIT ?
-- next: named placeholders beside casts and slices
SELECT :who::text, tags[1:2] FROM a WHERE id = :id
-- next: columns of the system
SELECT ctid, xmin, tableoid, id FROM orders
-- next: a random sample and fresh identifiers
SELECT id, random() AS r, gen_random_uuid(), clock_timestamp() - now() FROM orders ORDER BY r LIMIT 5
