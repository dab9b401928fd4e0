-- rule: sequence
-- A sequence is advanced by selecting a "field" of its name.
SELECT ('s'::regclass).nextval
-- next: behind a subscript
SELECT n[1].nextval FROM (SELECT ARRAY['s'::regclass] AS n) AS x
-- next: of a column in brackets
SELECT (x.n).nextval FROM (SELECT 's'::regclass AS n) AS x
-- next: written with escapes
SELECT (x.n).U&"nextva\006c" FROM (SELECT 's'::regclass AS n) AS x
