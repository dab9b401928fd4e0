-- The everyday built-in functions, with the grammar of their own that some have.
-- next: dates taken apart and put together
SELECT DATE(created), TIME(created), WEEK(created, 3), YEARWEEK(created, 1), DAYNAME(created), MAKEDATE(2026, 31), MAKETIME(1, 2, 3), PERIOD_ADD(202601, 2), TO_DAYS(created), SEC_TO_TIME(3661) FROM orders
-- next: every unit of an interval
SELECT NOW() + INTERVAL 1 MICROSECOND, NOW() - INTERVAL '1:1' MINUTE_SECOND, INTERVAL 1 QUARTER + NOW(), DATE_SUB(NOW(), INTERVAL '1-2' YEAR_MONTH), ADDDATE(CURDATE(), 31), SUBDATE(CURDATE(), INTERVAL 1 YEAR), TIMESTAMPADD(MINUTE, -5, NOW())
-- next: an interval of an expression
SELECT created + INTERVAL (id * 2 + 1) DAY FROM orders
-- next: date arithmetic with a column as amount
SELECT DATE_ADD(created, INTERVAL customer_id MONTH), created + INTERVAL -id HOUR FROM orders
-- next: fractions of seconds and time zones
SELECT NOW(6), CURRENT_TIMESTAMP(3), UTC_TIMESTAMP(), CONVERT_TZ('2026-01-01 12:00:00', '+00:00', '+02:00'), TIMEDIFF('12:00:00', '11:59:59.5'), LOCALTIME, GET_FORMAT(DATE, 'ISO')
-- next: months filled with TIMESTAMPDIFF and PERIOD_DIFF
SELECT TIMESTAMPDIFF(MONTH, MIN(created), MAX(created)), PERIOD_DIFF(DATE_FORMAT(MAX(created), '%Y%m'), DATE_FORMAT(MIN(created), '%Y%m')) FROM orders
-- next: strings
SELECT CONCAT_WS(', ', name, country), INSERT(name, 1, 1, 'X'), ELT(2, 'a', 'b'), FIELD('b', 'a', 'b'), FIND_IN_SET('b', 'a,b'), MAKE_SET(1 | 4, 'a', 'b', 'c'), REVERSE(name), SPACE(3), REPEAT('-', 5), LEFT(name, 2), RIGHT(name, 2), MID(name, 2, 3), LOCATE('a', name, 2), SOUNDEX(name) FROM customers
-- next: trimming and searching in SQL's own grammar
SELECT TRIM(BOTH ' ' FROM name), TRIM(LEADING 'x' FROM name), SUBSTRING(name FROM 2 FOR 3), SUBSTR(name FROM 2), POSITION('a' IN name), CHAR(77, 121 USING utf8mb4), WEIGHT_STRING(name AS CHAR(3)) FROM customers
-- next: casts to every type
SELECT CAST('1' AS SIGNED), CAST('1.5' AS DECIMAL(10,3)), CAST(NOW() AS TIME(3)), CAST('x' AS BINARY(5)), CAST('2026' AS YEAR), CAST('{}' AS JSON), CONVERT('3', UNSIGNED INTEGER), CAST(1 AS DOUBLE), CAST(1 AS FLOAT), CAST('a' AS NCHAR(3))
-- next: a cast at a time zone
SELECT CAST(TIMESTAMP '2026-01-01 12:00:00+00:00' AT TIME ZONE '+00:00' AS DATETIME)
-- next: numbers
SELECT CONV('ff', 16, 10), FORMAT(1234567.891, 2, 'de_DE'), TRUNCATE(1.999, 1), ROUND(-1.5), SIGN(-3), LOG(2, 8), CRC32('a'), BIT_COUNT(7), RAND(), GREATEST(1, 2), INTERVAL(5, 1, 10), 7 DIV 2, -7 MOD 3, 2 ^ 3, 1 << 4
-- next: digests and identifiers
SELECT SHA2(name, 256), HEX(name), UNHEX('4142'), TO_BASE64(name), BIN_TO_UUID(UUID_TO_BIN(UUID(), TRUE), TRUE), INET_ATON('10.0.0.1'), INET6_NTOA(INET6_ATON('::1')), IS_IPV4('1.2.3.4') FROM customers
-- next: control flow
SELECT CASE country WHEN 'DE' THEN 'Germany' WHEN 'FR' THEN 'France' END, CASE WHEN active THEN 1 ELSE 0 END, IF(active, 'yes', 'no'), IFNULL(name, '-'), NULLIF(name, ''), COALESCE(name, country), ISNULL(name) FROM customers
-- next: aggregates of every sort
SELECT COUNT(DISTINCT country, active), GROUP_CONCAT(DISTINCT name ORDER BY name ASC, country DESC SEPARATOR ' / '), BIT_AND(active), STD(active), VARIANCE(active), ANY_VALUE(name), MAX(DISTINCT active) FROM customers
-- next: GROUP BY with ROLLUP and labels
SELECT IF(GROUPING(country), 'all', country) AS land, COUNT(*) FROM customers GROUP BY country WITH ROLLUP HAVING COUNT(*) > 0 ORDER BY GROUPING(country), land
-- next: regular expressions with every argument
SELECT REGEXP_SUBSTR(name, '[a-z]+', 1, 1, 'i'), REGEXP_INSTR(name, 'a', 1, 1, 0, 'c'), name COLLATE utf8mb4_bin REGEXP 'A', name NOT RLIKE '^z' FROM customers
-- next: full text in natural language with query expansion
SELECT id, MATCH (title, body) AGAINST ('database' WITH QUERY EXPANSION) AS score FROM articles WHERE MATCH (title, body) AGAINST ('tutorial' IN NATURAL LANGUAGE MODE) ORDER BY score DESC
-- next: XML
SELECT ExtractValue('<a><b>x</b></a>', '/a/b'), UpdateXML('<a/>', '/a', '<c/>')
-- next: geometry with its references
SELECT ST_AsGeoJSON(p), ST_X(p), ST_SRID(p), ST_Distance(p, ST_GeomFromText('POINT(0 0)')), ST_Area(area), MBRContains(area, p) FROM places WHERE ST_Within(p, area)
-- next: geometries by their present names
SELECT ST_ASTEXT(POINT(1, 2)), ST_X(POINT(1, 2)), ST_LENGTH(LINESTRING(POINT(0, 0), POINT(1, 1))), ST_NUMPOINTS(ST_GEOMFROMTEXT('LINESTRING(0 0, 1 1)')), ST_ASTEXT(MULTIPOINT(POINT(0, 0), POINT(1, 1)))
-- next: a collection under its short name
SELECT ST_AsText(GeomCollection(Point(1, 2)))
