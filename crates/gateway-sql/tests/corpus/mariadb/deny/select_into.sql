-- rule: select_into
-- next: INTO
SELECT 1 INTO @a
-- next: INTO (2)
SELECT 1 INTO OUTFILE 'x'
