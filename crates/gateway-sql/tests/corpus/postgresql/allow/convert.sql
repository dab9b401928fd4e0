-- next: convert between encodings
SELECT convert('text_in_utf8', 'UTF8', 'LATIN1')
