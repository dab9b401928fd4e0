//! Large and deep texts are refused before they cost anything.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use gateway_core::{Classify as _, Engine, ErrorKind, Position};
use gateway_sql::{Limits, Policy, Rule, Validator};

fn policy(limits: Limits) -> Policy {
    Policy {
        limits,
        ..Policy::default()
    }
}

/// Texts that make trees deep, or lists long, in as many ways as there are.
fn towers(count: usize) -> Vec<String> {
    let wrap = |before: &str, middle: &str, after: &str| {
        format!("SELECT {}{middle}{}", before.repeat(count), after.repeat(count))
    };
    vec![
        wrap("(", "1", ")"),
        wrap("(", "", ""),
        wrap("", "1", ")"),
        wrap("[", "", ""),
        wrap("{", "", ""),
        wrap("abs(", "1", ")"),
        wrap("(SELECT ", "1", ")"),
        wrap("CASE WHEN 1 THEN ", "1", " END"),
        wrap("NOT ", "1", ""),
        wrap("- ", "1", ""),
        wrap("~ ", "1", ""),
        wrap("", "1", "+1"),
        wrap("", "1", " OR 1"),
        wrap("", "1", "::int"),
        wrap("", "a", ".a"),
        wrap("", "a", "[1]"),
        wrap("", "1", " IS NULL"),
        wrap("", "1", " COLLATE x"),
        wrap("", "1", " BETWEEN 1 AND 1"),
        wrap("", "1", " IN (1)"),
        wrap("", "1", " UNION SELECT 1"),
        wrap("", "* FROM t", " JOIN t ON 1=1"),
        wrap("* FROM (", "t", ")"),
        wrap("* FROM (SELECT ", "1", ") x"),
        wrap("* FROM ((", "t", ") JOIN t)"),
        wrap("EXISTS (SELECT ", "1", ")"),
        wrap("1 IN (", "1", ")"),
        wrap("INTERVAL ", "1", " DAY"),
        wrap("PRIOR ", "a", ""),
        wrap("/* ", "", ""),
        wrap("/* ", "1", " */"),
        format!("SELECT 1 IN (1{})", ",1".repeat(count)),
        format!("SELECT 1{}", ",1".repeat(count)),
        format!(
            "{}SELECT 1{}",
            "WITH x AS (".repeat(count),
            ") SELECT 1".repeat(count)
        ),
        format!("{}SELECT 1{}", "(".repeat(count), ")".repeat(count)),
        "(".repeat(count),
    ]
}

#[test]
fn towers_of_any_height_get_a_quick_verdict() {
    let open = policy(Limits {
        max_text_bytes: 64 * 1024 * 1024,
        ..Limits::default()
    });
    for engine in Engine::ALL {
        for (policy, heights) in [
            (Policy::default(), &[10, 60, 500, 1_400, 5_000][..]),
            (open.clone(), &[200_000]),
        ] {
            let validator = Validator::new(engine, policy);
            for height in heights {
                for sql in towers(*height) {
                    let start = Instant::now();
                    let _ = validator.approve(&sql);
                    let taken = start.elapsed();
                    let shown = &sql[..sql.len().min(60)];
                    assert!(
                        taken < Duration::from_secs(2),
                        "{engine}: {height} x {shown}: {taken:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_megabyte_of_brackets_is_refused_at_once() {
    let text = "(".repeat(1024 * 1024);
    let start = Instant::now();
    let rejection = Validator::new(Engine::PostgreSql, Policy::default())
        .approve(&text)
        .unwrap_err();
    assert_eq!(rejection.rule(), Rule::TextLength);
    let limits = Limits {
        max_text_bytes: usize::MAX,
        ..Limits::default()
    };
    let rejection = Validator::new(Engine::PostgreSql, policy(limits))
        .approve(&text)
        .unwrap_err();
    assert_eq!(rejection.rule(), Rule::Depth);
    assert!(
        start.elapsed() < Duration::from_millis(50),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn every_limit_has_its_rule() {
    let small = Limits {
        max_text_bytes: 1_000,
        max_depth: 3,
        max_tokens: 100,
        max_chain: 20,
        max_in_list: 5,
    };
    let validator = Validator::new(Engine::MySql, policy(small));
    let rule = |sql: &str| validator.approve(sql).map(drop).map_err(|r| r.rule());
    assert_eq!(
        rule(&format!("SELECT '{}'", "x".repeat(1_000))),
        Err(Rule::TextLength)
    );
    assert_eq!(rule("SELECT ((((1))))"), Err(Rule::Depth));
    assert_eq!(rule("SELECT (((1)))"), Ok(()));
    assert_eq!(rule(&format!("SELECT 1{}", " + 1".repeat(30))), Err(Rule::Depth));
    assert_eq!(rule(&format!("SELECT a{}", "b ".repeat(200))), Err(Rule::Size));
    assert_eq!(rule("SELECT 1 IN (1, 2, 3, 4, 5)"), Ok(()));
    assert_eq!(rule("SELECT 1 IN (1, 2, 3, 4, 5, 6)"), Err(Rule::ListSize));
}

#[test]
fn a_rejection_says_what_and_where() {
    let validator = Validator::new(Engine::PostgreSql, Policy::default());
    let rejection = validator.approve("DELETE FROM t").unwrap_err();
    assert_eq!(
        rejection.to_string(),
        "Only read-only statements are allowed: DELETE"
    );
    assert_eq!(rejection.kind(), ErrorKind::InvalidSql);
    let detail = rejection.detail();
    assert_eq!(detail.details.as_deref(), Some("DELETE at line 1, column 1"));
    assert_eq!(detail.position, Some(Position { line: 1, column: 1 }));

    let rejection = validator.approve("SELECT 'ä',\n  pg_sleep(1)").unwrap_err();
    assert_eq!(rejection.rule(), Rule::Function);
    assert_eq!(rejection.position(), Some(Position { line: 2, column: 3 }));

    let rejection = validator.approve("SELECT (1 +\n) FROM t").unwrap_err();
    assert_eq!(rejection.kind(), ErrorKind::SqlSyntax);
    assert_eq!(rejection.position().map(|p| p.line), Some(2));

    for (text, rule) in [
        ("", Rule::Empty),
        (" -- nothing\n;", Rule::Empty),
        ("SELECT 'x", Rule::Unterminated),
    ] {
        let rejection = validator.approve(text).unwrap_err();
        assert_eq!(
            (rejection.rule(), rejection.kind()),
            (rule, ErrorKind::SqlSyntax),
            "{text}"
        );
    }
}
