//! Which characters are placeholders, on which engine, and where they stand.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use gateway_core::Engine::{self, MariaDb, MySql, Oracle, PostgreSql, Sqlite};
use gateway_core::{PlaceholderKey, PlaceholderSite};
use gateway_sql::{Policy, Rule, Validator};

const ALL: &[Engine] = &Engine::ALL;
const NOT_POSTGRES: &[Engine] = &[MySql, MariaDb, Oracle, Sqlite];

/// Writes the placeholders of a statement as `text=key`, with `*` behind those in the list of IN.
fn found(engine: Engine, sql: &str) -> String {
    let approved = Validator::new(engine, Policy::default())
        .approve(sql)
        .unwrap_or_else(|rejection| panic!("{engine}: {sql}: {rejection}"));
    let marks: Vec<String> = approved
        .placeholders()
        .iter()
        .map(|placeholder| {
            let key = match &placeholder.key {
                PlaceholderKey::Index(index) => index.to_string(),
                PlaceholderKey::Name(name) => name.clone(),
            };
            let site = match placeholder.site {
                PlaceholderSite::InList => "*",
                PlaceholderSite::Scalar => "",
            };
            format!("{}={key}{site}", &sql[placeholder.span.clone()])
        })
        .collect();
    marks.join(" ")
}

#[test]
fn every_style_works_on_every_engine() {
    let cases: &[(&[Engine], &str, &str)] = &[
        (ALL, "SELECT a FROM t WHERE b = ? AND c > ?", "?=0 ?=1"),
        (ALL, "SELECT a FROM t WHERE b = $2 AND c > $1", "$2=1 $1=0"),
        (ALL, "SELECT a FROM t WHERE b = ?2 AND c > ?1", "?2=1 ?1=0"),
        (
            ALL,
            "SELECT a FROM t WHERE b = :name AND c = :name",
            ":name=name :name=name",
        ),
        (ALL, "SELECT a FROM t WHERE b=:b AND c=?", ":b=b ?=0"),
        (ALL, "SELECT a FROM t WHERE b IN (?, ?, 3)", "?=0* ?=1*"),
        (ALL, "SELECT a FROM t WHERE b NOT IN (:ids)", ":ids=ids*"),
        (
            ALL,
            "SELECT a FROM t WHERE b IN (? + 1, coalesce(?, 2))",
            "?=0 ?=1",
        ),
        (
            ALL,
            "SELECT a FROM t WHERE b IN (SELECT c FROM u WHERE d = ?)",
            "?=0",
        ),
        (ALL, "SELECT a FROM t WHERE b IN ((?), (?))", "?=0 ?=1"),
        (
            ALL,
            "SELECT '?', ':a', '$1', a FROM t -- ? :b $2\nWHERE b = ?",
            "?=0",
        ),
        (ALL, "SELECT /* ? :b $2 */ a FROM t WHERE b LIKE ?", "?=0"),
        (
            ALL,
            "SELECT coalesce(?, ?), -? FROM t WHERE b BETWEEN ? AND ?",
            "?=0 ?=1 ?=2 ?=3 ?=4",
        ),
        (
            ALL,
            "SELECT CASE WHEN a = ? THEN ? ELSE ? END FROM t",
            "?=0 ?=1 ?=2",
        ),
        (
            &[MySql, MariaDb, PostgreSql, Sqlite],
            "SELECT a FROM t LIMIT ? OFFSET ?",
            "?=0 ?=1",
        ),
        (
            &[MySql, MariaDb, PostgreSql, Sqlite],
            "SELECT a FROM t LIMIT :n",
            ":n=n",
        ),
        (
            &[PostgreSql],
            "SELECT a::int, :x::date, b[1:2], b[:n], b[lo:hi] FROM t",
            ":x=x",
        ),
        (
            &[PostgreSql],
            "SELECT b[? : ?], b[1 : (:hi)] FROM t",
            "?=0 ?=1 :hi=hi",
        ),
        (
            &[PostgreSql],
            "SELECT doc ? 'a', doc ?| ARRAY[?], doc ? ? FROM t",
            "?=0 ?=1",
        ),
        (&[PostgreSql], "SELECT $q$ ? :a $1 $q$, $1", "$1=0"),
        (
            &[PostgreSql],
            "SELECT make_interval(days := ?, hours => :h)",
            "?=0 :h=h",
        ),
        (&[PostgreSql], "SELECT \"?\", E'\\'?' FROM t WHERE a = ?", "?=0"),
        (&[Oracle], "SELECT a FROM t WHERE b = :1 AND c = :2", ":1=0 :2=1"),
        (
            &[Oracle],
            "SELECT q'[?:a]', JSON_OBJECT('k': a, 'l': :v) FROM t WHERE b = :b",
            ":v=v :b=b",
        ),
        (&[Sqlite], "SELECT a FROM t WHERE b = @x AND c = $y", "@x=x $y=y"),
        (
            &[MySql, MariaDb],
            "SELECT @x, `?`, \"?\" FROM t WHERE a = ?",
            "?=0",
        ),
        (&[MySql, MariaDb], "SHOW TABLES LIKE ?", "?=0"),
        (NOT_POSTGRES, "SELECT a FROM t WHERE b = ?", "?=0"),
    ];
    for (engines, sql, expected) in cases {
        for engine in *engines {
            assert_eq!(found(*engine, sql), *expected, "{engine}: {sql}");
        }
    }
}

#[test]
fn what_cannot_be_bound_is_refused() {
    let cases: &[(&[Engine], &str, Rule)] = &[
        (ALL, "SELECT a FROM t WHERE b = $0", Rule::Placeholder),
        (ALL, "SELECT a FROM t WHERE b = $10001", Rule::Placeholder),
        (
            ALL,
            "SELECT a FROM t WHERE b = $99999999999999999999999",
            Rule::Placeholder,
        ),
        (ALL, "SELECT a FROM t WHERE b = $1a", Rule::Ambiguous),
        (ALL, "SELECT a FROM t WHERE b = ?x", Rule::Placeholder),
        (ALL, "SELECT a FROM t WHERE b = :é", Rule::Placeholder),
        (
            &[MySql, MariaDb, Sqlite],
            "SELECT a FROM t WHERE b = :1",
            Rule::Placeholder,
        ),
    ];
    for (engines, sql, rule) in cases {
        for engine in *engines {
            let rejection = Validator::new(*engine, Policy::default())
                .approve(sql)
                .unwrap_err();
            assert_eq!(rejection.rule(), *rule, "{engine}: {sql}: {rejection}");
        }
    }
}

#[test]
fn rows_are_capped_only_where_that_is_certain() {
    let capped: &[(&[Engine], &str)] = &[
        (ALL, "SELECT a FROM t ORDER BY b|; -- end"),
        (ALL, "SELECT a, b FROM t WHERE c = ?| /* end */ ;"),
        (
            &[MySql, MariaDb, PostgreSql, Sqlite],
            "SELECT * FROM t JOIN u ON t.a = u.a|",
        ),
        (
            &[MySql, MariaDb, PostgreSql, Sqlite],
            "SELECT a FROM t UNION SELECT b FROM u|",
        ),
        (
            &[MySql, MariaDb, PostgreSql, Sqlite],
            "WITH x AS (SELECT 1) SELECT * FROM x|\n",
        ),
    ];
    for (engines, marked) in capped {
        let sql = marked.replacen('|', "", 1);
        for engine in *engines {
            let approved = Validator::new(*engine, Policy::default()).approve(&sql).unwrap();
            assert!(approved.can_cap_rows(), "{engine}: {sql}");
            let bound = approved.bind(&gateway_core::Parameters::None, Some(7));
            if let Ok(bound) = bound {
                let end = marked.find('|').unwrap();
                assert!(
                    bound.text().starts_with(&sql[..end]),
                    "{engine}: {}",
                    bound.text()
                );
                assert!(bound.text()[end..].contains('7'), "{engine}: {}", bound.text());
            }
        }
    }
    let open: &[(&[Engine], &str)] = &[
        (&[MySql, MariaDb, PostgreSql, Sqlite], "SELECT a FROM t LIMIT 5"),
        (&[PostgreSql, Oracle], "SELECT a FROM t FETCH FIRST 5 ROWS ONLY"),
        (&[PostgreSql], "SELECT a FROM t OFFSET 5"),
        (&[MySql, MariaDb, PostgreSql], "(SELECT a FROM t)"),
        (
            &[MySql, MariaDb, PostgreSql],
            "SELECT a FROM t UNION (SELECT b FROM u LIMIT 1)",
        ),
        (&[PostgreSql, Sqlite], "VALUES (1)"),
        (&[PostgreSql, MySql], "TABLE t"),
        (&[MySql, MariaDb], "SELECT SQL_CALC_FOUND_ROWS a FROM t"),
        (&[MySql, MariaDb], "SHOW TABLES"),
        (&[MySql, MariaDb, PostgreSql], "EXPLAIN SELECT a FROM t"),
        (&[MariaDb], "SELECT a FROM t LIMIT ROWS EXAMINED 5"),
        (&[Oracle], "SELECT a.id, b.id FROM a, b"),
        (&[Oracle], "SELECT * FROM a, b"),
        (&[Oracle], "SELECT a FROM t UNION SELECT b FROM u"),
        (&[MySql, PostgreSql], "SELECT 1"),
    ];
    for (engines, sql) in open {
        for engine in *engines {
            let approved = Validator::new(*engine, Policy::default()).approve(sql).unwrap();
            assert!(!approved.can_cap_rows(), "{engine}: {sql}");
        }
    }
}
