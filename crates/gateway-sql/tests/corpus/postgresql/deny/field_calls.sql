-- rule: function
-- A field of an expression is a call of a function with one argument, unless the expression has such a field.
SELECT (0.1::float8).pg_sleep
-- next: reading a file
SELECT ('postgresql.conf'::text).pg_read_file
-- next: making a large object
SELECT (0::oid).lo_create
-- next: behind a subscript
SELECT n[1].pg_sleep FROM (SELECT ARRAY[0.1] AS n) AS x
-- next: in brackets of its own, and cast
SELECT ((x.n)).pg_sleep::text FROM (SELECT 0.1::float8 AS n) AS x
-- next: quoted
SELECT (x.n)."pg_sleep" FROM (SELECT 0.1::float8 AS n) AS x
-- next: of a subquery
SELECT (SELECT 0.1::float8).pg_sleep
-- next: of a parameter
SELECT ($1::float8).pg_sleep
-- next: of a CASE, in HAVING
SELECT 1 FROM orders GROUP BY id HAVING (CASE WHEN true THEN 0.1::float8 END).pg_sleep IS NULL
