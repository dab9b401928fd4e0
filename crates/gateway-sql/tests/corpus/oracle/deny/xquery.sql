-- rule: function
-- XQuery that reads more than it is given: documents, the repository, tables, the network.
-- next: a document of the repository
SELECT XMLQUERY('fn:doc("/public/a.xml")' RETURNING CONTENT) FROM dual
-- next: a document without the prefix
SELECT XMLQUERY('doc("/public/a.xml")/a' RETURNING CONTENT) FROM dual
-- next: a collection that is a table
SELECT XMLQUERY('for $i in fn:collection("oradb:/HR/EMP") return $i' RETURNING CONTENT) FROM dual
-- next: a table as a view
SELECT XMLQUERY('ora:view("EMP")' RETURNING CONTENT) FROM dual
-- next: a table as a view, by a prefix of one's own
SELECT XMLQUERY('declare namespace o="http://xmlns.oracle.com/xdb"; o:view("EMP")' RETURNING CONTENT) FROM dual
-- next: a document of the network
SELECT * FROM XMLTABLE('fn:doc("http://127.0.0.1/")' COLUMNS a VARCHAR2(10) PATH 'a')
-- next: a document in a condition
SELECT 1 FROM docs d WHERE XMLEXISTS('fn:doc("/public/a.xml")/a' PASSING d.xml)
-- next: whether there is such a document
SELECT 1 FROM docs d WHERE XMLEXISTS('$x[fn:doc-available("/public/a.xml")]' PASSING d.xml AS "x")
-- next: a text
SELECT XMLQUERY('unparsed-text("file:///etc/passwd")' RETURNING CONTENT) FROM dual
-- next: in other letters
SELECT XmlQuery('FN:Doc("/a.xml")' RETURNING CONTENT) FROM dual
-- next: white space before the bracket
SELECT XMLQUERY('fn:doc
  ("/a.xml")' RETURNING CONTENT) FROM dual
-- next: a comment before the bracket
SELECT XMLQUERY('fn:doc(: :)("/a.xml")' RETURNING CONTENT) FROM dual
-- next: behind a string that looks like a comment
SELECT XMLQUERY('"(:", doc("/a.xml"), ":)"' RETURNING CONTENT) FROM dual
-- next: a reference to the function
SELECT XMLQUERY('let $f := fn:doc#1 return $f("/a.xml")' RETURNING CONTENT) FROM dual
-- next: by a q-quote
SELECT XMLQUERY(q'[fn:doc('/a.xml')]' RETURNING CONTENT) FROM dual
-- next: a national literal
SELECT XMLQUERY(N'fn:doc("/a.xml")' RETURNING CONTENT) FROM dual
-- next: by its whole name
SELECT XMLQUERY('Q{http://www.w3.org/2005/xpath-functions}doc("/a.xml")' RETURNING CONTENT) FROM dual
-- next: in a column's path
SELECT x.a FROM docs d, XMLTABLE('/a' PASSING d.xml COLUMNS a VARCHAR2(10) PATH 'fn:doc("/a.xml")') x
-- next: behind namespaces
SELECT * FROM XMLTABLE(XMLNAMESPACES('http://xmlns.oracle.com/xdb' AS "o"), 'o:view("EMP")' COLUMNS a VARCHAR2(10) PATH 'a')
-- next: another function of Oracle's
SELECT XMLQUERY('ora:sqrt(4)' RETURNING CONTENT) FROM dual
-- next: put together
SELECT XMLQUERY('fn:d' || 'oc("/a.xml")' RETURNING CONTENT) FROM dual
-- next: a column's text
SELECT XMLQUERY(d.query PASSING d.xml RETURNING CONTENT) FROM docs d
-- next: a literal in brackets
SELECT XMLQUERY(('/a') PASSING d.xml RETURNING CONTENT) FROM docs d
-- next: a parameter
SELECT XMLQUERY(:q PASSING d.xml RETURNING CONTENT) FROM docs d
-- next: a table by a column's text
SELECT x.* FROM docs d, XMLTABLE(d.query PASSING d.xml COLUMNS a NUMBER PATH 'a') x
-- next: in a nested query
SELECT 1 FROM emp WHERE ename IN (SELECT XMLCAST(XMLQUERY('fn:doc("/a.xml")/a' RETURNING CONTENT) AS VARCHAR2(10)) FROM dual)
-- next: a module
SELECT XMLQUERY('import module namespace m="http://a" at "http://127.0.0.1/m.xq"; m:f()' RETURNING CONTENT) FROM dual
-- next: a module behind a comment
SELECT XMLQUERY('import(: :)module namespace m="http://a"; m:f()' RETURNING CONTENT) FROM dual
-- next: a document written
SELECT XMLQUERY('fn:put($x, "/public/a.xml")' PASSING d.xml AS "x" RETURNING CONTENT) FROM docs d
-- next: comments before the literal
SELECT XMLQUERY/* */( /* '/a' */ 'doc("/a.xml")' RETURNING CONTENT) FROM dual
