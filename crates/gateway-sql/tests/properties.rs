//! No text makes the validator panic, and what it approves stays in bounds, under every setting of the server.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod made_up;
mod readings;

use gateway_core::Engine;
use gateway_sql::{Level, Policy, Validator};
use proptest::prelude::*;

fn engine() -> impl Strategy<Value = Engine> {
    prop::sample::select(&Engine::ALL[..])
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
    fn any_shuffle_of_sql_gets_a_verdict(engine in engine(), text in made_up::shuffled()) {
        check(engine, &text)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_setting_makes_two_statements_of_one(engine in engine(), text in made_up::quotes()) {
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
