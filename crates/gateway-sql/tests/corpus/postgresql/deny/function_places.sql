-- rule: function
-- Places where a call can hide that the other tables do not show.
-- next: the filter of a WHERE in an outer join's condition
SELECT 1 FROM orders o LEFT JOIN customers c ON c.id = o.id AND pg_try_advisory_lock(o.id)
-- next: the USING operator's operand
SELECT id FROM orders ORDER BY lo_creat(-1) USING <
-- next: the default of a window function
SELECT lag(total, 1, setval('s', 1)) OVER (ORDER BY id) FROM orders
-- next: the end of a frame
SELECT sum(v) OVER (ORDER BY d ROWS BETWEEN 1 PRECEDING AND nextval('s') FOLLOWING) FROM series
-- next: the ORDER BY inside an aggregate
SELECT string_agg(name, ',' ORDER BY pg_notify('a', name)) FROM customers
-- next: the direct argument of an ordered-set aggregate
SELECT percentile_cont(setseed(0.1)::text::float8) WITHIN GROUP (ORDER BY total) FROM orders
-- next: a FILTER's subquery
SELECT count(*) FILTER (WHERE id IN (SELECT lo_create(1))) FROM orders
-- next: the seed of a sample
SELECT * FROM orders TABLESAMPLE BERNOULLI (1) REPEATABLE (nextval('s'))
-- next: the arguments of a named-argument call
SELECT make_interval(secs => pg_backend_pid() + nextval('s'))
-- next: the other spelling of named arguments
SELECT make_interval(days := lo_creat(1)::int)
-- next: a slice's upper bound
SELECT tags[1:nextval('s')] FROM a
-- next: a field of a called row
SELECT (pg_stat_file('x')).modification
-- next: a CUBE element
SELECT count(*) FROM orders GROUP BY CUBE (id, setval('s', 2))
-- next: the recursive term
WITH RECURSIVE r(n) AS (SELECT 1::bigint UNION ALL SELECT nextval('s') FROM r WHERE n < 3) SELECT * FROM r
-- next: the columns of a CYCLE clause's value
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) CYCLE n SET c TO lo_creat(1) DEFAULT 0 USING p SELECT * FROM r
-- next: the arguments of a set-returning function
SELECT * FROM generate_series(1, nextval('s')) AS g
-- next: the second function of ROWS FROM
SELECT * FROM ROWS FROM (generate_series(1, 2), pg_ls_tmpdir()) AS x
-- next: a default of XMLTABLE
SELECT * FROM XMLTABLE('/a' PASSING ('<a/>'::xml) COLUMNS n text PATH '@n' DEFAULT pg_read_file('x')) AS t
-- next: the path of an XMLTABLE column
SELECT * FROM XMLTABLE('/a' PASSING ('<a/>'::xml) COLUMNS n text PATH pg_read_file('x')) AS t
-- next: XMLEXISTS
SELECT xmlexists('//a' PASSING BY VALUE (pg_read_file('x')::xml))
-- next: the attributes of an element
SELECT xmlelement(NAME a, xmlattributes(pg_read_file('x') AS b))
-- next: the source of JSON_TABLE
SELECT * FROM JSON_TABLE(pg_read_file('x')::jsonb, '$' COLUMNS (a int PATH '$.a')) AS t
-- next: a value that is passed to a JSON path
SELECT JSON_EXISTS('{}', '$ ? (@ > $x)' PASSING nextval('s') AS x)
-- next: the default on empty
SELECT JSON_VALUE('{}', '$.a' DEFAULT nextval('s') ON EMPTY)
-- next: both sides of IS DISTINCT FROM
SELECT 1 IS DISTINCT FROM nextval('s')
-- next: the bounds of BETWEEN
SELECT 1 BETWEEN 0 AND nextval('s')
-- next: a quantified comparison
SELECT 1 = ALL (SELECT nextval('s') FROM orders)
-- next: the row on the left of IN
SELECT (1, nextval('s')) IN (SELECT 1, 2)
-- next: OVERLAPS
SELECT (now(), pg_sleep_for('0s')::text::interval) OVERLAPS (now(), now())
-- next: COLLATE on a call
SELECT lo_get(1)::text COLLATE "C"
-- next: the operand of a typed test
SELECT pg_read_file('x') IS JSON
-- next: the tail of a deep expression
SELECT ((((1 + (2 * (3 - (4 / (nextval('s')))))))))
-- next: the third part of a UNION
SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT nextval('s')
-- next: a subquery of TABLE's neighbour
TABLE numbers UNION SELECT lo_creat(1)
-- next: LIMIT of a VALUES
VALUES (1) LIMIT nextval('s')
-- next: behind EXPLAIN
EXPLAIN SELECT set_config('a.b', 'c', false)
-- next: inside a cast inside an array inside a row
SELECT ROW(ARRAY[nextval('s')::text])
-- next: behind a comparison that is no clause
SELECT id IS DISTINCT FROM f(id), (f(1)) FROM orders
-- next: a bound in any order
SELECT 1 WHERE 2 BETWEEN SYMMETRIC f(3) AND 1
-- next: another function of the information schema's
SELECT information_schema.f(1)
-- next: its function without its schema
SELECT _pg_expandarray(ARRAY[1])
