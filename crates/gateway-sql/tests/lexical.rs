//! Characters and settings by which a text could be one statement to us and another to the server.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use gateway_core::Engine::{self, MariaDb, MySql, Oracle, PostgreSql, Sqlite};
use gateway_sql::{Level, Policy, Rule, Validator};

fn rule(engine: Engine, sql: &str) -> Option<Rule> {
    Validator::new(engine, Policy::default())
        .approve(sql)
        .err()
        .map(|rejection| rejection.rule())
}

#[test]
fn odd_characters_are_refused_outside_of_strings() {
    let odd = [
        '\0', '\u{1}', '\u{b}', '\u{c}', '\u{7f}', '\u{85}', '\u{a0}', '\u{ad}', '\u{200b}', '\u{200d}',
        '\u{200e}', '\u{2028}', '\u{2029}', '\u{202e}', '\u{2060}', '\u{3000}', '\u{feff}', '\u{ff08}',
        '\u{ff1b}', '\u{2018}',
    ];
    for engine in Engine::ALL {
        for c in odd {
            for sql in [
                format!("SELECT{c}1"),
                format!("{c}SELECT 1"),
                format!("SELECT 1 {c}"),
                format!("SELECT a{c}b"),
            ] {
                assert!(rule(engine, &sql).is_some(), "{engine}: {sql:?}");
            }
            let inside = format!("SELECT 'a{c}b'");
            assert_eq!(rule(engine, &inside).is_some(), c == '\0', "{engine}: {inside:?}");
        }
    }
}

#[test]
fn a_string_ends_where_the_server_ends_it() {
    // The rest is part of the string for one engine and a second statement for another.
    let tail = "; DELETE FROM t; -- '";
    let cases = [
        (format!("SELECT E'a\\'{tail}"), &[PostgreSql][..]),
        (format!("SELECT $$'{tail} $$"), &[PostgreSql]),
        (format!("SELECT q'['{tail}]' FROM dual"), &[Oracle]),
        (format!("SELECT `'{tail}` FROM t"), &[MySql, MariaDb, Sqlite]),
        (
            format!("SELECT \"'{tail}\" FROM t"),
            &[MySql, MariaDb, PostgreSql, Oracle, Sqlite],
        ),
        (format!("SELECT ['{tail}] FROM t"), &[Sqlite]),
        // To PostgreSQL, the operator # and a string.
        (format!("SELECT 1 # '{tail}"), &[MySql, MariaDb, PostgreSql]),
        (format!("SELECT /* /* */ '{tail} */ 1"), &[PostgreSql]),
    ];
    for (sql, engines) in &cases {
        for engine in Engine::ALL {
            assert_eq!(
                rule(engine, sql).is_none(),
                engines.contains(&engine),
                "{engine}: {sql}"
            );
        }
    }
}

/// The modes are pinned, so these are one statement. Should the pin ever fail, they must still not be two.
#[test]
fn a_string_that_another_setting_ends_elsewhere_hides_no_statement() {
    let cases = [
        (MySql, "SELECT 'a\\'; DELETE FROM t; -- '"),
        (MySql, "SELECT \"a\\\"; DELETE FROM t; -- \""),
        (MariaDb, "SELECT 'a\\'; DELETE FROM t; # '"),
        (MariaDb, "SELECT 'a\\'/*', '*/; DROP TABLE t; SELECT '"),
        (MySql, "SELECT E'a\\'; DELETE FROM t; -- '"),
        (PostgreSql, "SELECT 'a\\', '; DELETE FROM t; --'"),
        (PostgreSql, "SELECT 'a\\', $$'; DELETE FROM t; --$$"),
        (PostgreSql, "SELECT '\\', E'; DELETE FROM t; --'"),
    ];
    for (engine, sql) in cases {
        assert_eq!(rule(engine, sql), Some(Rule::Ambiguous), "{engine}: {sql}");
    }
    // Another setting makes no second statement of these.
    let plain = [
        (MySql, "SELECT 'it\\'s; fine', 'C:\\\\dir; D:\\\\dir'"),
        (
            MariaDb,
            "SELECT * FROM t WHERE a LIKE '%\\%;%' OR b = \"a;\\\"b\"",
        ),
        (
            PostgreSql,
            "SELECT string_agg(replace(a, '\\', '/'), '; ') FROM t",
        ),
        (
            PostgreSql,
            "SELECT regexp_replace(a, '\\s*;\\s*', ';') FROM t; -- ; '",
        ),
    ];
    for (engine, sql) in plain {
        assert_eq!(rule(engine, sql), None, "{engine}: {sql}");
    }
}

#[test]
fn escape_strings_go_on_with_their_backslashes() {
    let sql = "SELECT E'a'\n'b\\'; DELETE FROM t; -- '";
    assert_eq!(rule(PostgreSql, sql), None);
    assert_eq!(
        rule(PostgreSql, "SELECT 'a'\n'b\\'; DELETE FROM t; -- '"),
        Some(Rule::MultipleStatements)
    );
    assert!(rule(PostgreSql, "SELECT E'a' 'b\\'; DELETE FROM t; -- '").is_some());
    assert!(rule(PostgreSql, "SELECT E'a' /* \n */ 'b\\'; DELETE FROM t; -- '").is_some());
}

#[test]
fn comments_end_where_the_server_ends_them() {
    for engine in Engine::ALL {
        assert_eq!(
            rule(engine, "SELECT 1 -- a\n; DELETE FROM t"),
            Some(Rule::MultipleStatements),
            "{engine}"
        );
        assert_eq!(
            rule(engine, "SELECT 1 -- a\r; DELETE FROM t"),
            Some(Rule::Ambiguous),
            "{engine}"
        );
        assert_eq!(rule(engine, "SELECT 1 -- a\r\n"), None, "{engine}");
        assert_eq!(
            rule(engine, "SELECT 1 /* a */; DELETE FROM t"),
            Some(Rule::MultipleStatements),
            "{engine}"
        );
    }
    for engine in [MySql, MariaDb] {
        assert_eq!(
            rule(engine, "SELECT 1 --; DELETE FROM t"),
            Some(Rule::MultipleStatements)
        );
        assert_eq!(
            rule(engine, "SELECT 1 --\u{1}; DELETE FROM t"),
            Some(Rule::Ambiguous)
        );
        for sql in [
            "/*!SELECT 1*/",
            "SELECT /*!50000 1*/",
            "SELECT 1 /*M! */",
            "SELECT /*!*/ 1",
        ] {
            assert_eq!(
                rule(engine, sql),
                Some(Rule::ExecutableComment),
                "{engine}: {sql}"
            );
        }
    }
}

#[test]
fn names_are_resolved_as_the_engine_resolves_them() {
    for sql in [
        "SELECT PG_SLEEP(1)",
        "SELECT \"pg_sleep\"(1)",
        "SELECT pg_catalog.\"pg_sleep\"(1)",
        "SELECT U&\"pg\\005Fsleep\"(1)",
        "SELECT pg_sleep/**/(1)",
        "SELECT pg_sleep --\n (1)",
        "SELECT \"LOWER\"('a')",
        "SELECT public.lower('a')",
    ] {
        assert_eq!(rule(PostgreSql, sql), Some(Rule::Function), "{sql}");
    }
    assert_eq!(
        rule(
            PostgreSql,
            "SELECT \"lower\"('a'), LOWER('a'), PG_CATALOG.Lower('a')"
        ),
        None
    );
    // A collation may take é for e.
    for level in [Level::Strict, Level::Standard] {
        let validator = Validator::new(MariaDb, Policy::default().with_level(level));
        assert!(validator.approve("SELECT slé\u{65}p(1)").is_err());
        assert!(validator.approve("SELECT slee\u{301}p(1)").is_err());
    }
}

#[test]
fn policies_open_and_close_functions() {
    let standard = Validator::new(PostgreSql, Policy::default().with_level(Level::Standard));
    assert!(standard.approve("SELECT fiscal_year(now()), app.tax(1)").is_ok());
    assert!(standard.approve("SELECT app.pg_sleep(1)").is_err());
    let extra = Policy::default()
        .allow_function("app.tax")
        .allow_function("fiscal_year")
        .allow_function("pg_sleep");
    let strict = Validator::new(PostgreSql, extra);
    assert!(strict.approve("SELECT fiscal_year(now()), app.tax(1)").is_ok());
    assert!(strict.approve("SELECT tax(1)").is_err());
    assert!(strict.approve("SELECT pg_sleep(1)").is_err());
}

#[test]
fn the_deny_list_holds_at_every_level_and_against_allowances() {
    let cases = [
        (MySql, "sys.last_insert_id", "SELECT last_insert_id(5)"),
        (MySql, "sleep", "SELECT app.sleep(1)"),
        (MariaDb, "nextval", "SELECT nextval(s)"),
        (
            PostgreSql,
            "pg_stat_statements_reset",
            "SELECT pg_stat_statements_reset()",
        ),
        (
            PostgreSql,
            "public.dblink_exec",
            "SELECT public.dblink_exec('a', 'b')",
        ),
        (Sqlite, "load_extension", "SELECT load_extension('x')"),
        (
            Oracle,
            "utl_inaddr.get_host_address",
            "SELECT utl_inaddr.get_host_address('x') FROM dual",
        ),
        (
            Oracle,
            "sys.dbms_pipe.receive_message",
            "SELECT sys.dbms_pipe.receive_message('x', 5) FROM dual",
        ),
        (
            Oracle,
            "ctxsys.drithsx.sn",
            "SELECT CTXSYS.DRITHSX.SN(1, 'x') FROM dual",
        ),
    ];
    for (engine, function, sql) in cases {
        let policy = Policy::default()
            .with_level(Level::Standard)
            .allow_function(function);
        let rejection = Validator::new(engine, policy).approve(sql).unwrap_err();
        assert_eq!(rejection.rule(), Rule::Function, "{engine}: {sql}");
    }
}

#[test]
fn oracle_names_that_could_be_calls_need_a_table() {
    assert_eq!(rule(Oracle, "SELECT pkg.f FROM dual"), Some(Rule::Function));
    assert_eq!(
        rule(Oracle, "SELECT UTL_INADDR.get_host_name FROM dual"),
        Some(Rule::Function)
    );
    assert_eq!(rule(Oracle, "SELECT s.NEXTVAL FROM dual"), Some(Rule::Sequence));
    assert_eq!(
        rule(Oracle, "SELECT e.name, hr.emp.id, s.CURRVAL FROM hr.emp e"),
        None
    );
}
