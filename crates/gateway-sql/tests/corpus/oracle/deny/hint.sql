-- rule: hint
-- next: OPT_PARAM
SELECT /*+ OPT_PARAM('x' 'y') */ 1 FROM dual
