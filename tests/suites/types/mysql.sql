-- What only MySQL has.

--# JSON => JSON
'{"b": 1.10, "a": [1, 2.0, 18446744073709551615], "ü": "\\u0001 \\" \\\\"}'
'null'
'"text"'
'[]'
CAST(1.10 AS JSON)
CAST(CAST('2026-01-31' AS DATE) AS JSON)
NULL

--# VECTOR(3) => BINARY : TO_BASE64({})
STRING_TO_VECTOR('[1, -2.5, 3e10]')
NULL
