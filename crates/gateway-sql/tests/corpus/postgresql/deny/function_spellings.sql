-- rule: function
-- One forbidden function under every spelling that the server resolves to it.
-- next: spaces and line breaks before the bracket
SELECT nextval
	('s')
-- next: a nested comment before the bracket
SELECT nextval/* /* */ */('s')
-- next: a line comment before the bracket
SELECT nextval -- (
('s')
-- next: mixed case
SELECT pG_nOtIfY('a', 'b')
-- next: a quoted schema
SELECT "pg_catalog"."nextval"('s')
-- next: comments and spaces around the dot
SELECT pg_catalog /**/ . /**/ nextval('s')
-- next: a Unicode escape of six digits
SELECT U&"nextva\+00006C"('s')
-- next: another schema
SELECT public.nextval('s')
-- next: three parts
SELECT postgres.pg_catalog.nextval('s')
-- next: an argument that is not known as text
SELECT nextval('s'::regclass)
-- next: VARIADIC
SELECT nextval(VARIADIC ARRAY['s'])
-- next: DISTINCT and ALL in a plain call
SELECT nextval(ALL 's')
-- next: a window on a plain function
SELECT nextval('s') OVER ()
-- next: a function of one's own in quotes
SELECT "My Function"(1)
-- next: a function by the name of a type
SELECT public.int4(1)
-- next: a name in Cyrillic letters that looks Latin
SELECT nехtval('s')
-- next: a name with an underscore doubled
SELECT pg__sleep(0)
