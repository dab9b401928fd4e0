//! Every statement of the corpus of PostgreSQL that both parse, and what the other engines' corpora add to it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use gateway_core::Engine;
use gateway_sql_second_opinion::{Opinion, opinion};

fn statements() -> Vec<String> {
    let mut all = Vec::new();
    for engine in Engine::ALL {
        for verdict in ["allow", "deny"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../tests/corpus")
                .join(engine.as_str())
                .join(verdict);
            for entry in std::fs::read_dir(folder).unwrap() {
                let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
                all.extend(text.split("-- next: ").skip(1).map(|case| {
                    let (_, sql) = case.split_once('\n').unwrap();
                    sql.strip_suffix('\n').unwrap_or(sql).to_owned()
                }));
            }
        }
    }
    all
}

#[test]
fn both_see_the_same_in_the_corpus() {
    let (mut same, mut unknown, mut different) = (0, Vec::new(), Vec::new());
    for sql in statements() {
        match opinion(&sql) {
            Opinion::Refused => {}
            Opinion::Same => same += 1,
            Opinion::Unknown => unknown.push(sql),
            Opinion::Different(what) => different.push(format!("{what}: {sql}")),
        }
    }
    println!(
        "{same} the same; only the validator parses:\n{}",
        unknown.join("\n")
    );
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(same > 200, "only {same} compared");
}
