-- rule: syntax
-- Constructs that reach programs, files or functions and that the parser does not know: whoever teaches it one of them must
-- decide about it.
-- next: an inline external table, whose preprocessor is a program
SELECT * FROM EXTERNAL ((a NUMBER) TYPE ORACLE_LOADER DEFAULT DIRECTORY d ACCESS PARAMETERS (PREPROCESSOR d:'x.sh') LOCATION ('x.csv')) t
-- next: an external table with another file
SELECT * FROM t EXTERNAL MODIFY (LOCATION ('x.csv'))
-- next: a call in a rule of MODEL
SELECT a FROM t MODEL DIMENSION BY (b) MEASURES (a) RULES (a[1] = f(1))
-- next: a call in a graph's columns
SELECT * FROM GRAPH_TABLE (g MATCH (a) COLUMNS (f(1) AS x))
-- next: a call that names an element
SELECT XMLELEMENT(EVALNAME f(1), 1) FROM dual
-- next: a call in an update of JSON
SELECT JSON_TRANSFORM(doc, SET '$.a' = f(1)) FROM po
-- next: a call as a default of JSON_TABLE
SELECT * FROM JSON_TABLE(doc, '$' COLUMNS (a NUMBER PATH '$.a' DEFAULT f(1) ON EMPTY))
-- next: a call of JDBC
{call p()}
-- next: a call in FETCH
SELECT 1 FROM emp FETCH FIRST f(1) ROWS ONLY
-- next: a call that parts an outer join
SELECT * FROM days d LEFT JOIN sales s PARTITION BY (f(1)) ON d.day = s.day
