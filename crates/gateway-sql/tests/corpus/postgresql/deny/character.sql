-- rule: character
-- next: \
SELECT current_setting('a')  \; DELETE
-- next: U+200B
SELECT​1
