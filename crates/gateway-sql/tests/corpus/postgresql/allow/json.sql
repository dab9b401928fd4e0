-- JSON: operators, paths with variables and filters, SQL/JSON functions, shredding into rows and back.
-- next: a path with a filter and variables
SELECT jsonb_path_query_array(doc, '$.a[*] ? (@ > $min)', '{"min": 1}') FROM docs
-- next: a path with methods and a regular expression
SELECT doc @? '$.name ? (@ like_regex "^a.*;drop" flag "i")', jsonb_path_exists_tz(doc, '$.at.datetime() ? (@ > "2026-01-01".datetime())') FROM docs
-- next: shredding into rows with types
SELECT d.id, x.* FROM docs d, jsonb_to_record(d.doc) AS x(a jsonb, b text, c numeric(10,2))
-- next: keys and values
SELECT key, jsonb_typeof(value), count(*) FROM docs, jsonb_each(doc) GROUP BY 1, 2 ORDER BY 3 DESC
-- next: building a document
SELECT jsonb_build_object('id', id, 'orders', (SELECT coalesce(jsonb_agg(to_jsonb(o) - 'name' ORDER BY o.id), '[]') FROM orders o WHERE o.customer_id = c.id)) FROM customers c
-- next: subscripts
SELECT doc['a'][0], doc['b']['c'] FROM docs WHERE doc['a'] IS NOT NULL
-- next: changing a value in the result, not in the table
SELECT jsonb_set(doc, '{a,0}', '9', true), doc #- '{a,1}', jsonb_insert(doc, '{a,0}', '"new"'), jsonb_strip_nulls(doc), jsonb_pretty(doc) FROM docs
-- next: the operators that look like placeholders
SELECT doc ? 'a' AND NOT doc ?| ARRAY['x', 'y'] AND doc ?& ARRAY['a'] FROM docs
-- next: a row as JSON
SELECT row_to_json(x), to_json(ARRAY[1, 2]), json_build_array(1, 'a', NULL) FROM (SELECT id, name FROM customers) x
-- next: an aggregate into an object
SELECT jsonb_object_agg(name, country ORDER BY name) FILTER (WHERE active = 1) FROM customers
-- next: IS JSON in its forms
SELECT name IS JSON, name IS NOT JSON SCALAR, name IS JSON ARRAY WITH UNIQUE KEYS FROM customers
-- next: JSON_TABLE with nested columns
SELECT jt.* FROM docs, JSON_TABLE(doc, '$' COLUMNS (row_no FOR ORDINALITY, name text PATH '$.name', NESTED PATH '$.a[*]' COLUMNS (n int PATH '$'))) AS jt
-- next: JSON_QUERY with wrapper and quotes
SELECT JSON_QUERY(doc, '$.a' WITH CONDITIONAL WRAPPER), JSON_EXISTS(doc, '$.b' ERROR ON ERROR), JSON_SCALAR(1), JSON_SERIALIZE('{}' RETURNING bytea) FROM docs
