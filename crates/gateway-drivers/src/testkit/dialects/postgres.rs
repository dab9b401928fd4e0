//! PostgreSQL.

use gateway_core::{ParamType, ParamValue};

use crate::testkit::{Dialect, Sample, Trace};

/// PostgreSQL's dialect.
pub const POSTGRESQL: Dialect = Dialect {
    spell: str::to_owned,
    prepare: &[
        "CREATE TABLE things (id integer, name text, price numeric(12,2), day date, seen timestamp(0), data bytea)",
        "INSERT INTO things VALUES (1, 'Zoë', 12.5, '2026-01-31', '2026-01-31 12:34:56', '\\x00ff10'), \
         (2, NULL, NULL, NULL, NULL, NULL)",
        "CREATE SEQUENCE numbers",
        "CREATE FUNCTION writes() RETURNS integer LANGUAGE sql AS \
         'INSERT INTO things (id) VALUES (3) RETURNING id'",
    ],
    first_thing: ["Zoë", "12.50", "2026-01-31", "2026-01-31T12:34:56", "00ff10"],
    fingerprint: "SELECT concat_ws(' ', (SELECT count(*) || ' ' || sum(id) FROM things), \
                  (SELECT last_value::text || is_called FROM numbers), (SELECT count(*) FROM pg_class), \
                  (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_largeobject_metadata))",
    writes: &[
        "WITH x AS (INSERT INTO things (id) VALUES (3) RETURNING id) SELECT id FROM x",
        "SELECT writes()",
        "SELECT nextval('numbers')",
        "SELECT setval('numbers', 7)",
        "SELECT lo_create(0)",
        "SELECT id INTO left_behind FROM things",
        "CREATE TEMP TABLE left_behind (id integer)",
        "CREATE TABLE left_behind AS SELECT 1 AS one",
        "TRUNCATE things",
        "SELECT id FROM things FOR UPDATE",
        "DO 'BEGIN INSERT INTO things (id) VALUES (3); END'",
        "ALTER TABLE things ADD COLUMN more integer",
        "GRANT SELECT ON things TO public",
        "COPY things FROM PROGRAM 'echo 3'",
        "REFRESH MATERIALIZED VIEW things",
        "VACUUM things",
    ],
    traces: &[
        Trace {
            what: "a setting, by SET",
            leave: "SET standard_conforming_strings = off",
            look: "SHOW standard_conforming_strings",
            clean: "on",
            survives: false,
        },
        Trace {
            what: "a setting, by set_config",
            leave: "SELECT set_config('default_transaction_read_only', 'off', false)",
            look: "SHOW default_transaction_read_only",
            clean: "on",
            survives: false,
        },
        Trace {
            what: "a variable of a caller's own",
            leave: "SELECT set_config('left.behind', 'secret', false)",
            look: "SELECT coalesce(nullif(current_setting('left.behind', true), ''), 'nothing') AS v",
            clean: "nothing",
            survives: false,
        },
        Trace {
            what: "a role",
            leave: "SET ROLE pg_monitor",
            look: "SELECT (current_user = session_user)::text AS same",
            clean: "true",
            survives: false,
        },
        Trace {
            what: "a read-write transaction",
            leave: "SET TRANSACTION READ WRITE",
            look: "SHOW transaction_read_only",
            clean: "on",
            survives: false,
        },
        Trace {
            what: "the end of our transaction",
            leave: "COMMIT",
            look: "SHOW transaction_read_only",
            clean: "on",
            survives: false,
        },
        Trace {
            what: "a transaction's advisory lock",
            leave: "SELECT pg_advisory_xact_lock(7)::text",
            look: "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
            clean: "0",
            survives: false,
        },
        Trace {
            what: "a session's advisory lock",
            leave: "SELECT pg_advisory_lock(7)::text",
            look: "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
            clean: "0",
            survives: false,
        },
        Trace {
            what: "a prepared statement",
            leave: "PREPARE left_behind AS SELECT 1",
            look: "SELECT count(*) AS n FROM pg_prepared_statements WHERE from_sql",
            clean: "0",
            survives: false,
        },
        Trace {
            what: "the loss of our prepared statements",
            leave: "DEALLOCATE ALL",
            look: "SELECT 1 AS one",
            clean: "1",
            survives: false,
        },
        Trace {
            what: "a cursor",
            leave: "DECLARE left_behind CURSOR WITH HOLD FOR SELECT 1",
            look: "SELECT count(*) AS n FROM pg_cursors WHERE name = 'left_behind'",
            clean: "0",
            survives: false,
        },
        Trace {
            what: "an ear for notifications",
            leave: "LISTEN left_behind",
            look: "SELECT count(*) AS n FROM pg_listening_channels()",
            clean: "0",
            survives: false,
        },
        Trace {
            what: "a temporary table",
            leave: "SELECT 1 AS one INTO TEMP left_behind",
            look: "SELECT count(*) AS n FROM pg_class WHERE relname = 'left_behind'",
            clean: "0",
            survives: false,
        },
        Trace {
            what: "a loaded library",
            leave: "LOAD 'plpgsql'",
            look: "SELECT count(*) AS n FROM pg_settings WHERE name LIKE 'plpgsql.%'",
            clean: "0",
            survives: false,
        },
    ],
    pins: &[
        ("SHOW standard_conforming_strings", "on"),
        ("SHOW backslash_quote", "safe_encoding"),
        ("SHOW client_encoding", "UTF8"),
        ("SHOW timezone", "UTC"),
        ("SHOW lock_timeout", "10s"),
        ("SHOW default_transaction_read_only", "on"),
        ("SHOW transaction_read_only", "on"),
        ("SELECT current_setting('transaction_read_only') AS v", "on"),
        ("SELECT 'a\\' AS backslash", "a\\"),
        ("SELECT '12:00:00+00'::timetz::text AS zone", "12:00:00+00"),
    ],
    samples,
    missing_kinds: &[],
    unfit: Some(|| {
        let beyond = ParamValue::Int(1 << 40);
        (beyond, "SELECT id FROM things WHERE id < :wanted")
    }),
    fails_late: "SELECT 1000 / (800 - n) AS q FROM generate_series(1, 900) AS s(n)",
    session_id: Some("pg_backend_pid()"),
    network: true,
};

fn samples() -> Vec<Sample> {
    let sample = |value, sql, expected| Sample { value, sql, expected };
    let typed = |kind, text: &str, expected| Sample {
        value: ParamValue::Typed(kind, text.to_owned()),
        sql: "SELECT ? AS v",
        expected,
    };
    vec![
        sample(ParamValue::Null, "SELECT ?::text AS v", "NULL"),
        sample(ParamValue::Bool(true), "SELECT ?::boolean AS v", "true"),
        sample(
            ParamValue::Int(i64::MIN),
            "SELECT ?::bigint AS v",
            "-9223372036854775808",
        ),
        sample(
            ParamValue::UInt(u64::MAX),
            "SELECT ?::numeric AS v",
            "18446744073709551615",
        ),
        sample(
            ParamValue::Number("12.50".into()),
            "SELECT ?::numeric AS v",
            "12.50",
        ),
        sample(
            ParamValue::Text("ü'\"\\?".into()),
            "SELECT ?::text AS v",
            "ü'\"\\?",
        ),
        sample(
            ParamValue::Text("2026-01-31".into()),
            "SELECT id FROM things WHERE day = ?",
            "1",
        ),
        sample(ParamValue::Binary(vec![0, 255, 16]), "SELECT ? AS v", "00ff10"),
        sample(
            ParamValue::Binary(vec![0, 255, 16]),
            "SELECT id FROM things WHERE data = ?",
            "1",
        ),
        sample(
            ParamValue::Array(vec![ParamValue::Int(1), ParamValue::Null, ParamValue::Int(3)]),
            "SELECT ?::integer[] AS v",
            "[1,null,3]",
        ),
        sample(
            ParamValue::Array(vec![ParamValue::Text("a\"b,{}\\".into())]),
            "SELECT (?::text[])[1] AS v",
            "a\"b,{}\\",
        ),
        typed(ParamType::Decimal, "12.50", "12.50"),
        typed(ParamType::Date, "2026-01-31", "2026-01-31"),
        typed(ParamType::Time, "12:34:56.5", "12:34:56.5"),
        typed(ParamType::Timestamp, "2026-01-31T12:34:56", "2026-01-31T12:34:56"),
        typed(
            ParamType::TimestampTz,
            "2026-01-31T12:34:56+02:00",
            "2026-01-31T10:34:56Z",
        ),
        typed(
            ParamType::Uuid,
            "0198c5a0-0000-7000-8000-000000000001",
            "0198c5a0-0000-7000-8000-000000000001",
        ),
        typed(ParamType::Json, "{\"a\":1}", "{\"a\": 1}"),
    ]
}
