-- rule: function
-- Calls under spellings that hide them: without brackets, through schemas, quoted, through objects.
-- next: a package's function without brackets, quoted
SELECT "UTL_INADDR".GET_HOST_NAME FROM dual
-- next: a schema before the package
SELECT SYS."DBMS_PIPE"."UNPACK_MESSAGE_RAW" FROM dual
-- next: the package as a column's alias target
SELECT x.a FROM (SELECT UTL_INADDR.GET_HOST_NAME AS a FROM dual) x
-- next: comments and line breaks around the dots
SELECT SYS /* a */ . -- b
UTL_HTTP . REQUEST('http://127.0.0.1') FROM dual
-- next: mixed case
SELECT Utl_Http.Request('http://127.0.0.1') FROM dual
-- next: a quoted name in lower case, which is another object
SELECT "utl_http"."request"('x') FROM dual
-- next: a method of an object's column
SELECT t.obj.run() FROM t
-- next: a constructor of one's own type
SELECT my_type(1) FROM dual
-- next: a static method
SELECT HTTPURITYPE.createURI('http://127.0.0.1') FROM dual
-- next: a method of a method
SELECT HTTPURITYPE('http://127.0.0.1').getBlob().x FROM dual
-- next: a function by named arguments
SELECT f(n => 1) FROM dual
-- next: a package's constant that may be a function
SELECT pkg.total FROM dual
-- next: a function in a WHERE without brackets
SELECT 1 FROM dual WHERE pkg.is_open = 1
-- next: a letter of another alphabet
SELECT UТL_HTTP.REQUEST('x') FROM dual
-- next: a language model
SELECT AI show all employees
-- next: an aggregate of one's own
SELECT my_agg(sal) FROM emp GROUP BY deptno
-- next: an analytic function of one's own
SELECT my_agg(sal) OVER (PARTITION BY deptno) FROM emp
