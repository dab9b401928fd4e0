-- rule: assignment
-- next: :=
SELECT @a:=1
-- next: := (2)
SELECT @a := sleep(1)
-- next: := (3)
SELECT @`a`:=1
-- next: := (4)
SELECT @a, @b := 2
