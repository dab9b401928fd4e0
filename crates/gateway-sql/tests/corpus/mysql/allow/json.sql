-- JSON: paths, tables, searching, merging, aggregates.
-- next: paths with ranges and wildcards
SELECT doc->'$[0 to 2]', doc->>'$[last].name', JSON_EXTRACT(doc, '$**.id', '$[*].name') FROM docs
-- next: searching
SELECT JSON_SEARCH(doc, 'all', 'n%', '!', '$[*].name'), JSON_CONTAINS_PATH(doc, 'one', '$[0].id', '$[0].x'), JSON_OVERLAPS(doc, '[1]'), JSON_KEYS(doc, '$[0]') FROM docs
-- next: changing a value in the result, not in the table
SELECT JSON_SET(doc, '$[0].id', 2), JSON_REPLACE(doc, '$[0].id', 3), JSON_REMOVE(doc, '$[0].name'), JSON_ARRAY_APPEND(doc, '$', 1), JSON_MERGE_PATCH(doc, '{"x": null}') FROM docs
-- next: JSON_TABLE with nesting, ordinals and defaults
SELECT jt.* FROM docs, JSON_TABLE(doc, '$[*]' COLUMNS (n FOR ORDINALITY, id INT PATH '$.id' DEFAULT '0' ON EMPTY NULL ON ERROR, has_tags INT EXISTS PATH '$.tags', NESTED PATH '$.tags[*]' COLUMNS (tag VARCHAR(20) PATH '$'))) AS jt
-- next: JSON_TABLE of a literal in a join
SELECT c.name, x.label FROM customers c JOIN JSON_TABLE('[{"c":"DE","l":"Germany"}]', '$[*]' COLUMNS (code CHAR(2) PATH '$.c', label VARCHAR(20) PATH '$.l')) AS x ON x.code = c.country
-- next: a document from rows
SELECT JSON_OBJECT('id', c.id, 'orders', (SELECT JSON_ARRAYAGG(JSON_OBJECT('id', o.id, 'total', o.total)) FROM orders o WHERE o.customer_id = c.id)) FROM customers c
-- next: JSON_OBJECTAGG and types
SELECT JSON_OBJECTAGG(name, country), JSON_TYPE(JSON_ARRAY(1, 'a', NULL, TRUE)), JSON_DEPTH('[[1]]'), JSON_LENGTH('[1,2]'), JSON_VALID('{'), JSON_PRETTY('{"a":1}'), JSON_QUOTE('a"b') FROM customers
-- next: JSON_VALUE with a cast
SELECT id FROM docs WHERE JSON_VALUE(doc, '$[0].id' RETURNING UNSIGNED NULL ON EMPTY) > 0
-- next: MEMBER OF a literal
SELECT 'b' MEMBER OF ('["a", "b"]') AS found
