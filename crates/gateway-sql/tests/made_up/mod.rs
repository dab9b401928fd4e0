//! Texts that are made up, and more likely to reach the rules than random characters are.

use proptest::prelude::*;

/// What a shuffled text is made of.
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

/// Words and signs in any order.
pub(crate) fn shuffled() -> impl Strategy<Value = String> {
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
pub(crate) fn quotes() -> impl Strategy<Value = String> {
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
