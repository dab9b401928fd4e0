-- What only MariaDB has. The protocol shows UUID, INET4 and INET6 as CHAR; the catalog knows better.

-- An alias for LONGTEXT with a check; the protocol shows it as text.
--# JSON => STRING
'{"b": 1.10,  "a": [1, 2.0]}'
NULL

--# UUID => UUID
'550e8400-e29b-41d4-a716-446655440000'
NULL

--# INET4 => STRING
'192.168.0.1'
NULL

--# INET6 => STRING
'2001:db8::ff00:42:8329'
'::ffff:192.0.2.1'
NULL

--# VARCHAR(10) COMPRESSED => STRING
'Zoë'
