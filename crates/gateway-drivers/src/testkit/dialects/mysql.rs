//! MySQL and MariaDB.

use gateway_core::{ParamType, ParamValue};

use crate::testkit::{Dialect, Sample, Trace};

/// MySQL's dialect.
pub const MYSQL: Dialect = Dialect {
    spell: str::to_owned,
    prepare: &[TABLE, ROWS, NOT_TRANSACTIONAL],
    first_thing: ["Zoë", "12.50", "2026-01-31", "2026-01-31T12:34:56", "00ff10"],
    fingerprint: FINGERPRINT,
    writes: &[
        "REPLACE INTO things (id) VALUES (3)",
        "INSERT INTO plain VALUES (3)",
        "TRUNCATE TABLE things",
        "ALTER TABLE things ADD COLUMN more integer",
        "CREATE TABLE left_behind AS SELECT 1 AS one",
        "CREATE PROCEDURE left_behind() SELECT 1",
        "SELECT id INTO OUTFILE 'left_behind' FROM things",
        "RENAME TABLE things TO left_behind",
        "LOCK TABLES no_such_table WRITE",
        "WITH x AS (SELECT 1 AS one) DELETE FROM things WHERE id IN (SELECT one FROM x)",
    ],
    traces: &TRACES,
    pins: &[
        (
            "SELECT @@sql_mode AS v",
            "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,\
             NO_ENGINE_SUBSTITUTION",
        ),
        ("SELECT @@transaction_read_only AS v", "1"),
        ("SELECT @@autocommit AS v", "0"),
        ("SELECT @@time_zone AS v", "+00:00"),
        ("SELECT @@character_set_client AS v", "utf8mb4"),
        ("SELECT @@lock_wait_timeout AS v", "10"),
        ("SELECT 'a\\\\' AS backslash", "a\\"),
        ("SELECT \"a\" AS quotes", "a"),
        ("SELECT 0 || 0 AS pipes", "0"),
    ],
    samples,
    missing_kinds: &[],
    unfit: None,
    fails_late: FAILS_LATE,
    session_id: Some("connection_id()"),
    network: true,
};

/// MariaDB's dialect.
pub const MARIADB: Dialect = Dialect {
    pins: &[
        (
            "SELECT @@sql_mode AS v",
            "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
        ),
        ("SELECT @@tx_read_only AS v", "1"),
        ("SELECT @@autocommit AS v", "0"),
        ("SELECT @@time_zone AS v", "+00:00"),
        ("SELECT @@character_set_client AS v", "utf8mb4"),
        ("SELECT @@lock_wait_timeout AS v", "10"),
        ("SELECT 'a\\\\' AS backslash", "a\\"),
        ("SELECT \"a\" AS quotes", "a"),
        ("SELECT 0 || 0 AS pipes", "0"),
    ],
    ..MYSQL
};

const TABLE: &str = "CREATE TABLE things (id integer, name varchar(40), price decimal(12,2), day date, \
                     seen datetime, data blob)";
const ROWS: &str = "INSERT INTO things VALUES (1, 'Zoë', 12.5, '2026-01-31', '2026-01-31 12:34:56', x'00ff10'), \
                    (2, NULL, NULL, NULL, NULL, NULL)";
/// A rollback does not undo what is written here.
const NOT_TRANSACTIONAL: &str = "CREATE TABLE plain (id integer) ENGINE = MyISAM";
const FINGERPRINT: &str = "SELECT concat_ws(' ', (SELECT count(*) FROM things), (SELECT sum(id) FROM things), \
     (SELECT count(*) FROM plain), \
     (SELECT count(*) FROM information_schema.columns WHERE table_schema = database()), \
     (SELECT count(*) FROM information_schema.routines WHERE routine_schema = database()))";
const FAILS_LATE: &str = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 900) \
                          SELECT exp(n) AS e FROM s";

/// MySQL's rollback concerns rows only. What else belongs to the session goes with it: a statement that gives no result
/// costs its session, as does a query whose text could set a variable, and named locks are given back.
const TRACES: [Trace; 12] = [
    trace(
        "a user variable",
        "SET @left = 'secret'",
        "SELECT @left IS NULL AS v",
        "1",
        false,
    ),
    trace(
        "a user variable, by a query",
        "SELECT @left := 'secret' AS v",
        "SELECT @left IS NULL AS v",
        "1",
        false,
    ),
    trace(
        "a setting",
        "SET SESSION sql_mode = 'ANSI_QUOTES'",
        "SELECT @@sql_mode LIKE '%ANSI_QUOTES%' AS v",
        "0",
        false,
    ),
    trace(
        "read-write transactions from now on",
        "SET SESSION TRANSACTION READ WRITE",
        "SHOW VARIABLES WHERE variable_name IN ('transaction_read_only', 'tx_read_only') AND value = 'OFF'",
        "",
        false,
    ),
    trace(
        "a read-write transaction next",
        "SET TRANSACTION READ WRITE",
        "INSERT INTO plain VALUES (3)",
        "refused",
        false,
    ),
    trace(
        "transactions that end by themselves",
        "SET SESSION autocommit = 1",
        "SELECT @@autocommit AS v",
        "0",
        false,
    ),
    trace(
        "a named lock",
        "SELECT get_lock(concat(database(), '.left'), 0) AS v",
        "SELECT is_used_lock(concat(database(), '.left')) IS NULL AS free",
        "1",
        false,
    ),
    trace(
        "another database",
        "USE information_schema",
        "SELECT database() = 'information_schema' AS v",
        "0",
        false,
    ),
    trace(
        "a prepared statement",
        "PREPARE left_behind FROM 'SELECT 1'",
        "EXECUTE left_behind",
        "refused",
        false,
    ),
    trace(
        "a temporary table",
        "CREATE TEMPORARY TABLE left_behind (id integer)",
        "SELECT count(*) AS n FROM left_behind",
        "refused",
        false,
    ),
    trace(
        "a locked table",
        "LOCK TABLES things READ",
        "SELECT count(*) FROM plain",
        "0",
        false,
    ),
    trace(
        "an open handler",
        "HANDLER things OPEN",
        "HANDLER things READ FIRST",
        "refused",
        false,
    ),
];

const fn trace(
    what: &'static str,
    leave: &'static str,
    look: &'static str,
    clean: &'static str,
    survives: bool,
) -> Trace {
    Trace {
        what,
        leave,
        look,
        clean,
        survives,
    }
}

fn samples() -> Vec<Sample> {
    let same = "SELECT ? AS v";
    let sample = |value, sql, expected| Sample { value, sql, expected };
    let typed = |kind, text: &str, expected| Sample {
        value: ParamValue::Typed(kind, text.to_owned()),
        sql: same,
        expected,
    };
    vec![
        sample(ParamValue::Null, same, "NULL"),
        sample(ParamValue::Bool(true), same, "1"),
        sample(ParamValue::Int(i64::MIN), same, "-9223372036854775808"),
        sample(ParamValue::UInt(u64::MAX), same, "18446744073709551615"),
        sample(ParamValue::Number("12.50".into()), same, "12.50"),
        sample(ParamValue::Text("ü'\"\\?".into()), same, "ü'\"\\?"),
        sample(
            ParamValue::Binary(vec![0, 255, 16]),
            "SELECT hex(?) AS v",
            "00FF10",
        ),
        sample(
            ParamValue::Binary(vec![0, 255, 16]),
            "SELECT id FROM things WHERE data = ?",
            "1",
        ),
        typed(ParamType::Decimal, "12.50", "12.50"),
        sample(
            ParamValue::Typed(ParamType::Decimal, "12.50".into()),
            "SELECT id FROM things WHERE price = ?",
            "1",
        ),
        typed(ParamType::Date, "2026-01-31", "2026-01-31"),
        typed(ParamType::Time, "12:34:56.5", "12:34:56.500000"),
        typed(
            ParamType::Timestamp,
            "2026-01-31T12:34:56",
            "2026-01-31T12:34:56.000000",
        ),
        typed(
            ParamType::TimestampTz,
            "2026-01-31T12:34:56Z",
            "2026-01-31T12:34:56.000000",
        ),
        typed(
            ParamType::Uuid,
            "0198c5a0-0000-7000-8000-000000000001",
            "0198c5a0-0000-7000-8000-000000000001",
        ),
        typed(ParamType::Json, "{\"a\": 1}", "{\"a\": 1}"),
    ]
}
