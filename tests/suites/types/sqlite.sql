-- SQLite. It stores a type with each value, so each declared type gets values of all kinds.

--# INTEGER => INTEGER
0
-9007199254740991
9007199254740993
-9223372036854775808
9223372036854775807
1.5
'text'
NULL

--# INT => INTEGER
1

--# TINYINT => INTEGER
1

--# MEDIUMINT => INTEGER
1

--# INT2 => INTEGER
1

--# BIGINT => BIGINT
0
-9223372036854775808
9223372036854775807
'text'
1.5
NULL

--# UNSIGNED BIG INT => BIGINT
1

--# INT8 => BIGINT
1

--# TEXT => STRING
''
'plain'
'Zoë 日本語 🙂'
'two' || char(10) || 'lines'
42
NULL

--# VARCHAR(20) => STRING
'abc'
12.5

--# CLOB => STRING
'abc'

--# REAL => DOUBLE : iif({} IS NULL, NULL, quote({}))
0
0.1
-2.5e-300
1.7976931348623157e308
9007199254740992
NULL

--# DOUBLE PRECISION => DOUBLE
0.1

--# FLOAT => DOUBLE : replace(replace(quote({}), '9.0e+999', 'Inf'), 'Inf', 'Infinity')
0.1
9e999
-9e999

--# NUMERIC => DECIMAL
0
1.5
9223372036854775807
'text'
NULL

--# DECIMAL(12,2) => DECIMAL : iif({} IS NULL, NULL, printf('%.2f', {}))
1.5
0
-1234567.89
NULL

--# BLOB => BINARY : CASE hex({}) WHEN '00FF10' THEN 'AP8Q' WHEN '' THEN iif({} IS NULL, NULL, '') WHEN '61' THEN 'YQ==' WHEN '37' THEN 'Nw==' WHEN '312E35' THEN 'MS41' END
x'00ff10'
x''
'a'
7
1.5
NULL

--# BOOLEAN => BOOLEAN : CASE {} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {} END
1
0
7
'yes'
NULL

--# DATE => DATE
'2026-01-31'
'soon'
20260131
NULL

--# TIME => TIME
'12:34:56.789'
NULL

--# DATETIME => TIMESTAMP : replace({}, ' ', 'T')
'2026-01-31 12:34:56'
'2026-01-31T12:34:56'
'2026-01-31 12:34:56.789'
'soon'
1769862896
NULL

--# TIMESTAMP => TIMESTAMP : replace({}, ' ', 'T')
'2026-01-31 12:34:56'

--# TIMESTAMPTZ => TIMESTAMP_TZ : replace({}, ' ', 'T') || CASE WHEN {} LIKE '%Z' THEN '' ELSE 'Z' END
'2026-01-31 12:34:56'
'2026-01-31T12:34:56Z'

--# JSON => JSON
'{"b": 1.10,  "a": [1, 2.0]}'
'"text"'
'null'
'{broken'
NULL

--# UUID => UUID
'550e8400-e29b-41d4-a716-446655440000'

--# ANYTHING => STRING
'text'
42
NULL
