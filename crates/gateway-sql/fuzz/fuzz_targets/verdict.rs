//! Any text gets a verdict, on every engine and level, and what is approved keeps its promises.

#![no_main]

use gateway_core::Engine;
use gateway_sql::{Level, Policy, Validator};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for engine in Engine::ALL {
        for level in [Level::Strict, Level::Standard] {
            let validator = Validator::new(engine, Policy::default().with_level(level));
            let verdict = validator.approve(text);
            // The two ways to a verdict agree.
            assert_eq!(verdict.is_ok(), validator.survey(text).is_ok());
            match verdict {
                Ok(approved) => {
                    let mut last = 0;
                    for placeholder in approved.placeholders() {
                        assert!(placeholder.span.start >= last);
                        assert!(text.get(placeholder.span.clone()).is_some());
                        last = placeholder.span.end;
                    }
                }
                Err(rejection) => assert!(!rejection.to_string().is_empty()),
            }
        }
        let strict = Validator::new(engine, Policy::default());
        let standard = Validator::new(engine, Policy::default().with_level(Level::Standard));
        // What the stricter level permits, the other one does too.
        assert!(strict.approve(text).is_err() || standard.approve(text).is_ok());
    }
});
