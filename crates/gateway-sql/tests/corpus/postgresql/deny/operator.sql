-- rule: operator
-- next: public.+
SELECT 1 OPERATOR(public.+) 2
-- next: <<<>>>
SELECT a <<<>>> b FROM t
