-- rule: sequence
-- next: NEXTVAL
SELECT seq.nextval FROM dual
-- next: NEXTVAL (2)
SELECT s.seq.NEXTVAL FROM dual
-- next: NEXTVAL (3)
SELECT my_seq.NEXTVAL FROM dual
