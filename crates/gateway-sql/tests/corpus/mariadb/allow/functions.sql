-- Built-in functions and their grammar, those that MySQL lacks first.
-- next: Oracle's names in MariaDB
SELECT NVL(name, '-'), NVL2(name, 1, 0), LENGTHB(name), CHR(65), ADD_MONTHS('2026-01-31', 1), TO_CHAR(NOW(), 'YYYY-MM-DD HH24:MI'), DECODE_ORACLE(active, 1, 'on', 'off') FROM customers
-- next: formatting with SFORMAT
SELECT SFORMAT('{} costs {:.2f}', id, total) FROM orders
-- next: natural sorting
SELECT name FROM customers ORDER BY NATURAL_SORT_KEY(name), name
-- next: JSON that only MariaDB has
SELECT JSON_DETAILED(doc), JSON_COMPACT(doc), JSON_LOOSE(doc), JSON_NORMALIZE(doc), JSON_EXISTS(doc, '$[0].id'), JSON_EQUALS(doc, doc), JSON_QUERY(doc, '$[0]') FROM docs
-- next: JSON paths from the end
SELECT JSON_VALUE('[1,2,3]', '$[-1]'), JSON_EXTRACT('[1,2,3]', '$[last]', '$[0 to 1]')
-- next: JSON_TABLE with its columns
SELECT d.id, j.n, j.name FROM docs d, JSON_TABLE(d.doc, '$[*]' COLUMNS (n FOR ORDINALITY, name VARCHAR(10) PATH '$.name' DEFAULT '-' ON EMPTY, b INT EXISTS PATH '$.id')) AS j
-- next: building JSON from groups
SELECT customer_id, JSON_ARRAYAGG(DISTINCT total ORDER BY total DESC LIMIT 3), JSON_OBJECTAGG(id, total) FROM orders GROUP BY customer_id
-- next: dynamic columns
SELECT COLUMN_LIST(attributes), COLUMN_JSON(attributes), COLUMN_EXISTS(attributes, 'colour'), COLUMN_CHECK(attributes), COLUMN_GET(COLUMN_CREATE('n', 1), 'n' AS INTEGER) FROM items
-- next: regular expressions of PCRE
SELECT REGEXP_REPLACE(name, '(?i)a(.)', '\\1'), REGEXP_SUBSTR(name, '[[:alpha:]]+'), REGEXP_INSTR(name, 'b'), name REGEXP '(?<!x)a' FROM customers
-- next: units of time
SELECT NOW(6) + INTERVAL '1.5' SECOND, DATE_ADD('2026-01-31', INTERVAL '1 2' DAY_HOUR), EXTRACT(DAY_MINUTE FROM NOW()), TIMESTAMPADD(QUARTER, 1, NOW()), NOW() - INTERVAL 1 YEAR
-- next: an interval of a column
SELECT created + INTERVAL customer_id DAY, INTERVAL id HOUR + created FROM orders
-- next: casts
SELECT CAST('1' AS INT), CAST(1 AS VARCHAR(5)), CAST('2026-01-01' AS DATETIME(3)), CONVERT('a', BINARY(3)), CAST('::1' AS INET6), CAST(UUID() AS UUID), CAST('1.5' AS DOUBLE)
-- next: collations and character sets
SELECT CONVERT(name USING utf8mb4) COLLATE utf8mb4_german2_ci, CONVERT(name USING latin1), _utf8mb3'x', COERCIBILITY(name), CHARSET(name) FROM customers ORDER BY CONVERT(name USING utf8mb4) COLLATE utf8mb4_bin
-- next: digests and compression
SELECT CRC32C('a'), SHA2(name, 512), UNCOMPRESS(COMPRESS(name)), AES_DECRYPT(AES_ENCRYPT(name, 'k'), 'k') = name, TO_BASE64(RANDOM_BYTES(4)) FROM customers
-- next: addresses
SELECT INET6_NTOA(INET6_ATON('10.0.0.1')), IS_IPV6('::1'), INET_NTOA(167772161)
-- next: strings
SELECT LPAD(name, 10), RPAD(name, 10, '.'), SUBSTRING_INDEX(name, 'a', -1), INSTR(name, 'a'), REPLACE(name, 'a', 'e'), TRIM(TRAILING 'a' FROM name), ELT(FIELD(country, 'DE', 'FR'), 'Germany', 'France'), EXPORT_SET(5, 'Y', 'N', ',', 4) FROM customers
-- next: numbers
SELECT TRUNCATE(1.999, 2), CONV(10, 10, 2), FORMAT(12345.6, 1), 5 DIV 2, 5 MOD 2, -5 % 3, POW(2, 3), ROUND(2.5), LOG10(100), RAND(7)
-- next: aggregates
SELECT BIT_OR(id), STD(total), VAR_SAMP(total), COUNT(DISTINCT customer_id, total), SUM(DISTINCT total), MIN(created) FROM orders
-- next: ROLLUP with a filter behind it
SELECT country, active, COUNT(*) FROM customers GROUP BY country, active WITH ROLLUP HAVING country IS NOT NULL
-- next: geometry
SELECT ST_AsText(p), ST_Buffer(p, 1) IS NOT NULL, ST_Distance(p, POINT(0, 0)), ST_GeometryType(area), ST_IsRing(ST_ExteriorRing(area)) FROM places
-- next: full text by relevance
SELECT id, MATCH (title, body) AGAINST ('data*' IN BOOLEAN MODE) AS score FROM articles ORDER BY score DESC
-- next: the session
SELECT CURRENT_ROLE, CURRENT_USER(), SESSION_USER(), SCHEMA(), @@in_transaction, @@system_versioning_asof, ROW_COUNT(), VERSION()
-- next: control flow
SELECT CASE WHEN total > 100 THEN 'big' ELSE 'small' END AS size, IF(total IS NULL, 0, total), IFNULL(name, country) FROM orders JOIN customers ON customers.id = orders.customer_id
-- next: DEFAULT of a column and VALUE
SELECT DEFAULT(active) FROM customers
-- next: GROUP_CONCAT over a join in order
SELECT c.name, GROUP_CONCAT(o.id ORDER BY o.created DESC, o.id SEPARATOR ' > ') FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id, c.name
-- next: weeks and quarters
SELECT YEARWEEK(created, 3), QUARTER(created), WEEKDAY(created), LAST_DAY(created), DAYOFYEAR(created), MONTHNAME(created), TO_SECONDS(created), FROM_DAYS(738000) FROM orders
-- next: what MySQL has given up
SELECT HEX(ENCODE('a', 'b')), DECODE(ENCODE('a', 'b'), 'b'), X(POINT(1, 2)), ASTEXT(GEOMFROMTEXT('POINT(1 1)')), WITHIN(POINT(1, 1), POINT(1, 1)), NUMPOINTS(LINESTRING(POINT(0, 0), POINT(1, 1)))
-- next: geometry under its old names
SELECT astext(boundary(polygonfromtext('POLYGON((0 0,0 1,1 1,0 0))'))), isring(linefromtext('LINESTRING(0 0,1 1)'))
