-- rule: unterminated
-- next: string
SELECT 'a''; DELETE FROM t; --
-- next: string (2)
SELECT 'open
-- next: quoted name
SELECT "open
-- next: quoted name (2)
SELECT [open
