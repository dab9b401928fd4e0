-- rule: ambiguous
-- Spellings that servers, settings or drivers read differently.
-- next: a comment inside a comment
SELECT /* outer /* inner */ 1
-- next: a carriage return in a line comment
SELECT 1 -- a, 2
-- next: a carriage return behind a hash
SELECT 1 #+ 1
-- next: -- before a control character
SELECT 1 --
-- next: an exponent that is only begun
SELECT 1e FROM orders
-- next: a second statement under NO_BACKSLASH_ESCAPES
SELECT 'a\'; DELETE FROM orders; -- '
-- next: a second statement under ANSI_QUOTES
SELECT "a\"; DELETE FROM orders; -- "
-- next: a second statement up to a hash, without backslash escapes
SELECT 'a\'; DELETE FROM orders; # '
