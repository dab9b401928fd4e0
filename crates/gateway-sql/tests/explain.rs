//! EXPLAIN that executes: refused unless the policy permits it, and then only for what could be run as it stands.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use gateway_core::Engine::{self, MariaDb, MySql, Oracle, PostgreSql, Sqlite};
use gateway_core::StatementKind;
use gateway_sql::{Explain, Level, Policy, Rule, Validator};

/// The rule that refuses, or `None`.
fn rule(engine: Engine, explain: Explain, sql: &str) -> Option<Rule> {
    Validator::new(engine, Policy::default().with_explain(explain))
        .approve(sql)
        .err()
        .map(|rejection| rejection.rule())
}

#[test]
fn the_policy_decides_about_executing_reads() {
    let cases = [
        (MySql, "EXPLAIN ANALYZE SELECT 1"),
        (MySql, "explain analyze format=tree select 1"),
        (MySql, "EXPLAIN ANALYZE FORMAT = 'json' SELECT 1"),
        (MySql, "DESC ANALYZE WITH x AS (SELECT 1) SELECT * FROM x"),
        (MySql, "DESCRIBE ANALYZE TABLE orders"),
        (MySql, "EXPLAIN ANALYZE (SELECT 1) UNION ALL (SELECT 2)"),
        (MySql, "EXPLAIN ANALYZE SELECT * FROM t WHERE a = ?"),
        (MariaDb, "ANALYZE SELECT 1"),
        (MariaDb, "analyze format=json select 1"),
        (
            MariaDb,
            "ANALYZE FORMAT='JSON' WITH x AS (SELECT 1) SELECT * FROM x",
        ),
        (MariaDb, "ANALYZE (SELECT 1)"),
        (MariaDb, "ANALYZE VALUES (1), (2)"),
        (PostgreSql, "EXPLAIN ANALYZE SELECT 1"),
        (PostgreSql, "explain analyse verbose select 1"),
        (PostgreSql, "EXPLAIN ANALYZE (SELECT 1)"),
        (PostgreSql, "EXPLAIN (ANALYZE) SELECT 1"),
        (PostgreSql, "EXPLAIN (analyse TRUE, Buffers) SELECT 1"),
        (PostgreSql, "EXPLAIN (ANALYZE on) VALUES (1)"),
        (PostgreSql, "EXPLAIN (ANALYZE 1, TIMING off) TABLE t"),
        (PostgreSql, "EXPLAIN (ANALYZE 'true') SELECT 1"),
        (PostgreSql, "EXPLAIN (ANALYZE \"on\", FORMAT json) SELECT 1"),
        (
            PostgreSql,
            "EXPLAIN (VERBOSE, COSTS off, ANALYZE on, WAL) (SELECT 1)",
        ),
        (PostgreSql, "EXPLAIN (ANALYZE, SERIALIZE text, TIMING) SELECT 1"),
        (PostgreSql, "EXPLAIN (ANALYZE) SELECT * FROM t WHERE a = $1"),
    ];
    for (engine, sql) in cases {
        assert_eq!(
            rule(engine, Explain::PlanOnly, sql),
            Some(Rule::ExplainAnalyze),
            "{engine}: {sql}"
        );
        let validator = Validator::new(engine, Policy::default().with_explain(Explain::Analyze));
        let approved = validator
            .approve(sql)
            .unwrap_or_else(|error| panic!("{engine}: {sql}: {error}"));
        assert_eq!(approved.kind(), StatementKind::Explain, "{engine}: {sql}");
    }
}

#[test]
fn options_that_do_not_execute_need_no_policy() {
    for sql in [
        "EXPLAIN (ANALYZE off) SELECT 1",
        "EXPLAIN (ANALYZE FALSE, COSTS) SELECT 1",
        "EXPLAIN (analyse 0) SELECT 1",
        "EXPLAIN (ANALYZE 'off', TIMING off, WAL false) SELECT 1",
    ] {
        for explain in [Explain::PlanOnly, Explain::Analyze] {
            assert_eq!(rule(PostgreSql, explain, sql), None, "{sql}");
        }
    }
}

#[test]
fn what_could_not_be_run_as_it_stands_is_not_executed() {
    let cases = [
        (MySql, "EXPLAIN ANALYZE DELETE FROM t", Rule::StatementKind),
        (MySql, "EXPLAIN ANALYZE SELECT sleep(1)", Rule::Function),
        (MySql, "EXPLAIN ANALYZE SELECT * FROM t FOR UPDATE", Rule::Locking),
        (
            MySql,
            "EXPLAIN ANALYZE FORMAT=JSON INTO @v SELECT 1",
            Rule::SelectInto,
        ),
        (MySql, "EXPLAIN ANALYZE FOR CONNECTION 5", Rule::StatementKind),
        (MySql, "EXPLAIN ANALYZE FORMAT SELECT 1", Rule::Syntax),
        (MySql, "EXPLAIN ANALYZE EXTENDED SELECT 1", Rule::StatementKind),
        (MySql, "EXPLAIN ANALYZE ANALYZE SELECT 1", Rule::StatementKind),
        (MySql, "EXPLAIN ANALYZE orders", Rule::StatementKind),
        (
            MySql,
            "EXPLAIN FORMAT=TREE ANALYZE SELECT 1",
            Rule::ExplainAnalyze,
        ),
        (
            MySql,
            "EXPLAIN ANALYZE SELECT 1; SELECT 2",
            Rule::MultipleStatements,
        ),
        (MySql, "ANALYZE SELECT 1", Rule::StatementKind),
        (MySql, "ANALYZE TABLE t", Rule::StatementKind),
        (MariaDb, "EXPLAIN ANALYZE SELECT 1", Rule::ExplainAnalyze),
        (
            MariaDb,
            "EXPLAIN FORMAT=JSON ANALYZE SELECT 1",
            Rule::ExplainAnalyze,
        ),
        (MariaDb, "ANALYZE TABLE t", Rule::StatementKind),
        (MariaDb, "ANALYZE FORMAT=JSON TABLE t", Rule::StatementKind),
        (MariaDb, "ANALYZE LOCAL TABLE t", Rule::StatementKind),
        (MariaDb, "ANALYZE NO_WRITE_TO_BINLOG TABLE t", Rule::StatementKind),
        (MariaDb, "ANALYZE TABLES t", Rule::StatementKind),
        (MariaDb, "ANALYZE UPDATE t SET a = 1", Rule::StatementKind),
        (MariaDb, "ANALYZE FORMAT=JSON DELETE FROM t", Rule::StatementKind),
        (MariaDb, "ANALYZE SELECT nextval(s)", Rule::Function),
        (
            MariaDb,
            "ANALYZE SELECT 1 INTO OUTFILE '/tmp/x'",
            Rule::SelectInto,
        ),
        (MariaDb, "(ANALYZE SELECT 1)", Rule::StatementKind),
        (MariaDb, "ANALYZE", Rule::StatementKind),
        (MariaDb, "ANALYZE ANALYZE SELECT 1", Rule::StatementKind),
        (PostgreSql, "EXPLAIN ANALYZE DELETE FROM t", Rule::StatementKind),
        (
            PostgreSql,
            "EXPLAIN (ANALYZE) INSERT INTO t VALUES (1)",
            Rule::DataModification,
        ),
        (
            PostgreSql,
            "EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1",
            Rule::StatementKind,
        ),
        (PostgreSql, "EXPLAIN ANALYZE EXECUTE p", Rule::StatementKind),
        (
            PostgreSql,
            "EXPLAIN ANALYZE DECLARE c CURSOR FOR SELECT 1",
            Rule::StatementKind,
        ),
        (PostgreSql, "EXPLAIN ANALYZE SELECT 1 INTO x", Rule::SelectInto),
        (PostgreSql, "EXPLAIN ANALYZE SELECT pg_sleep(1)", Rule::Function),
        (
            PostgreSql,
            "EXPLAIN (ANALYZE) SELECT * FROM t FOR SHARE",
            Rule::Locking,
        ),
        (
            PostgreSql,
            "EXPLAIN ANALYZE WITH x AS (DELETE FROM t RETURNING 1) SELECT * FROM x",
            Rule::DataModification,
        ),
        (
            PostgreSql,
            "EXPLAIN (ANALYZE off, ANALYZE on) SELECT 1",
            Rule::Unsupported,
        ),
        (
            PostgreSql,
            "EXPLAIN (ANALYZE on, ANALYSE off) SELECT 1",
            Rule::Unsupported,
        ),
        (PostgreSql, "EXPLAIN (ANALYZE maybe) SELECT 1", Rule::Unsupported),
        (PostgreSql, "EXPLAIN (ANALYZE 2) SELECT 1", Rule::Unsupported),
        (PostgreSql, "EXPLAIN (ANALYZE -0) SELECT 1", Rule::Syntax),
        (PostgreSql, "EXPLAIN (\"analyze\") SELECT 1", Rule::Unsupported),
        (PostgreSql, "EXPLAIN (NOBODY_KNOWS) SELECT 1", Rule::Unsupported),
        (
            PostgreSql,
            "EXPLAIN VERBOSE ANALYZE SELECT 1",
            Rule::StatementKind,
        ),
        (
            PostgreSql,
            "EXPLAIN ANALYZE (VERBOSE) SELECT 1",
            Rule::StatementKind,
        ),
        (PostgreSql, "EXPLAIN ANALYZE EXPLAIN SELECT 1", Rule::Syntax),
        (PostgreSql, "ANALYZE t", Rule::StatementKind),
        (Sqlite, "EXPLAIN ANALYZE SELECT 1", Rule::StatementKind),
        (Oracle, "EXPLAIN ANALYZE SELECT 1 FROM dual", Rule::StatementKind),
    ];
    for (engine, sql, expected) in cases {
        assert_eq!(
            rule(engine, Explain::Analyze, sql),
            Some(expected),
            "{engine}: {sql}"
        );
    }
}

/// Whatever the corpus says about a statement, it says about executing it under EXPLAIN, too.
#[test]
fn the_corpus_keeps_its_verdicts_behind_the_prefix() {
    let prefixes = [
        (MySql, "EXPLAIN ANALYZE "),
        (MariaDb, "ANALYZE FORMAT=JSON "),
        (PostgreSql, "EXPLAIN (ANALYZE, VERBOSE) "),
        (PostgreSql, "EXPLAIN ANALYZE "),
    ];
    for (engine, prefix) in prefixes {
        let policy = Policy::default().with_explain(Explain::Analyze);
        let validator = Validator::new(engine, policy.clone());
        let lenient = Validator::new(engine, policy.with_level(Level::Standard));
        let mut seen = 0;
        for sql in cases(engine, "deny") {
            let sql = format!("{prefix}{sql}");
            assert!(validator.approve(&sql).is_err(), "{engine}: {sql}");
            seen += 1;
        }
        for sql in cases(engine, "allow") {
            let stands_alone = lenient.approve(&sql).unwrap().kind() == StatementKind::Query;
            let sql = format!("{prefix}{sql}");
            assert_eq!(validator.approve(&sql).is_ok(), stands_alone, "{engine}: {sql}");
            seen += 1;
        }
        assert!(seen > 500, "only {seen} cases");
    }
}

fn cases(engine: Engine, verdict: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(engine.as_str())
        .join(verdict);
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        all.extend(text.split("-- next: ").skip(1).map(|case| {
            let (_, sql) = case.split_once('\n').unwrap();
            sql.strip_suffix('\n').unwrap_or(sql).to_owned()
        }));
    }
    all
}
