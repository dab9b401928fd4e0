-- rule: unterminated
-- next: string
SELECT 'unterminated
-- next: quoted name
SELECT `unterminated
-- next: comment
SELECT 1 /* unterminated
