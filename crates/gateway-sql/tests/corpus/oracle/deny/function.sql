-- rule: function
-- next: UTL_HTTP.REQUEST
SELECT utl_http.request('http://x') FROM dual
-- next: UTL_INADDR
SELECT UTL_INADDR.get_host_name FROM dual
-- next: SYS.UTL_HTTP.REQUEST
SELECT sys.utl_http.request('x') FROM dual
-- next: UTL_HTTP.REQUEST (2)
SELECT "UTL_HTTP".request('x') FROM dual
-- next: F
SELECT f(1) FROM dual
-- next: PKG.F
SELECT pkg.f(1) FROM dual
-- next: PKG.F (2)
SELECT pkg.f FROM dual
-- next: HTTPURITYPE
SELECT HTTPURITYPE('http://x').getclob() FROM dual
-- next: HTTPURITYPE.CREATEURI
SELECT httpuritype.createuri('x') FROM dual
-- next: DBMS_XMLGEN.GETXML
SELECT dbms_xmlgen.getxml('delete') FROM dual
-- next: DBMS_PIPE.RECEIVE_MESSAGE
SELECT dbms_pipe.receive_message('a',10) FROM dual
-- next: DBMS_LOCK.SLEEP
SELECT dbms_lock.sleep(1) FROM dual
-- next: XMLTYPE
SELECT xmltype('<!DOCTYPE x>') FROM dual
-- next: XMLTYPE (2)
SELECT extractvalue(xmltype('x'),'/a') FROM dual
-- next: XMLTYPE (3)
SELECT xmlquery('x' passing xmltype('a') returning content) FROM dual
-- next: PKG.F (3)
SELECT * FROM TABLE(pkg.f(1))
-- next: F (2)
SELECT * FROM TABLE(f(1))
-- next: SYS.DBMS_RANDOM.SEED
SELECT sys.dbms_random.seed(1) FROM dual
-- next: BFILENAME
SELECT bfilename('a','b') FROM dual
-- next: F (3)
SELECT a FROM t AS OF TIMESTAMP f(1)
-- next: F (4)
SELECT TO_DATE('a' DEFAULT f(1) ON CONVERSION ERROR) FROM dual
-- next: F (5)
SELECT x = ANY (f(1)) FROM dual
-- next: F (6)
SELECT CAST(MULTISET(SELECT f(1) FROM dual) AS t) FROM dual
-- next: F (7)
SELECT max(a) KEEP (DENSE_RANK FIRST ORDER BY f(1)) FROM t
-- next: F (8)
SELECT PREDICTION(m USING f(1) AS x) FROM t
-- next: DBMS_UTILITY.EXEC_DDL_STATEMENT
SELECT dbms_utility.exec_ddl_statement('x') FROM dual
-- next: CTXSYS.DRITHSX.SN
SELECT ctxsys.drithsx.sn(1,'a') FROM dual
-- next: ORDSYS.ORD_DICOM.GETMAPPINGXPATH
SELECT ordsys.ord_dicom.getmappingxpath('a','b','c') FROM dual
-- next: DBMS_LDAP.INIT
SELECT dbms_ldap.init('a',1) FROM dual
-- next: A.B.C
SELECT a.b.c FROM dual
-- next: F (9)
SELECT json_object('a': f(1)) FROM dual
-- next: F (10)
SELECT * FROM (SELECT 1 FROM dual) PIVOT (f(1) FOR a IN (1))
-- next: F (11)
SELECT value(f(1)) FROM dual
-- next: F (12)
SELECT 1 FROM dual CONNECT BY f(1)=1
-- next: F (13)
SELECT 1 FROM dual START WITH f(1)=1 CONNECT BY PRIOR a=b
-- next: F (14)
SELECT 1 FROM dual ORDER SIBLINGS BY f(1)
-- next: F (15)
SELECT TRANSLATE(f(1) USING CHAR_CS) FROM dual
-- next: F (16)
SELECT listagg(f(1),',') WITHIN GROUP (ORDER BY 1) FROM t
-- next: SYS.KUPP$PROC.CREATE_MASTER_PROCESS
SELECT sys.kupp$proc.create_master_process('x') FROM dual
-- next: STANDARD.F
SELECT standard.f(1) FROM dual
-- next: UTL_INADDR (2)
SELECT "UTL_INADDR"."GET_HOST_ADDRESS" FROM dual
-- next: DBMS_SQL
SELECT dbms_sql.open_cursor FROM dual
-- next: UTL_FILE.FOPEN
SELECT utl_file.fopen('a','b','c') FROM dual
-- next: DBMS_XPLAN
SELECT * FROM TABLE(dbms_xplan.display)
-- next: DBURITYPE
SELECT dburitype('/a/b').getclob() FROM dual
-- next: SYS.DBMS_METADATA.GET_DDL
SELECT sys.dbms_metadata.get_ddl('TABLE','T') FROM dual
-- next: DBMS_SESSION.SLEEP
SELECT dbms_session.sleep(1) FROM dual
-- next: A.F
SELECT a.f FROM dual
-- next: APEX_WEB_SERVICE.MAKE_REST_REQUEST
SELECT apex_web_service.make_rest_request('x') FROM dual
