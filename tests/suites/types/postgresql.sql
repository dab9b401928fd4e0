-- Every built-in type of PostgreSQL, with ordinary and extreme values.
--
-- `--! statement` prepares; `--# type => STANDARD : expression` begins a type; each line after it is a literal of that type.
-- The expression is what the engine's own client is asked for, with {} for the value: it says in SQL where our form differs
-- from the client's. Without one the client shows the value as it is.

--! DROP SCHEMA IF EXISTS tt CASCADE
--! CREATE SCHEMA tt
--! CREATE EXTENSION IF NOT EXISTS hstore
--! CREATE EXTENSION IF NOT EXISTS citext
--! CREATE EXTENSION IF NOT EXISTS ltree
--! CREATE TYPE tt.mood AS ENUM ('sad', 'so "so"', 'happy')
--! CREATE DOMAIN tt.positive AS integer CHECK (VALUE > 0)
--! CREATE DOMAIN tt.price AS numeric(12,2)
--! CREATE DOMAIN tt.dear AS tt.price CHECK (VALUE > 100)
--! CREATE DOMAIN tt.tags AS text[]
--! CREATE DOMAIN tt.feeling AS tt.mood
--! CREATE TYPE tt.point3 AS (x integer, "Y ""y""" bigint, z numeric)
--! CREATE TYPE tt.holder AS (name text, at tt.point3, tags text[], amounts numeric[], data bytea)
--! CREATE TYPE tt.mixed AS (net inet, big bigint, seen timestamptz, born date, doc jsonb, words text[], ok boolean, ratio float8, raw bytea, at timetz, mood tt.mood, span int4range)
--! CREATE DOMAIN tt.place AS tt.point3
--! CREATE TYPE tt.floatrange AS RANGE (subtype = float8)
--! CREATE FUNCTION tt.iso(date) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN $1::text ~ '^0001.* BC$' THEN regexp_replace($1::text, '^0001(.*) BC$', '0000\1') WHEN $1::text ~ ' BC$' THEN '-' || lpad((split_part($1::text, '-', 1)::int - 1)::text, 4, '0') || substring($1::text from '-\d\d-\d\d') WHEN $1::text ~ '^\d{5,}' THEN '+' || $1::text ELSE $1::text END $$
--! CREATE FUNCTION tt.iso(timestamp) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN isfinite($1) THEN tt.iso($1::date) || 'T' || $1::time::text ELSE $1::text END $$
--! CREATE FUNCTION tt.b64(bytea) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT replace(encode($1, 'base64'), E'\n', '') $$

-- Numbers.

--# smallint => INTEGER
0
-32768
32767
NULL

--# integer => INTEGER
0
-2147483648
2147483647
NULL

--# bigint => BIGINT
0
-9223372036854775808
9223372036854775807
9007199254740993
NULL

--# numeric => DECIMAL
0
0.00
1.10
-0.000000000000000000000000000001
12345678901234567890123456789012345678901234567890.123456789
10000
100000000
0.0001
9999.9999
1e-100
1e100
'NaN'
'Infinity'
'-Infinity'
NULL

--# numeric(12,3) => DECIMAL
0
1.5
-123456789.125
'NaN'
NULL

--# numeric(5,-2) => DECIMAL
12345
-99949
0

--# numeric(3,5) => DECIMAL
0.00123
-0.00999

--# real => FLOAT
0
-1.5
0.1
3.4028235e38
1.17549435e-38
1e-45
16777217
'NaN'
'Infinity'
'-Infinity'
'-0'
NULL

--# double precision => DOUBLE
0
0.1
-2.5e-300
1.7976931348623157e308
5e-324
9007199254740993
1e21
123456789.123456789
'NaN'
'Infinity'
'-Infinity'
'-0'
NULL

--# money => STRING
'12.34'
'-92233720368547758.08'
NULL

-- Text.

--# text => STRING
''
'plain'
E'tab\tnewline\nreturn\rquote"backslash\\ slash/'
'Zoë 日本語 🙂'
E'\x01\x1f\x7f'
' padded '
'NULL'
NULL

--# varchar(20) => STRING
'abc'
''

--# character(5) => STRING
'abc'
'abcde'

--# "char" => STRING
'a'
''
'"'
'\'
'\351'

--# name => STRING
'pg_catalog'

--# xml => STRING
'<a b="1">text &amp; more</a>'
'plain content'

-- Bytes and bits.

--# bytea => BINARY : tt.b64({})
'\x'
'\x00ff10'
'\xdeadbeef00'
decode(repeat('00ff', 100), 'hex')
NULL

--# bit(1) => STRING
B'0'
B'1'

--# bit(11) => STRING
B'10101010101'
B'00000000000'

--# bit varying => STRING
B''
B'1'
B'10'
B'100'
B'0000000011111111'
NULL

-- Dates and times.

--# date => DATE : tt.iso({})
'2026-01-31'
'1970-01-01'
'0001-01-01'
'9999-12-31'
'10000-01-01'
'5874897-12-31'
'0001-12-31 BC'
'0044-03-15 BC'
'4713-01-01 BC'
'infinity'
'-infinity'
NULL

--# time => TIME
'00:00:00'
'12:34:56'
'12:34:56.789012'
'12:34:56.5'
'24:00:00'
NULL

--# time(2) => TIME
'12:34:56.78'
'12:00'

--# time with time zone => TIME : {}::text || CASE WHEN {}::text ~ '[+-]\d\d$' THEN ':00' ELSE '' END
'12:34:56+00'
'12:34:56.789+02'
'00:00:00-05:30'
'24:00:00+15:59:59'
'12:34:56-15:59:59'
'12:34:56+05:45'
NULL

--# timestamp => TIMESTAMP : tt.iso({})
'2026-01-31 12:34:56'
'2026-01-31 12:34:56.789012'
'2026-01-31 00:00:00'
'1969-12-31 23:59:59.999999'
'0044-03-15 12:00:00 BC'
'4713-01-01 00:00:00 BC'
'294276-12-31 23:59:59.999999'
'infinity'
'-infinity'
NULL

--# timestamp(3) => TIMESTAMP : tt.iso({})
'2026-01-31 12:34:56.789012'

--# timestamp with time zone => TIMESTAMP_TZ : tt.iso({} AT TIME ZONE 'UTC') || CASE WHEN isfinite({}) THEN 'Z' ELSE '' END
'2026-01-31 12:34:56+02'
'2026-01-31 12:34:56.789012-11:30'
'1969-12-31 23:59:59.999999+00'
'0044-03-15 12:00:00+00 BC'
'294276-12-31 23:59:59.999999+00'
'infinity'
'-infinity'
NULL

--# interval => INTERVAL
'0'
'1 year 2 months 3 days 04:05:06.789'
'-1 year -2 months +3 days -04:05:06.000001'
'1 day'
'-00:00:00.000001'
'178000000 years'
'-178000000 years'
'2147483647 days 2562047788:00:54.775807'
'P1Y2M10DT2H30M'
'1 month -1 day'
NULL

--# interval(2) => INTERVAL
'00:00:01.239'

-- Others that have a standard type of their own.

--# boolean => BOOLEAN : CASE {} WHEN true THEN 'true' WHEN false THEN 'false' END
true
false
NULL

--# uuid => UUID
'550e8400-e29b-41d4-a716-446655440000'
'00000000-0000-0000-0000-000000000000'
'ffffffff-ffff-ffff-ffff-ffffffffffff'
NULL

--# json => JSON
'{"b": 1.10,  "a": [1, 2.0, 1e400], "a": null}'
'"text"'
'null'
'12345678901234567890.123456789012345678901234567890'
E'{"two":\n\t"lines"}'
'  [ ]  '
NULL

--# jsonb => JSON
'{"b": 1.10, "a": [1, 2.0, 12345678901234567890], "ü\n": "\u0001 \" \\"}'
'1e100'
'null'
NULL

--# jsonpath => STRING
'$.a[*] ? (@ > 1)'
'lax $."b c"'

-- What goes out in the engine's own text.

--# point => STRING
'(1.5,-2)'
'(1e300,0.1)'

--# line => STRING
'{1,-1,0}'

--# lseg => STRING
'[(0,0),(1,1)]'

--# box => STRING
'(1,1),(0,0)'

--# path => STRING
'((0,0),(1,1),(2,0))'
'[(0,0),(1,1)]'

--# polygon => STRING
'((0,0),(1,1),(2,0))'

--# circle => STRING
'<(0,0),2.5>'

--# inet => STRING
'192.168.0.1'
'192.168.0.1/24'
'::1'
'2001:db8::ff00:42:8329/64'
'::'
'::0.0.0.1/96'
'::2:0'
'::ffff:192.0.2.1'
'::fffe:1.2.3.4'
'1:0:0:2:0:0:0:3'
'1:0:2:3:4:5:6:7'
'fe80:0:0:0:1:0:0:0'
'0.0.0.0/0'
NULL

--# cidr => STRING
'10.0.0.0/8'
'10.1.2.3'
'::/0'
'2001:db8::/32'

--# macaddr => STRING
'08:00:2b:01:02:03'

--# macaddr8 => STRING
'08:00:2b:01:02:03:04:05'

--# tsvector => STRING
$$'a':1A 'fat':2B,4C 'it''s':5$$
''

--# tsquery => STRING
$$'fat' & ( 'rat' | !'cat' ) <-> 'dog':*A$$

--# oid => INTEGER
0
4294967295
NULL

--# xid => INTEGER
'0'
'4294967295'

--# cid => INTEGER
'4294967295'

--# xid8 => BIGINT
'0'
'18446744073709551615'

--# tid => STRING
'(0,1)'
'(4294967295,65535)'

--# pg_lsn => STRING
'0/0'
'16/B374D848'
'FFFFFFFF/FFFFFFFF'

--# pg_snapshot => STRING
'10:20:10,14,15'

--# txid_snapshot => STRING
'10:20:10,14,15'

--# regclass => STRING
'pg_catalog.pg_class'
'0'

--# regtype => STRING
'integer'
'timestamp with time zone'

--# regproc => STRING
'pg_catalog.now'

--# regprocedure => STRING
'sum(integer)'

--# regoper => STRING
'pg_catalog.||/'

--# regoperator => STRING
'+(integer,integer)'

--# regrole => STRING
'pg_monitor'

--# regnamespace => STRING
'pg_catalog'

--# regconfig => STRING
'english'

--# regdictionary => STRING
'simple'

--# regcollation => STRING
'"C"'

--# aclitem => STRING
'=r/pg_monitor'

--# refcursor => STRING
'portal'

--# int4range => STRING
'[1,10)'
'(,)'
'empty'
NULL

--# int8range => STRING
'[9007199254740993,)'

--# numrange => STRING
'(1.10,2.200]'

--# tsrange => STRING
'["2026-01-31 12:00:00","2026-02-01 00:00:00")'

--# tstzrange => STRING
'["2026-01-31 12:00:00+02",infinity)'

--# daterange => STRING
'[2026-01-31,2026-02-03)'

--# tt.floatrange => STRING
'[0.1,1e300)'

--# int4multirange => STRING
'{[1,3),[5,7)}'
'{}'

--# nummultirange => STRING
'{(1.10,2.200]}'

--# tstzmultirange => STRING
'{["2026-01-31 12:00:00+02",infinity)}'

--# hstore => STRING
'a=>1, "b c"=>NULL, "d\"e"=>"f"'
''

--# citext => STRING
'MiXed "Case"'

--# ltree => STRING
'Top.Science.Astronomy'

-- Enums and domains.

--# tt.mood => STRING
'sad'
'so "so"'
NULL

--# tt.feeling => STRING
'happy'

--# tt.positive => INTEGER
1
2147483647

--# tt.price => DECIMAL
1.5
-9999999999.99

--# tt.dear => DECIMAL
100.01

--# tt.tags => ARRAY : to_json({})
'{a,"b c",NULL}'

-- Arrays.

--# integer[] => ARRAY : to_json({})
'{}'
'{1,NULL,-3}'
'{{1,2},{3,4}}'
'{{{1},{2}},{{3},{NULL}}}'
'[0:2]={1,2,3}'
'[2:3][-1:0]={{1,2},{3,4}}'
NULL

--# bigint[] => ARRAY : to_json({}::text[])
'{1,9223372036854775807,NULL}'
'{{1},{2}}'

--# numeric[] => ARRAY : to_json({}::text[])
'{1.10,NULL,NaN,-Infinity,12345678901234567890.12345}'

--# numeric(12,2)[] => ARRAY : to_json({}::text[])
'{1,2.5}'

--# real[] => ARRAY : to_json({})
'{1.5,0.1,NaN,Infinity}'

--# double precision[] => ARRAY : to_json({})
'{1.5,0.1,NaN,-Infinity}'

--# boolean[] => ARRAY : to_json({})
'{t,f,NULL}'

--# text[] => ARRAY : to_json({})
'{a,"b,c",NULL,"NULL","",Zoë,"quote\"backslash\\"}'
ARRAY[E'new\nline', E'tab\t', '{}']

--# "char"[] => ARRAY : to_json({})
'{a,b}'

--# name[] => ARRAY : to_json({})
'{a,b}'

--# varchar(5)[] => ARRAY : to_json({})
'{a,b}'

--# bytea[] => ARRAY : (SELECT to_json(array_agg(tt.b64(e))) FROM unnest({}) AS u(e))
ARRAY['\x00ff10'::bytea, '\x', NULL]

--# bit(3)[] => ARRAY : to_json({})
'{101,000,NULL}'

--# bit varying[] => ARRAY : to_json({})
'{1,10,100}'

--# date[] => ARRAY : (SELECT to_json(array_agg(tt.iso(e))) FROM unnest({}) AS u(e))
'{2026-01-31,infinity,NULL,"0044-03-15 BC",10000-01-01}'

--# time[] => ARRAY : to_json({})
'{12:34:56.5,24:00:00}'

--# timetz[] => ARRAY : (SELECT to_json(array_agg(e::text || ':00')) FROM unnest({}) AS u(e))
'{12:34:56.5+02,00:00:00-03}'

--# timestamp[] => ARRAY : (SELECT to_json(array_agg(tt.iso(e))) FROM unnest({}) AS u(e))
'{"2026-01-31 12:34:56.789",infinity,-infinity,"0044-03-15 12:00:00 BC"}'

--# timestamptz[] => ARRAY : (SELECT to_json(array_agg(tt.iso(e AT TIME ZONE 'UTC') || CASE WHEN isfinite(e) THEN 'Z' ELSE '' END)) FROM unnest({}) AS u(e))
'{"2026-01-31 12:34:56.789+02",infinity,"0044-03-15 12:00:00+00 BC"}'

--# interval[] => ARRAY : to_json({})
'{1 day,-00:00:01.5}'

--# uuid[] => ARRAY : to_json({})
'{550e8400-e29b-41d4-a716-446655440000,NULL}'

--# json[] => ARRAY : to_json({})
ARRAY['{"a": 1.10}'::json, 'null', NULL, '[1, 2]']

--# jsonb[] => ARRAY : to_json({})
ARRAY['{"a": 1.10}'::jsonb, 'null', NULL]

--# xml[] => ARRAY : to_json({}::text[])
ARRAY['<a/>'::xml, NULL]

--# oid[] => ARRAY : '[' || array_to_string({}, ',', 'null') || ']'
'{1,4294967295,NULL}'

--# int2vector => ARRAY : to_json({})
'1 2 3'

--# oidvector => ARRAY : '[' || array_to_string({}, ',') || ']'
'1 2 4294967295'

--# money[] => ARRAY : to_json({}::text[])
'{"$1,234.50",NULL}'

--# inet[] => ARRAY : to_json({})
'{192.168.0.1/24,::1,NULL}'

--# cidr[] => ARRAY : to_json({})
'{10.0.0.0/8,::/0}'

--# point[] => ARRAY : to_json({}::text[])
'{"(1,2)","(3,4)"}'

--# box[] => ARRAY : (SELECT to_json(array_agg(e::text)) FROM unnest({}) AS u(e))
'{(1,1),(0,0);(2,2),(1,1)}'

--# int4range[] => ARRAY : to_json({}::text[])
'{"[1,10)",empty,NULL}'
'{{"[1,10)"},{"(,)"}}'
'[0:0]={"[1,2)"}'

--# tsvector[] => ARRAY : to_json({}::text[])
ARRAY[$$'a':1 'b"c':2$$::tsvector]

--# regclass[] => ARRAY : to_json({}::text[])
'{pg_class,pg_type}'

--# hstore[] => ARRAY : to_json({}::text[])
ARRAY['a=>1'::hstore]

--# tt.mood[] => ARRAY : to_json({})
ARRAY['sad','so "so"',NULL]::tt.mood[]

--# tt.price[] => ARRAY : to_json({}::text[])
'{1.5,NULL,2}'

--# tt.positive[] => ARRAY : to_json({})
'{1,2}'

-- Composites.

--# tt.point3 => STRUCT : (SELECT row_to_json(r) FROM (SELECT ({}).x, ({})."Y ""y"""::text, ({}).z::text) r)
ROW(1, 9223372036854775807, 1.10)
ROW(NULL, NULL, 'NaN')

--# tt.place => STRUCT : (SELECT row_to_json(r) FROM (SELECT ({}).x, ({})."Y ""y"""::text, ({}).z::text) r)
ROW(1, 2, 3)

--# tt.point3[] => ARRAY : (SELECT '[' || string_agg(CASE WHEN e IS NULL THEN 'null' ELSE row_to_json(r)::text END, ',' ORDER BY o) || ']' FROM unnest({}) WITH ORDINALITY AS u(x, y, z, o), LATERAL (SELECT u.x, u.y::text AS "Y ""y""", u.z::text) r, LATERAL (SELECT coalesce(u.x::text, u.y::text, u.z::text)) AS n(e))
ARRAY[ROW(1, 2, 3.0)::tt.point3, NULL, ROW(4, NULL, 5)::tt.point3]

--# tt.holder => STRUCT : (SELECT row_to_json(h) FROM (SELECT ({}).name, CASE WHEN ({}).at IS NOT NULL THEN (SELECT row_to_json(r) FROM (SELECT (({}).at).x, (({}).at)."Y ""y"""::text, (({}).at).z::text) r) END AS at, ({}).tags, ({}).amounts::text[], tt.b64(({}).data) AS data) h)
ROW('a "b", (c)\', ROW(1, 2, 3.50)::tt.point3, ARRAY['x', NULL, 'y,z'], ARRAY[1.10, 2], '\x00ff')
ROW(NULL, NULL, '{}', NULL, NULL)

--# tt.mixed => STRUCT : CASE WHEN {}::text IS NOT NULL THEN (SELECT row_to_json(m) FROM (SELECT ({}).net, ({}).big::text, tt.iso(({}).seen AT TIME ZONE 'UTC') || 'Z' AS seen, tt.iso(({}).born) AS born, ({}).doc, ({}).words, ({}).ok, ({}).ratio, tt.b64(({}).raw) AS raw, ({}).at::text || ':00' AS at, ({}).mood, ({}).span::text) m) END
ROW('10.0.0.1/8', 9223372036854775807, '2026-01-31 12:34:56.5+02', '0044-03-15 BC', '{"a": "b\"c"}', ARRAY['x', 'y "z"\', NULL, ''], true, 0.1, '\x00ff10', '12:00:00+02', 'so "so"', '[1,5)')
ROW(NULL, 1, '2026-01-31 12:34:56+00', '10000-01-01', '[]', '{}', false, 'NaN', '\x', '12:00:00-11', 'sad', 'empty')
NULL

--# tt.mixed[] => ARRAY : (SELECT '[' || string_agg((SELECT row_to_json(m)::text FROM (SELECT u.net, u.big::text, tt.iso(u.seen AT TIME ZONE 'UTC') || 'Z' AS seen, tt.iso(u.born) AS born, u.doc, u.words, u.ok, u.ratio, tt.b64(u.raw) AS raw, u.at::text || ':00' AS at, u.mood, u.span::text) m), ',') || ']' FROM unnest({}) AS u)
ARRAY[ROW('10.0.0.1/8', 9223372036854775807, '2026-01-31 12:34:56.5+02', '2026-01-31', '{"a": "b\"c"}', ARRAY['x', 'y "z"\', NULL, ''], true, 0.1, '\x00ff10', '12:00:00+02', 'so "so"', '[1,5)')::tt.mixed]
