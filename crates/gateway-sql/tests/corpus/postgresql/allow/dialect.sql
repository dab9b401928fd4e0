-- next: casts
SELECT '2026-01-31'::date, id::text, CAST(total AS numeric(10,2)), total::numeric(10,2), 'orders'::regclass FROM orders
-- next: arrays
SELECT ARRAY[1, 2, 3], tags[1], tags[1:2], tags[:2], tags[2:], 1 = ANY(tags), array_agg(id ORDER BY id) FROM t GROUP BY tags
-- next: jsonb operators
SELECT doc->'a', doc->>'a', doc#>'{a,b}', doc #>> '{a,b}', doc @> '{"a":1}', doc ? 'a', doc ?| ARRAY['a','b'], doc ?& ARRAY['a'], doc - 'a', doc || '{}' FROM docs
-- next: JSON paths
SELECT jsonb_path_query(doc, '$.a[*] ? (@ > 1)'), doc @? '$.a', doc @@ '$.a > 1' FROM docs
-- next: LATERAL
SELECT c.id, m.total FROM customers c CROSS JOIN LATERAL (SELECT total FROM orders o WHERE o.customer_id = c.id ORDER BY total DESC LIMIT 3) m
-- next: set-returning functions
SELECT * FROM generate_series(1, 10) AS g(n) JOIN unnest(ARRAY[1, 2]) WITH ORDINALITY AS u(v, o) ON u.v = g.n
-- next: a recursive CTE with SEARCH and CYCLE
WITH RECURSIVE tree(id, parent) AS (SELECT id, parent FROM nodes WHERE parent IS NULL UNION ALL SELECT n.id, n.parent FROM nodes n JOIN tree t ON n.parent = t.id) SEARCH DEPTH FIRST BY id SET ord CYCLE id SET is_cycle USING path SELECT * FROM tree
-- next: DISTINCT ON
SELECT DISTINCT ON (customer_id) * FROM orders ORDER BY customer_id, created DESC
-- next: FILTER and WITHIN GROUP
SELECT count(*) FILTER (WHERE total > 10), percentile_cont(0.5) WITHIN GROUP (ORDER BY total), mode() WITHIN GROUP (ORDER BY total) FROM orders
-- next: frames
SELECT sum(v) OVER (ORDER BY d RANGE BETWEEN '1 day'::interval PRECEDING AND CURRENT ROW EXCLUDE TIES), first_value(v) OVER w FROM t WINDOW w AS (PARTITION BY g ORDER BY d GROUPS 2 PRECEDING)
-- next: grouping sets
SELECT a, b, grouping(a, b), sum(c) FROM t GROUP BY GROUPING SETS ((a, b), (a), ()), ROLLUP (a), CUBE (a, b)
-- next: dates
SELECT now(), current_date, date_trunc('month', created), extract(epoch FROM created), age(created), created AT TIME ZONE 'UTC', created + interval '1 day', to_char(created, 'YYYY-MM') FROM orders
-- next: dollar quotes
SELECT $$it's; DROP TABLE x$$, $q$ $$ $q$
-- next: escape strings
SELECT E'a\'b\n', U&'d\0061t', 'plain \', e'one '
'two \' three'
-- next: Unicode names
SELECT U&"d\0061t" FROM t
-- next: quoted names
SELECT "Select", "a""b" FROM "My Table"
-- next: nested comments
SELECT /* outer /* inner */ still a comment */ 1
-- next: regular expressions
SELECT name ~ '^a', name ~* 'B', name !~ 'c', regexp_replace(name, 'a', 'b', 'g'), name SIMILAR TO '(a|b)%', name ILIKE 'x' FROM t
-- next: text search
SELECT to_tsvector('english', body) @@ plainto_tsquery('english', 'a b'), ts_rank(tsv, q), ts_headline(body, q) FROM docs, to_tsquery('a & b') q
-- next: ranges and geometry
SELECT int4range(1, 10) @> 5, r && tstzrange(now(), null), p <-> point(0, 0), box '((0,0),(1,1))' && b FROM t
-- next: rows
SELECT (t).id, (t.pair).x, row(1, 2), (jsonb_each(doc)).* FROM t
-- next: table sample
SELECT * FROM orders TABLESAMPLE BERNOULLI (10) REPEATABLE (42)
-- next: VALUES
VALUES (1, 'a'), (2, 'b')
-- next: TABLE
TABLE orders
-- next: SHOW
SHOW server_version
-- next: SHOW TIME ZONE
SHOW TIME ZONE
-- next: EXPLAIN
EXPLAIN (FORMAT JSON, VERBOSE, ANALYZE off) SELECT * FROM orders
-- next: FETCH
SELECT * FROM orders ORDER BY id OFFSET 5 ROWS FETCH FIRST 10 ROWS ONLY
-- next: catalogue
SELECT c.relname, pg_size_pretty(pg_total_relation_size(c.oid)), obj_description(c.oid), format_type(a.atttypid, a.atttypmod) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE has_table_privilege(c.oid, 'select')
-- next: named arguments
SELECT make_interval(days => 3), make_interval(hours := 2)
-- next: XML
SELECT xmlelement(name a, xmlattributes(id AS k), xmlforest(name)), xpath('/a', x) FROM t
-- next: qualified functions and operators
SELECT pg_catalog.lower(name), 1 OPERATOR(pg_catalog.+) 2 FROM t
-- next: variadic
SELECT format('%s %s', VARIADIC ARRAY['a', 'b'])
-- next: IS DISTINCT FROM
SELECT * FROM t WHERE a IS DISTINCT FROM b AND c IS NOT TRUE AND d ISNULL
-- next: materialized CTEs
WITH a AS MATERIALIZED (SELECT 1 AS x), b AS NOT MATERIALIZED (SELECT 2 AS y) SELECT * FROM a, b
-- next: ONLY
SELECT * FROM ONLY parent
-- next: ordinary words that other engines reserve
SELECT top.date, top.minus FROM top
-- next: sorted by an operator of the catalogue
SELECT id, array_agg(id ORDER BY id USING <) FROM orders GROUP BY id ORDER BY id USING OPERATOR(pg_catalog.>) NULLS LAST
-- next: an operator of the catalogue, quoted
SELECT 1 OPERATOR("pg_catalog".+) 2
-- next: DISTINCT FROM is no clause
SELECT id IS NOT DISTINCT FROM NULL, (id, total) = (1, 1) FROM orders
-- next: DISTINCT FROM in a join, and a table behind it
SELECT 1 FROM orders o JOIN customers c ON o.id IS DISTINCT FROM c.id, (VALUES (1)) AS v (n)
-- next: between bounds in any order
SELECT 1 WHERE 2 BETWEEN SYMMETRIC 3 AND 1 AND 2 NOT BETWEEN ASYMMETRIC 3 AND 1
-- next: a table without what inherits from it
TABLE ONLY orders
-- next: an array by its positions
SELECT (k).x, (k).n FROM (SELECT information_schema._pg_expandarray(ARRAY[3, 4]) AS k) AS i
-- next: a column named interval
SELECT interval, count(*) FROM (SELECT 1 AS interval) s WHERE interval > 0 GROUP BY interval ORDER BY interval LIMIT 1
