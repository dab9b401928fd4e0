-- rule: ambiguous
-- Spellings that are read differently.
-- next: a comment inside a comment
SELECT 1 /* a /* b */ FROM dual */
-- next: a carriage return in a comment
SELECT 1 -- aFROM dual
-- next: a delimiter of a q-quote outside of ASCII
SELECT q'é'é' FROM dual; DELETE FROM emp; --'
