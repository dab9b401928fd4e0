-- Literals, casts, arrays, ranges and the other types, in every style of spelling.
-- next: the four styles of a cast
SELECT CAST('2026-01-31' AS date), '2026-01-31'::date, date '2026-01-31', date('2026-01-31')
-- next: chains of casts with precision
SELECT '12.345'::numeric(6,2)::text::varchar(4), 1::bit(3)::int, now()::timestamp(0) without time zone::time
-- next: intervals in all spellings
SELECT INTERVAL '1-2' YEAR TO MONTH, INTERVAL '3 4:05:06.5' DAY TO SECOND(1), INTERVAL(2) '1.234 seconds', interval '1 year' + 2 * interval '1 mon', 'P1DT2H'::interval
-- next: time zones
SELECT timestamptz '2026-01-31 12:00:00+02' AT TIME ZONE 'Europe/Berlin', timezone('UTC', now()), now() AT TIME ZONE INTERVAL '-08:00', time with time zone '12:00 PST'
-- next: EXTRACT and OVERLAPS
SELECT extract(isodow FROM created), extract(timezone_hour FROM created), (created, created + interval '1 hour') OVERLAPS (now(), interval '1 day') FROM orders
-- next: arrays of arrays and slices
SELECT ('{{1,2},{3,4}}'::int[][])[2][1], (ARRAY[[1,2],[3,4]])[1:2][1:1], array_length(ARRAY[1,2,3], 1), ARRAY(SELECT id FROM orders ORDER BY id), cardinality('{}'::int[])
-- next: operators on arrays
SELECT tags @> ARRAY['x'], tags && '{y,z}', tags || ARRAY['new'], array_remove(tags, 'x'), array_position(tags, 'y'), 'x' = ANY (tags), 'q' <> ALL (tags) FROM a
-- next: ranges and multiranges
SELECT daterange('2026-01-01', '2026-02-01', '[)') && daterange('2026-01-15', NULL), '{[1,3),[5,9)}'::int4multirange - int4multirange(int4range(2, 6)), lower(r), upper_inf(r), range_merge(r, r) FROM (VALUES (int8range(1, 10))) AS v(r)
-- next: numbers of every form
SELECT 0xCAFE, 1_000_000.5, 1e-3, .5, 5., 'NaN'::float8, '-Infinity'::numeric
-- next: network addresses
SELECT inet '10.0.0.5' << cidr '10.0.0.0/8', host('192.168.1.5/24'), masklen('10.0.0.0/8'::cidr), '10.0.0.1'::inet + 5, ~ inet '10.0.0.0', macaddr '08:00:2b:01:02:03'
-- next: geometry
SELECT point '(1,2)' <-> point '(4,6)', box '(1,1),(0,0)' @> point '(0.5,0.5)', area(circle '<(0,0),2>'), lseg '[(0,0),(1,1)]' ?# lseg '[(0,1),(1,0)]', @-@ path '((0,0),(1,0))', # polygon '((0,0),(1,1),(2,0))'
-- next: bits and bytes
SELECT B'1010' & B'0110', B'10' || B'01', '\xdeadbeef'::bytea, encode('abc', 'base64'), get_byte('\x01'::bytea, 0), decode('ff', 'hex'), 91 # 15, ~1, 1 << 4, -8 >> 1
-- next: composite values and whole rows
SELECT o, o.*, (o).total, ROW(o.*) = ROW(o.*), (ROW(1, 'a')::text) FROM orders o
-- next: catalog types
SELECT 'orders'::regclass::oid, 'lower(text)'::regprocedure, 'integer'::regtype, 'pg_catalog'::regnamespace, current_user::regrole
-- next: full text with weights and phrases
SELECT setweight(to_tsvector('simple', coalesce(body, '')), 'A') || tsv, websearch_to_tsquery('english', '"sad cat" or -dog'), phraseto_tsquery('a b'), 'a <-> b'::tsquery && 'c:*'::tsquery, ts_rank_cd('{0.1, 0.2, 0.4, 1.0}', tsv, 'a'::tsquery), numnode('a & b'::tsquery) FROM docs
-- next: conditionals
SELECT coalesce(name, country, '-'), nullif(name, ''), greatest(1, 2, 3), least(1, NULL), num_nulls(name, country), CASE country WHEN 'DE' THEN 1 ELSE 0 END FROM customers
-- next: comparison predicates
SELECT v BETWEEN 1 AND 5, (v > 1) IS UNKNOWN, v NOTNULL, v NOT IN (1, 2), (d, v) = (DATE '2026-01-01', 1), ROW(v, NULL) IS NULL, v IS NOT DISTINCT FROM NULL FROM series
-- next: pattern matching
SELECT name NOT ILIKE 'a\_%' ESCAPE '\', name NOT SIMILAR TO '%(b|d)%', name ~~* 'A%', name !~* '^z', name LIKE ANY (ARRAY['a%', 'b%']), regexp_match(name, '(\w)(\d)?'), starts_with(name, 'A'), name ^@ 'A' FROM customers
-- next: the SQL spelling of string functions
SELECT substring(name FROM 2 FOR 3), position('a' IN name), trim(LEADING 'x' FROM name), overlay(name PLACING 'zz' FROM 1), char_length(name), name COLLATE "C" FROM customers
-- next: XML
SELECT xmlelement(NAME customer, xmlattributes(id), xmlelement(NAME name, name)), xmlconcat('<a/>', '<b/>'), xmlforest(id, name AS "Full Name"), xmlcomment('x'), xmlpi(NAME php, 'echo') FROM customers
-- next: XMLTABLE with namespaces
SELECT x.* FROM XMLTABLE(XMLNAMESPACES('http://example.com/x' AS x), '/x:rows/x:row' PASSING ('<rows xmlns="http://example.com/x"><row id="1"/></rows>'::xml) COLUMNS pos FOR ORDINALITY, id int PATH '@id' NOT NULL, name text PATH 'x:name' DEFAULT 'none') AS x
