//! Walks `tests/corpus/<engine>/{allow,deny}/*.sql`: every statement gets the verdict of its folder.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use gateway_core::{Classify as _, Engine};
use gateway_sql::{Level, Policy, Validator};

/// One statement of a file.
struct Case {
    name: String,
    sql: String,
}

/// The rule that a file of refusals expects, and its cases, each behind a line `-- next: what it shows`.
fn read(path: &Path) -> (Option<String>, Vec<Case>) {
    let text = fs::read_to_string(path).unwrap();
    let (head, body) = match text.strip_prefix("-- rule: ") {
        Some(rest) => {
            let (rule, body) = rest.split_once('\n').unwrap();
            (Some(rule.to_owned()), body)
        }
        None => (None, text.as_str()),
    };
    let cases = body
        .split("-- next: ")
        .skip(1)
        .map(|case| {
            let (name, sql) = case.split_once('\n').unwrap();
            Case {
                name: format!("{}: {name}", path.display()),
                sql: sql.strip_suffix('\n').unwrap_or(sql).to_owned(),
            }
        })
        .collect();
    (head, cases)
}

fn files(engine: Engine, verdict: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(engine.as_str())
        .join(verdict);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

#[test]
fn permitted_statements_are_approved() {
    let mut failures = Vec::new();
    for engine in Engine::ALL {
        for level in [Level::Strict, Level::Standard] {
            let validator = Validator::new(engine, Policy::default().with_level(level));
            for case in files(engine, "allow").iter().flat_map(|file| read(file).1) {
                if let Err(rejection) = validator.approve(&case.sql) {
                    failures.push(format!("{}: {rejection}", case.name));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn forbidden_statements_are_refused_by_their_rule() {
    let mut failures = Vec::new();
    for engine in Engine::ALL {
        let validator = Validator::new(engine, Policy::default());
        for file in files(engine, "deny") {
            let (rule, cases) = read(&file);
            let rule = rule.unwrap();
            for case in cases {
                match validator.approve(&case.sql) {
                    Ok(_) => failures.push(format!("{}: approved", case.name)),
                    Err(rejection) if rejection.rule().as_str() != rule => {
                        failures.push(format!("{}: by {}: {rejection}", case.name, rejection.rule()));
                    }
                    Err(rejection) => assert!(!rejection.public_message().is_empty()),
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Puts a call of a function that nobody knows in the place of every number of the permitted statements: wherever an
/// expression can stand, the rules must look at it.
#[test]
fn an_unknown_function_is_seen_wherever_a_number_stands() {
    let mut seen = 0;
    for engine in Engine::ALL {
        let validator = Validator::new(engine, Policy::default());
        for case in files(engine, "allow").iter().flat_map(|file| read(file).1) {
            if case.sql.contains(['\'', '"', '#', '`', '['])
                || case.sql.contains("/*")
                || case.sql.contains("--")
            {
                continue;
            }
            for (at, _) in case.sql.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
                let stands_alone = |c: Option<char>| {
                    c.is_none_or(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$' | '@')))
                };
                let before = case.sql[..at].chars().next_back();
                let after = case.sql[at + 1..].chars().next();
                if stands_alone(before) && stands_alone(after) {
                    let sql = format!("{}nobody_knows(1){}", &case.sql[..at], &case.sql[at + 1..]);
                    assert!(validator.approve(&sql).is_err(), "{engine}: {sql}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 100, "only {seen} places");
}
