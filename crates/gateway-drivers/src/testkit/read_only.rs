//! The engine's own locks, with the validator taken out of the way.

use super::Bench;
use crate::DriverError;

/// Writing that every engine knows how to spell.
const WRITES: [&str; 6] = [
    "INSERT INTO things (id) VALUES (3)",
    "UPDATE things SET id = id + 10",
    "DELETE FROM things",
    "CREATE TABLE left_behind (id integer)",
    "CREATE VIEW left_behind AS SELECT 1 AS one",
    "DROP TABLE things",
];

pub(super) async fn the_session_is_as_the_validator_believes(bench: Bench) {
    let pool = bench.pool();
    for round in ["new", "used"] {
        for (question, expected) in bench.dialect.pins {
            let answer = bench.run(&pool, question).await.unwrap();
            assert_eq!(answer.line(), *expected, "{question} in a {round} session");
        }
    }
}

pub(super) async fn nothing_is_written(bench: Bench) {
    bench.prepare().await;
    let before = bench.backstage.ask(bench.dialect.fingerprint).await;
    for sql in WRITES.iter().chain(bench.dialect.writes) {
        let pool = bench.pool();
        let outcome = bench.run(&pool, sql).await;
        // The rarer ones may be let through and undone, if an engine knows no better.
        assert!(outcome.is_err() || !WRITES.contains(sql), "{sql}: {outcome:?}");
        pool.close();
        bench.until_alone().await;
        let after = bench.backstage.ask(bench.dialect.fingerprint).await;
        assert_eq!(after, before, "{sql} left something behind: {outcome:?}");
    }
}

/// Which of these survive is written down in the dialects, so that it is known what rests on the validator alone; a
/// session that is in doubt belongs to the next caller all the same.
pub(super) async fn what_outlives_a_rollback_is_known(bench: Bench) {
    bench.prepare().await;
    let before = bench.backstage.ask(bench.dialect.fingerprint).await;
    let mut wrong = Vec::new();
    for trace in bench.dialect.traces {
        let pool = bench.pool_with(|config| config.max_pool_size = 1);
        let look = async |sql: &str| match bench.run(&pool, sql).await {
            Ok(answer) => answer.line(),
            Err(DriverError::Statement(_)) => "refused".to_owned(),
            Err(error) => panic!("{sql}: {error:?}"),
        };
        let untouched = look(trace.look).await;
        assert_eq!(untouched, trace.clean, "{} before", trace.what);
        let left = bench.run(&pool, trace.leave).await.map(|answer| answer.line());
        // In other words, so that no statement prepared before answers.
        let found = look(&format!("{} ", trace.look)).await;
        if (found != trace.clean) != trace.survives {
            wrong.push(format!("{}: {left:?}, then {found}", trace.what));
        }
        pool.close();
        bench.until_alone().await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(bench.backstage.ask(bench.dialect.fingerprint).await, before);
}
