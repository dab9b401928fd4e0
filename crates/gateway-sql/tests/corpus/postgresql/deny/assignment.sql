-- rule: assignment
-- next: :=
SELECT a := 1
