-- rule: select_into
-- next: INTO
SELECT * INTO x FROM t
-- next: INTO (2)
SELECT 1 INTO TEMP x
