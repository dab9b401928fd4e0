//! Statements that fail.

use gateway_core::{Classify, Engine, ErrorKind, Parameters};

use super::Bench;
use super::bench::{approve, read_failure, request};
use crate::{DriverError, SourcePool};

/// The failure of a statement, which must be the statement's own fault.
async fn refused(bench: &Bench, pool: &SourcePool, sql: &str) {
    let error = read_failure(pool.query(bench.request(sql)).await.unwrap()).await;
    let DriverError::Statement(failure) = &error else {
        panic!("{sql}: {error:?}");
    };
    assert!(!failure.message.is_empty());
    assert!(failure.native_code.is_some(), "{sql}: {failure:?}");
    assert_eq!(error.kind(), ErrorKind::Query);
    assert!(
        !error.to_string().contains(&failure.message),
        "the log gets the code alone: the message may quote values"
    );
    // The session was settled before the failure was told.
    assert_eq!((pool.status().open, pool.status().idle), (1, 1), "{sql}");
}

pub(super) async fn a_refused_statement_leaves_the_session_usable(bench: Bench) {
    bench.prepare().await;
    let pool = bench.pool();
    for sql in [
        "SELECT nowhere FROM things",
        "SELECT 1 FROM no_such_table",
        "SELEC 1",
        "SELECT no_such_function(1)",
    ] {
        refused(&bench, &pool, sql).await;
        bench.works(&pool).await;
        assert_eq!(pool.status().open, 1, "it is the same session");
    }
}

pub(super) async fn a_failure_between_rows_leaves_the_session_usable(bench: Bench) {
    let pool = bench.pool();
    refused(&bench, &pool, bench.dialect.fails_late).await;
    bench.works(&pool).await;
    assert_eq!(pool.status().open, 1, "it is the same session");
}

pub(super) async fn a_statement_for_another_engine_opens_nothing(bench: Bench) {
    let actual = bench.driver.engine();
    let pool = bench.pool();
    for approved in Engine::ALL.into_iter().filter(|engine| *engine != actual) {
        let bound = approve(approved, "SELECT 1").bind(&Parameters::None, None);
        let error = pool.query(request(bound.unwrap())).await.err();
        assert!(
            matches!(&error, Some(DriverError::WrongEngine { approved: a, actual: b })
                if (*a, *b) == (approved, actual)),
            "{error:?}"
        );
    }
    assert_eq!(pool.status().open, 0);
}
