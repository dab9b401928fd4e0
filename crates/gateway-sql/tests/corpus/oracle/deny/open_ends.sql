-- rule: unterminated
-- Strings, names and comments without an end.
-- next: a q-quote with its bracket but no quote
SELECT q'(a) FROM dual
-- next: a q-quote with the wrong bracket
SELECT q'<a>>b]' FROM dual
-- next: a quoted name
SELECT "a FROM dual
-- next: a comment
SELECT 1 FROM dual /* a
-- next: a hint
SELECT /*+ FULL(e 1 FROM emp e
-- next: a national string
SELECT N'a FROM dual
