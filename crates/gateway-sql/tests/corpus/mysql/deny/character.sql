-- rule: character
-- next: U+00A0
SELECT 1
