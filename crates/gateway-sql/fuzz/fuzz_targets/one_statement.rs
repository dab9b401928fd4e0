//! What is approved is one statement to every other reader, whatever the settings of the server, and stays one statement
//! whatever is put behind it.

#![no_main]

#[path = "../../tests/readings/mod.rs"]
mod readings;

use gateway_core::Engine;
use gateway_sql::{Level, Policy, Validator};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for engine in Engine::ALL {
        let validator = Validator::new(engine, Policy::default().with_level(Level::Standard));
        if validator.approve(text).is_err() {
            continue;
        }
        let other = readings::of_two(engine, text);
        assert!(other.is_none(), "{engine}: {other:?}: {text}");
        // SQLite lets a comment end with the text; there, what is appended is a comment.
        if engine != Engine::Sqlite {
            let two = format!("{text}\n; DELETE FROM t");
            assert!(validator.approve(&two).is_err(), "{engine}: {two}");
        }
    }
});
