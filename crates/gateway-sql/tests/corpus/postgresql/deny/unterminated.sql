-- rule: unterminated
-- next: string
SELECT 'open
-- next: string (2)
SELECT $$open
-- next: comment
SELECT /* open
-- next: quoted name
SELECT "open
