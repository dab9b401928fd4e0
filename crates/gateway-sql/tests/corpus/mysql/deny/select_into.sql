-- rule: select_into
-- next: INTO
SELECT 1 INTO @x
-- next: INTO (2)
SELECT 1 INTO DUMPFILE 'x'
-- next: INTO (3)
TABLE t INTO OUTFILE 'x'
-- next: INTO (4)
VALUES ROW(1) INTO OUTFILE 'x'
-- next: INTO (5)
EXPLAIN FORMAT=JSON INTO @v SELECT 1
-- next: INTO (6)
SELECT 1 INTO OUTFILE 'x' FROM t
-- next: INTO (7)
SELECT _utf8'a' 'b' INTO @x
-- next: INTO (8)
SELECT 1 LIMIT 1 INTO @a
