-- rule: unterminated
-- next: string
SELECT 'a
