-- rule: function
-- Names that MySQL has given up, or that are MariaDB's: a function of somebody's would answer to them.
-- next: the old ciphers
SELECT ENCODE('a', 'b')
-- next: the old ciphers, backwards
SELECT DECODE('a', 'b')
-- next: DES
SELECT DES_ENCRYPT('a')
-- next: crypt
SELECT ENCRYPT('a')
-- next: the password of long ago
SELECT OLD_PASSWORD('a')
-- next: an area without its prefix
SELECT AREA(g) FROM places
-- next: a text into a geometry without its prefix
SELECT GEOMFROMTEXT('POINT(1 1)')
-- next: a line's points without their prefix
SELECT NUMPOINTS(g) FROM places
-- next: a coordinate without its prefix
SELECT X(g) FROM places
-- next: a test without its prefix
SELECT 1 FROM places WHERE WITHIN(g, g)
-- next: a distance that only a plugin has
SELECT DISTANCE(a, b, 'DOT') FROM places
