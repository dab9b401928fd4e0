-- rule: hint
-- next: SET_VAR
SELECT /*+ SET_VAR(x=1) */ 1
-- next: SET_VAR (2)
SELECT /*+ BKA(t) SET_VAR(x=1) */ 1
