//! Oracle.

use gateway_core::{ParamType, ParamValue};

use crate::testkit::{Dialect, Sample, Trace};

/// Oracle's dialect.
pub const ORACLE: Dialect = Dialect {
    spell,
    prepare: &[
        "CREATE TABLE things (id number(9), name varchar2(40), price number(12,2), day date, seen timestamp(0), \
         data raw(16))",
        "INSERT INTO things VALUES (1, 'Zoë', 12.5, DATE '2026-01-31', TIMESTAMP '2026-01-31 12:34:56', \
         HEXTORAW('00ff10'))",
        "INSERT INTO things VALUES (2, NULL, NULL, NULL, NULL, NULL)",
    ],
    // A DATE has a time.
    first_thing: [
        "Zoë",
        "12.50",
        "2026-01-31T00:00:00",
        "2026-01-31T12:34:56",
        "00ff10",
    ],
    fingerprint: "SELECT (SELECT COUNT(*) FROM things) || ' ' || (SELECT SUM(id) FROM things) || ' ' || \
                  (SELECT COUNT(*) FROM user_objects) FROM dual",
    writes: &[
        "TRUNCATE TABLE things",
        "ALTER TABLE things ADD (more integer)",
        "CREATE TABLE left_behind AS SELECT 1 AS one FROM dual",
        "MERGE INTO things USING dual ON (id = 3) WHEN NOT MATCHED THEN INSERT (id) VALUES (3)",
        "SELECT id FROM things FOR UPDATE",
        "BEGIN INSERT INTO things (id) VALUES (3); COMMIT; END;",
        "CALL no_such_procedure()",
        "COMMIT",
    ],
    // Nothing but a query reaches the server.
    traces: &[
        trace(
            "a setting",
            "ALTER SESSION SET NLS_DATE_FORMAT = 'YY'",
            "SELECT value AS v FROM nls_session_parameters WHERE parameter = 'NLS_DATE_FORMAT'",
            "YYYY-MM-DD\"T\"HH24:MI:SS",
        ),
        trace(
            "another schema",
            "ALTER SESSION SET CURRENT_SCHEMA = SYS",
            "SELECT CASE WHEN SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA') = USER THEN 'own' ELSE 'other' END AS v FROM dual",
            "own",
        ),
        trace(
            "a read-write transaction",
            "SET TRANSACTION READ WRITE",
            "SELECT 1 AS v FROM dual",
            "1",
        ),
        trace(
            "a savepoint",
            "SAVEPOINT left_behind",
            "SELECT 1 AS v FROM dual",
            "1",
        ),
        trace(
            "a lock",
            "LOCK TABLE things IN EXCLUSIVE MODE",
            "SELECT COUNT(*) AS v FROM things",
            "2",
        ),
        trace(
            "a name of the session",
            "BEGIN DBMS_APPLICATION_INFO.SET_MODULE('left', 'behind'); END;",
            "SELECT SYS_CONTEXT('USERENV', 'MODULE') AS v FROM dual",
            "nexus-gateway",
        ),
    ],
    pins: &[
        (
            "SELECT SYS_CONTEXT('USERENV', 'MODULE') AS v FROM dual",
            "nexus-gateway",
        ),
        ("SELECT SYS_CONTEXT('USERENV', 'ACTION') AS v FROM dual", "query"),
        (
            "SELECT SYS_CONTEXT('USERENV', 'CLIENT_IDENTIFIER') AS v FROM dual",
            "nexus-gateway",
        ),
        ("SELECT SESSIONTIMEZONE AS v FROM dual", "+00:00"),
        (
            "SELECT value AS v FROM nls_session_parameters WHERE parameter = 'NLS_NUMERIC_CHARACTERS'",
            ".,",
        ),
        (
            "SELECT value AS v FROM nls_session_parameters WHERE parameter = 'NLS_COMP'",
            "BINARY",
        ),
        ("SELECT 'a\\' AS backslash FROM dual", "a\\"),
        ("SELECT '1' || '2' AS pipes FROM dual", "12"),
    ],
    samples,
    missing_kinds: &["time"],
    unfit: Some(|| {
        let beyond = ParamValue::Number("1099511627776e999".into());
        (beyond, "SELECT id FROM things WHERE id < :wanted")
    }),
    fails_late: "WITH s(n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM s WHERE n < 900) \
                 SELECT TO_NUMBER(CASE WHEN n = 800 THEN 'many' ELSE '1' END) AS a FROM s",
    session_id: Some("SYS_CONTEXT('USERENV', 'SID')"),
    network: true,
};

/// Oracle wants a FROM everywhere (before 23ai), has its own words for the first rows, and takes recursion for granted.
fn spell(sql: &str) -> String {
    let mut text = sql
        .replace("WITH RECURSIVE", "WITH")
        .replace("SELECT 1 UNION ALL", "SELECT 1 FROM dual UNION ALL")
        .replace("n % 2", "MOD(n, 2)")
        // What does not begin as a query is not sent at all; this is a query that cannot be parsed.
        .replace("SELEC 1", "SELECT 1 FRM dual");
    if let Some((before, count)) = text.rsplit_once(" LIMIT ") {
        text = format!("{before} FETCH FIRST {count} ROWS ONLY");
    }
    let is_query = text.starts_with("SELECT");
    if is_query && !text.contains(" FROM ") && !text.contains(" FRM ") {
        text.push_str(" FROM dual");
    }
    text.replace("AS SELECT 1 AS one", "AS SELECT 1 AS one FROM dual")
        .replace("FROM dual FROM dual", "FROM dual")
}

const fn trace(what: &'static str, leave: &'static str, look: &'static str, clean: &'static str) -> Trace {
    Trace {
        what,
        leave,
        look,
        clean,
        survives: false,
    }
}

fn samples() -> Vec<Sample> {
    let same = "SELECT ? AS v FROM dual";
    let sample = |value, sql, expected| Sample { value, sql, expected };
    let typed = |kind, text: &str, sql, expected| Sample {
        value: ParamValue::Typed(kind, text.to_owned()),
        sql,
        expected,
    };
    let id = "0198c5a0-0000-7000-8000-000000000001";
    vec![
        sample(ParamValue::Null, same, "NULL"),
        sample(ParamValue::Bool(true), same, "1"),
        sample(ParamValue::Int(i64::MIN), same, "-9223372036854775808"),
        sample(ParamValue::UInt(u64::MAX), same, "18446744073709551615"),
        sample(ParamValue::Number("12.5".into()), same, "12.5"),
        sample(
            ParamValue::Number("99999999999999999999999999999999999999".into()),
            same,
            "99999999999999999999999999999999999999",
        ),
        sample(ParamValue::Text("ü'\"\\?".into()), same, "ü'\"\\?"),
        // As everywhere in Oracle, the empty text is NULL.
        sample(ParamValue::Text(String::new()), same, "NULL"),
        sample(ParamValue::Binary(vec![0, 255, 16]), same, "00ff10"),
        sample(
            ParamValue::Binary(vec![0, 255, 16]),
            "SELECT id FROM things WHERE data = ?",
            "1",
        ),
        typed(
            ParamType::Decimal,
            "12.50",
            "SELECT price FROM things WHERE price = ?",
            "12.50",
        ),
        typed(
            ParamType::Date,
            "2026-01-31",
            "SELECT day FROM things WHERE day = ?",
            "2026-01-31T00:00:00",
        ),
        typed(
            ParamType::Timestamp,
            "2026-01-31T12:34:56",
            "SELECT seen FROM things WHERE seen = ?",
            "2026-01-31T12:34:56",
        ),
        typed(
            ParamType::Timestamp,
            "2026-01-31T12:34:56.5",
            "SELECT id FROM things WHERE seen < ?",
            "1",
        ),
        typed(
            ParamType::TimestampTz,
            "2026-01-31T14:34:56.5+02:00",
            "SELECT id FROM things WHERE seen < ?",
            "1",
        ),
        typed(ParamType::Uuid, id, same, id),
        typed(ParamType::Json, "{\"a\": 1}", same, "{\"a\": 1}"),
    ]
}
