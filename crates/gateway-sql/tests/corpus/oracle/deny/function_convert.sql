-- rule: function
-- next: CONVERT is a function, and what follows the comma is no type
SELECT convert('a', my_function(1)) FROM dual
-- next: CONVERT with a call for a type, in capitals
SELECT CONVERT(a, F(1)) FROM t
-- next: TRY_CAST is nobody's syntax here
SELECT try_cast(my_function(1) AS int)
