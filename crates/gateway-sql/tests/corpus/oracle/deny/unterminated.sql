-- rule: unterminated
-- next: string
SELECT 'open FROM dual
-- next: string (2)
SELECT q'[open] FROM dual
