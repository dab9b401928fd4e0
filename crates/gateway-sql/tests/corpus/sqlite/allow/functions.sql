-- Built-in functions: dates, strings, numbers, JSON, aggregates.
-- next: dates with modifiers
SELECT date('now', 'start of month', '+1 month', '-1 day'), time('now', 'localtime'), datetime('2026-01-31 12:00', 'utc'), unixepoch('now', 'subsec'), julianday('2026-01-01'), strftime('%Y-W%W', created) FROM orders
-- next: the span between two dates
SELECT timediff('2026-03-01', '2026-01-31'), julianday('now') - julianday(created), strftime('%s', 'now') - strftime('%s', created) FROM orders
-- next: strings
SELECT instr(name, 'a'), substr(name, -2), substring(name, 1, 1), replace(name, 'a', 'b'), ltrim(name, 'A'), rtrim(name), trim(name, ' x'), upper(name), unicode(name), char(65, 66), quote(name), hex(name), concat(name, '-', country), concat_ws(', ', name, country), format('%-10s|%05.1f', name, id) FROM customers
-- next: numbers
SELECT abs(-1), round(2.5), round(2.567, 2), sign(-3), ceil(1.2), floor(1.7), mod(7, 3), pow(2, 8), sqrt(2), log(10), ln(2), exp(1), pi(), trunc(1.9), random() IS NOT NULL, max(1, 2), min(1, 2), 7 / 2, 7 % 3, 7.0 / 2
-- next: conditions
SELECT iif(active, 'yes', 'no'), ifnull(name, '-'), nullif(name, ''), coalesce(name, country), likely(active), unlikely(active = 0), likelihood(active, 0.5) FROM customers
-- next: types and casts
SELECT typeof(total), CAST(total AS REAL), CAST('12abc' AS INTEGER), CAST(1 AS TEXT), CAST('x' AS BLOB), CAST(1.5 AS NUMERIC), CAST('1' AS VARCHAR(10)), zeroblob(2), length(x'00') FROM orders
-- next: aggregates with order and filter
SELECT group_concat(name, ', '), string_agg(country, '/'), total(id), avg(id), count(DISTINCT country), sum(active) FILTER (WHERE country = 'DE') FROM customers
-- next: a bare column beside max
SELECT customer_id, max(total), id FROM orders GROUP BY customer_id HAVING count(*) >= 1
-- next: JSON taken apart
SELECT json_extract(doc, '$.a', '$.tags[#-1]'), doc -> '$.tags' ->> 0, json_type(doc, '$.tags'), json_array_length(doc, '$.tags'), json_valid(doc), json_quote('x') FROM t
-- next: JSON put together
SELECT json_object('id', id, 'name', name), json_array(1, 'a', NULL, json('[2]')), json_patch('{"a":1}', '{"a":null}'), json_set('{}', '$.a', 1), json_remove('[1,2]', '$[0]'), json_insert('[]', '$[#]', 3) FROM customers
-- next: JSON from groups
SELECT country, json_group_array(name), json_group_object(name, id) FROM customers GROUP BY country
-- next: JSON as rows, in depth
SELECT key, value, type, atom, fullkey, path FROM json_tree('{"a":[1,{"b":2}]}') WHERE type = 'integer'
-- next: JSON as rows, joined
SELECT t.id, tag.value FROM t JOIN json_each(t.doc, '$.tags') tag WHERE json_valid(t.doc)
-- next: what the connection knows
SELECT sqlite_version(), sqlite_source_id(), last_insert_rowid(), changes(), total_changes()
