-- next: CONVERT between character sets
SELECT CONVERT(name, 'US7ASCII', 'WE8ISO8859P1') FROM customers
