//! SQLite.

use gateway_core::{ParamType, ParamValue};

use crate::testkit::{Dialect, Sample, Trace};

/// SQLite's dialect.
pub const SQLITE: Dialect = Dialect {
    spell: str::to_owned,
    prepare: &[
        "CREATE TABLE things (id integer, name text, price decimal(12,2), day date, seen datetime, data blob)",
        "INSERT INTO things VALUES (1, 'Zoë', 12.5, '2026-01-31', '2026-01-31 12:34:56', x'00ff10'), \
         (2, NULL, NULL, NULL, NULL, NULL)",
        "CREATE INDEX by_id ON things (id)",
    ],
    first_thing: ["Zoë", "12.50", "2026-01-31", "2026-01-31T12:34:56", "00ff10"],
    fingerprint: "SELECT (SELECT count(*) || ' ' || sum(id) FROM things) || ' ' || \
                  (SELECT group_concat(name) FROM sqlite_schema)",
    writes: &[
        "CREATE TEMP TABLE left_behind (id integer)",
        "REPLACE INTO things (id) VALUES (3)",
        "PRAGMA user_version = 7",
        "PRAGMA journal_mode = DELETE",
        "VACUUM",
        "VACUUM INTO 'left_behind.db'",
        "REINDEX",
        "ANALYZE",
        "COMMIT",
    ],
    // The authorizer lets nothing through that could leave any.
    traces: &[
        Trace {
            what: "an attached database",
            leave: "ATTACH '' AS other",
            look: "SELECT count(*) AS n FROM other.sqlite_schema",
            clean: "refused",
            survives: false,
        },
        Trace {
            what: "a temporary table",
            leave: "CREATE TEMP TABLE left_behind AS SELECT 1 AS one",
            look: "SELECT one FROM left_behind",
            clean: "refused",
            survives: false,
        },
        Trace {
            what: "a setting",
            leave: "PRAGMA case_sensitive_like = on",
            look: "SELECT 'a' LIKE 'A' AS same",
            clean: "1",
            survives: false,
        },
        Trace {
            what: "a savepoint",
            leave: "SAVEPOINT left_behind",
            look: "SELECT 1 AS one",
            clean: "1",
            survives: false,
        },
    ],
    pins: &[
        ("SELECT 'a\\' AS backslash", "a\\"),
        ("SELECT length('1' || '2') AS pipes", "2"),
    ],
    samples,
    missing_kinds: &[],
    unfit: Some(|| {
        let beyond = ParamValue::UInt(u64::MAX);
        (beyond, "SELECT id FROM things WHERE id < :wanted")
    }),
    fails_late: "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 900) \
                 SELECT abs(CASE WHEN n = 800 THEN -9223372036854775807 - 1 ELSE n END) AS a FROM s",
    session_id: None,
    network: false,
};

fn samples() -> Vec<Sample> {
    let same = "SELECT ? AS v";
    let typed = |kind, text: &str, sql, expected| Sample {
        value: ParamValue::Typed(kind, text.to_owned()),
        sql,
        expected,
    };
    let plain = |value, expected| Sample {
        value,
        sql: same,
        expected,
    };
    vec![
        plain(ParamValue::Null, "NULL"),
        plain(ParamValue::Bool(true), "1"),
        plain(ParamValue::Int(i64::MIN), "-9223372036854775808"),
        plain(ParamValue::Number("12.5".into()), "12.5"),
        plain(ParamValue::Text("ü'\"\\?".into()), "ü'\"\\?"),
        plain(ParamValue::Binary(vec![0, 255, 16]), "00ff10"),
        Sample {
            value: ParamValue::Binary(vec![0, 255, 16]),
            sql: "SELECT id FROM things WHERE data = ?",
            expected: "1",
        },
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
            "2026-01-31",
        ),
        typed(ParamType::Time, "12:34:56", same, "12:34:56"),
        typed(
            ParamType::Timestamp,
            "2026-01-31T12:34:56",
            "SELECT seen FROM things WHERE seen = ?",
            "2026-01-31T12:34:56",
        ),
        typed(
            ParamType::TimestampTz,
            "2026-01-31T12:34:56Z",
            "SELECT seen FROM things WHERE seen = ?",
            "2026-01-31T12:34:56",
        ),
        typed(
            ParamType::Uuid,
            "0198c5a0-0000-7000-8000-000000000001",
            same,
            "0198c5a0-0000-7000-8000-000000000001",
        ),
        typed(ParamType::Json, "{\"a\": 1}", same, "{\"a\": 1}"),
    ]
}
