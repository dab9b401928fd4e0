//! Statements that are made up: whatever both parse, both read the same.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../tests/made_up/mod.rs"]
mod made_up;

use std::sync::atomic::{AtomicUsize, Ordering};

use gateway_sql_second_opinion::{Opinion, opinion};
use proptest::prelude::*;
use proptest::sample::select;

const NAMES: &[&str] = &[
    "a",
    "b",
    "t",
    "orders",
    "\"Q\"",
    "\"a\"\"b\"",
    "S.t",
    "s.\"T\"",
    "U&\"d\\0061t\"",
    "user",
    "value",
    "left",
    "public.f",
    "x.y.z",
];
const FUNCTIONS: &[&str] = &[
    "lower",
    "count",
    "f",
    "public.f",
    "\"F\"",
    "pg_catalog.sum",
    "U&\"\\0066\"",
    "coalesce",
    "left",
    "replace",
    "json_agg",
    "if",
    "convert",
    "try_cast",
    "struct",
    "numeric",
    "ceil",
    "date",
    "trim",
    "xmlelement",
    "safe_cast",
    "position",
    "cast",
    "interval",
    "match",
    "map",
];
const WORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP BY",
    "ORDER BY",
    "LIMIT",
    "UNION ALL",
    "JOIN",
    "ON",
    "AS",
    "(",
    ")",
    ",",
    ".",
    ";",
    "*",
    "::",
    "=",
    "1",
    "'s'",
    "E'\\''",
    "$$x$$",
    "$1",
    ":n",
    "?",
    "--",
    "/*",
    "*/",
    "\n",
    "[",
    "]",
    ":",
    "AND",
    "NOT",
    "IN (",
    "IS",
    "NULL",
    "CASE",
    "WHEN",
    "THEN",
    "END",
    "OVER (",
    "FILTER (WHERE",
    "WITH",
    "VALUES (",
    "LATERAL",
    "ROWS FROM (",
    "TABLE",
    "INTERVAL",
    "'1'",
    "DAY",
    "UESCAPE '!'",
    "AT TIME ZONE",
    "COLLATE",
    "\"C\"",
    "ARRAY[",
    "@>",
    "->",
    "||",
    "TABLESAMPLE",
    "EXCLUDE",
    "DISTINCT",
    "USING",
    "ONLY",
    "SHOW",
    "EXPLAIN",
    "ROW (",
    "EXISTS (",
    "ANY (",
    "int",
    "date",
    "@",
    "#",
    "U&'a'",
    "N'x'",
    "b'1'",
    "1e3",
    "1_0",
    "0x1f",
    ".5",
    "ILIKE",
    "~",
];

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        select(NAMES).prop_map(str::to_owned),
        select(
            &[
                "1",
                "'s'",
                "E'\\n'",
                "NULL",
                "true",
                "DATE '2026-01-01'",
                "INTERVAL '1 day'",
                "$q$ it's $q$",
                "ARRAY[1]",
                "$1",
                ":p"
            ][..]
        )
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let some = prop::collection::vec(inner.clone(), 0..3).prop_map(|all| all.join(", "));
        prop_oneof![
            (select(FUNCTIONS), some.clone()).prop_map(|(name, arguments)| format!("{name}({arguments})")),
            (
                inner.clone(),
                select(
                    &[
                        "+",
                        "||",
                        "=",
                        "AND",
                        "LIKE",
                        "->",
                        "@>",
                        "IS DISTINCT FROM",
                        "~*",
                        "SIMILAR TO",
                        "?"
                    ][..]
                ),
                inner.clone()
            )
                .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
            (
                inner.clone(),
                select(
                    &[
                        "int",
                        "text[]",
                        "numeric(10,2)",
                        "timestamp with time zone",
                        "s.own",
                        "\"Own\""
                    ][..]
                )
            )
                .prop_map(|(a, to)| format!("({a})::{to}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("CASE WHEN {a} THEN {b} END")),
            inner.clone().prop_map(|a| format!("(SELECT {a} FROM t)")),
            inner.clone().prop_map(|a| format!("EXISTS (SELECT f({a}))")),
            inner.clone().prop_map(|a| format!("extract(year FROM {a})")),
            inner.clone().prop_map(|a| format!("({a} AT TIME ZONE f('x'))")),
            (select(FUNCTIONS), inner.clone(), inner.clone())
                .prop_map(|(name, a, b)| { format!("{name}({a} ORDER BY {b}) FILTER (WHERE {a} IS NULL)") }),
            (select(FUNCTIONS), inner.clone(), inner.clone())
                .prop_map(|(name, a, b)| format!("{name}({a}) OVER (PARTITION BY {b} ROWS 1 PRECEDING)")),
            (inner.clone(), some).prop_map(|(a, list)| format!("{a} IN (1, {list})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(ARRAY[{a}])[{b}]")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a} COLLATE \"C\") BETWEEN {b} AND 2")),
        ]
    })
}

fn relation() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        select(NAMES).prop_map(str::to_owned),
        expression().prop_map(|a| format!("(SELECT {a} AS a FROM orders) AS d")),
        (select(FUNCTIONS), expression())
            .prop_map(|(name, a)| format!("{name}({a}) WITH ORDINALITY AS g(x, n)")),
        (select(FUNCTIONS), expression()).prop_map(|(name, a)| format!("LATERAL {name}({a}) g")),
        expression().prop_map(|a| format!("ROWS FROM (f({a}), generate_series(1, 2)) AS r")),
        select(NAMES).prop_map(|name| format!("ONLY {name} TABLESAMPLE bernoulli (f(1))")),
        expression().prop_map(|a| format!("(VALUES ({a}), (f(2))) AS v(x)")),
        Just("(TABLE t) AS k".to_owned()),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        (
            inner.clone(),
            select(&["JOIN", "LEFT JOIN", "FULL JOIN"][..]),
            inner,
            expression(),
        )
            .prop_map(|(a, join, b, on)| format!("({a} {join} {b} ON {on})"))
    })
}

fn statement() -> impl Strategy<Value = String> {
    (
        select(
            &[
                "",
                "WITH c AS (SELECT f(1) FROM s.u) ",
                "EXPLAIN ",
                "WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + f(1) FROM c) ",
            ][..],
        ),
        expression(),
        relation(),
        expression(),
        select(
            &[
                "",
                " GROUP BY f(a)",
                " GROUP BY ROLLUP (f(1), b)",
                " ORDER BY f(1) DESC NULLS LAST",
                " LIMIT (SELECT f(1))",
                " UNION (SELECT f(2) FROM w)",
                " OFFSET f(3) ROWS",
                " WINDOW w AS (ORDER BY f(4))",
            ][..],
        ),
        any::<bool>(),
    )
        .prop_map(|(with, item, from, condition, tail, distinct)| {
            let distinct = if distinct { "DISTINCT ON (f(0)) " } else { "" };
            format!("{with}SELECT {distinct}{item} AS i, * FROM {from} WHERE {condition}{tail}")
        })
}

fn shuffle() -> impl Strategy<Value = String> {
    let piece = prop_oneof![3 => select(WORDS), 1 => select(NAMES), 1 => select(FUNCTIONS)];
    prop::collection::vec((piece, prop::bool::weighted(0.85)), 0..14).prop_map(|pieces| {
        let mut text = String::from("SELECT ");
        for (piece, spaced) in pieces {
            text.push_str(piece);
            if spaced {
                text.push(' ');
            }
        }
        text
    })
}

static SAME: AtomicUsize = AtomicUsize::new(0);

fn check(text: &str) -> Result<(), TestCaseError> {
    match opinion(text) {
        Opinion::Refused | Opinion::Unknown => {}
        Opinion::Same => {
            SAME.fetch_add(1, Ordering::Relaxed);
        }
        Opinion::Different(what) => prop_assert!(false, "{what}: {text}"),
    }
    Ok(())
}

/// How many cases; `SECOND_OPINION_CASES` makes it more for a longer search.
fn cases(default: u32) -> ProptestConfig {
    let wanted = std::env::var("SECOND_OPINION_CASES").ok();
    ProptestConfig {
        cases: wanted.and_then(|number| number.parse().ok()).unwrap_or(default),
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..ProptestConfig::default()
    }
}

#[test]
fn both_see_the_same_in_made_up_statements() {
    let config = cases(4_000);
    let least = config.cases as usize / 4;
    proptest!(config, |(text in statement())| check(&text)?);
    let same = SAME.load(Ordering::Relaxed);
    println!("{same} compared");
    assert!(same > least, "only {same} compared");
}

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn both_see_the_same_in_shuffles(text in shuffle()) {
        check(&text)?;
    }

    #[test]
    fn both_see_the_same_in_the_validators_own_shuffles(text in made_up::shuffled()) {
        check(&text)?;
    }

    #[test]
    fn both_see_the_same_in_quotes(text in made_up::quotes()) {
        check(&text)?;
    }
}
