//! No text makes the validator panic, and what it approves stays in bounds, under every setting of the server.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod readings;

use gateway_core::Engine;
use gateway_sql::{Level, Policy, Validator};
use proptest::prelude::*;

/// Pieces of which a shuffled text is more likely to reach the rules than random characters are.
const PIECES: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "WITH",
    "x AS (",
    "(",
    ")",
    ",",
    ".",
    ";",
    "*",
    "t",
    "a",
    "b",
    "1",
    "'s'",
    "\"q\"",
    "`k`",
    "[m]",
    "$1",
    ":n",
    "?",
    "::",
    "int",
    "=",
    "<",
    "||",
    "+",
    "-",
    "--",
    "/*",
    "*/",
    "#",
    "\n",
    "JOIN",
    "ON",
    "UNION",
    "ORDER BY",
    "GROUP BY",
    "LIMIT",
    "OVER (",
    "PARTITION BY",
    "CASE",
    "WHEN",
    "THEN",
    "END",
    "IN (",
    "EXISTS (",
    "NOT",
    "VALUES (",
    "INTERVAL",
    "DAY",
    "count(",
    "sum(",
    "FOR",
    "UPDATE",
    "INTO",
    "AS",
    "OF",
    "TIMESTAMP",
    "EXCLUDE",
    "CURRENT ROW",
    "JSON_VALUE(",
    "DEFAULT",
    "RETURNING",
    "KEEP (",
    "MULTISET",
    "PIVOT (",
    "SHOW",
    "EXPLAIN",
    "DESCRIBE",
    "ANALYZE",
    "E'\\''",
    "q'[x]'",
    "$$",
    "U&\"a\"",
    "@",
    "@v",
    ":=",
    "\\",
    "\u{e9}",
    "0x1",
    "1e5",
    "MATCH",
    "AGAINST",
    "SEARCH",
    "CYCLE",
    "SET",
    "NULL",
    "ROWS",
    "EXAMINED",
    "SYSTEM_TIME",
    "ANY",
    "ALL",
    "IS",
    "DOCUMENT",
    "{d",
    "}",
    "!",
];

fn engine() -> impl Strategy<Value = Engine> {
    prop::sample::select(&Engine::ALL[..])
}

fn shuffled() -> impl Strategy<Value = String> {
    prop::collection::vec((prop::sample::select(PIECES), prop::bool::weighted(0.8)), 0..40).prop_map(
        |pieces| {
            let mut text = String::from("SELECT ");
            for (piece, spaced) in pieces {
                text.push_str(piece);
                if spaced {
                    text.push(' ');
                }
            }
            text
        },
    )
}

/// Strings and comments whose ends depend on settings, and what could hide behind them.
fn quotes() -> impl Strategy<Value = String> {
    const QUOTES: &[&str] = &[
        "'a'",
        "'a\\'",
        "'\\\\'",
        "'a\\'b'",
        "'\\'",
        "', '",
        "'; DELETE FROM t; -- '",
        "'; DELETE FROM t'",
        "\"a\\\"",
        "\"a\"",
        "\"; DELETE FROM t; -- \"",
        "\"a\\\\\"",
        "`a\\`",
        "`'`",
        "E'a\\'",
        "N'a\\'",
        "U&'a\\'",
        "$$ ' $$",
        "$a$\\'$a$",
        "q'['\\]'",
        "'",
        "\"",
        "\\",
        "-- '\n",
        "# '\n",
        "/* ' */",
        "/* \" */",
        ";",
        "DELETE FROM t",
        ",",
        "+",
        "\n",
        "a",
        "--",
        "\\N",
    ];
    prop::collection::vec(
        (
            prop::sample::select(QUOTES),
            prop::sample::select(&[", ", " ", ""][..]),
        ),
        1..8,
    )
    .prop_map(|pieces| {
        let mut text = String::from("SELECT ");
        for (index, (piece, gap)) in pieces.iter().enumerate() {
            if index > 0 {
                text.push_str(gap);
            }
            text.push_str(piece);
        }
        text
    })
}

fn check(engine: Engine, text: &str) -> Result<(), TestCaseError> {
    for level in [Level::Strict, Level::Standard] {
        let validator = Validator::new(engine, Policy::default().with_level(level));
        let Ok(approved) = validator.approve(text) else {
            continue;
        };
        prop_assert_eq!(approved.text(), text);
        let mut last = 0;
        for placeholder in approved.placeholders() {
            prop_assert!(placeholder.span.start >= last);
            prop_assert!(text.get(placeholder.span.clone()).is_some());
            last = placeholder.span.end;
        }
        let other = readings::of_two(engine, text);
        prop_assert!(other.is_none(), "{}: {:?}: {}", engine, other, text);
        // SQLite lets a comment end with the text; there, what is appended is a comment.
        if engine != Engine::Sqlite {
            let two = format!("{text}\n; DELETE FROM t");
            prop_assert!(validator.approve(&two).is_err(), "{}", two);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_a_verdict(engine in engine(), text in ".{0,200}") {
        check(engine, &text)?;
    }

    #[test]
    fn any_shuffle_of_sql_gets_a_verdict(engine in engine(), text in shuffled()) {
        check(engine, &text)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_setting_makes_two_statements_of_one(engine in engine(), text in quotes()) {
        check(engine, &text)?;
    }
}

/// Nor of what the corpus permits.
#[test]
fn no_setting_makes_two_statements_of_the_corpus() {
    for engine in Engine::ALL {
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/corpus/{engine}/allow"));
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for case in text.split("-- next: ").skip(1) {
                let (_, sql) = case.split_once('\n').unwrap();
                check(engine, sql.strip_suffix('\n').unwrap_or(sql)).unwrap();
            }
        }
    }
}
