//! Statements that are stopped before their end, on the server and not only here.

use std::time::{Duration, Instant};

use gateway_core::Frame;

use super::Bench;
use super::bench::{endless, flood, next, numbers, read, read_failure, until};
use crate::{Activity, CancelCause, DriverError, SourcePool};

/// The statement has stopped, here and on the server, and the pool goes on.
async fn gone_for_good(bench: &Bench, pool: &SourcePool) {
    bench.until_at_rest(pool).await;
    bench.works(pool).await;
    pool.close();
    bench.until_alone().await;
}

pub(super) async fn a_cancelled_statement_ends_on_the_server(bench: Bench) {
    let pool = bench.pool();
    let stream = pool.query(bench.request(&endless())).await.unwrap();
    bench.until_running(1).await;
    stream.canceller().cancel();
    let error = read_failure(stream).await;
    assert!(
        matches!(error, DriverError::Cancelled(CancelCause::Requested)),
        "{error:?}"
    );
    // A cancel request that arrives late must not hit the next caller.
    assert_eq!(pool.status().open, 0);
    gone_for_good(&bench, &pool).await;
}

/// A cancel request can overtake the statement; what the server does not run yet it does not stop.
pub(super) async fn a_statement_is_cancelled_however_early(bench: Bench) {
    let pool = bench.pool();
    for yields in 0..20 {
        let stream = pool.query(bench.request(&endless())).await.unwrap();
        for _ in 0..yields {
            tokio::task::yield_now().await;
        }
        stream.canceller().cancel();
        let error = read_failure(stream).await;
        assert!(
            matches!(error, DriverError::Cancelled(CancelCause::Requested)),
            "{error:?}"
        );
    }
    gone_for_good(&bench, &pool).await;
}

pub(super) async fn cancelling_after_the_end_is_harmless(bench: Bench) {
    let pool = bench.pool();
    for _ in 0..5 {
        let stream = pool.query(bench.request("SELECT 1 AS one")).await.unwrap();
        let canceller = stream.canceller();
        assert_eq!(read(stream).await.unwrap().line(), "1");
        canceller.cancel();
        bench.works(&pool).await;
        assert_eq!(pool.status().open, 1);
    }
}

pub(super) async fn the_deadline_ends_the_statement(bench: Bench) {
    let pool = bench.pool();
    let mut request = bench.request(&endless());
    request.limits.deadline = Instant::now() + Duration::from_millis(500);
    let error = match pool.query(request).await {
        Ok(stream) => read_failure(stream).await,
        // On a machine this slow it passes while the session is opened.
        Err(error) => error,
    };
    assert!(matches!(error, DriverError::Deadline), "{error:?}");
    gone_for_good(&bench, &pool).await;
}

pub(super) async fn the_deadline_holds_for_a_reader_that_does_not_read(bench: Bench) {
    let pool = bench.pool();
    bench.works(&pool).await;
    let mut request = bench.request(&flood());
    request.limits.deadline = Instant::now() + Duration::from_millis(500);
    let stream = pool.query(request).await.unwrap();
    until("the deadline has passed", || async { pool.status().open == 0 }).await;
    // Nobody reads, and yet the session is given up.
    gone_for_good(&bench, &pool).await;
    let error = read_failure(stream).await;
    assert!(matches!(error, DriverError::Deadline), "{error:?}");
}

pub(super) async fn a_deadline_in_the_past_runs_nothing(bench: Bench) {
    let pool = bench.pool();
    bench.works(&pool).await;
    let mut request = bench.request(&endless());
    request.limits.deadline = Instant::now();
    let error = match pool.query(request).await {
        Ok(stream) => read_failure(stream).await,
        Err(error) => error,
    };
    assert!(matches!(error, DriverError::Deadline), "{error:?}");
    pool.close();
    bench.until_alone().await;
}

pub(super) async fn a_reader_that_leaves_while_waiting_ends_the_statement(bench: Bench) {
    let pool = bench.pool();
    let stream = pool.query(bench.request(&endless())).await.unwrap();
    bench.until_running(1).await;
    drop(stream);
    gone_for_good(&bench, &pool).await;
}

pub(super) async fn a_reader_that_leaves_while_reading_ends_the_statement(bench: Bench) {
    for frames in [0, 1, 2, 9] {
        let pool = bench.pool();
        let mut stream = pool.query(bench.request(&flood())).await.unwrap();
        for _ in 0..frames {
            assert!(matches!(next(&mut stream).await, Some(Ok(_))));
        }
        drop(stream);
        gone_for_good(&bench, &pool).await;
    }
}

pub(super) async fn a_reader_that_leaves_however_early_ends_the_statement(bench: Bench) {
    let pool = bench.pool();
    for yields in 0..20 {
        let stream = pool.query(bench.request(&flood())).await.unwrap();
        for _ in 0..yields {
            tokio::task::yield_now().await;
        }
        drop(stream);
    }
    gone_for_good(&bench, &pool).await;
}

pub(super) async fn draining_ends_what_does_not_end(bench: Bench) {
    let activity = Activity::default();
    let pool = SourcePool::sharing(
        &activity,
        &crate::ConnectRules::default(),
        std::sync::Arc::clone(&bench.driver),
        bench.config.clone(),
        bench.password.clone(),
    );
    let sql = numbers(900, "SELECT a.n FROM s a, s b");
    let mut ending = pool.query(bench.request(&sql)).await.unwrap();
    assert!(matches!(next(&mut ending).await, Some(Ok(Frame::Columns(_)))));
    let forever = pool.query(bench.request(&endless())).await.unwrap();
    let reading = async {
        // It has as long as the grace lasts, which this test ends by itself ending.
        let mut rows = 0;
        while let Some(frame) = next(&mut ending).await {
            if let Frame::Batch(batch) = frame.unwrap() {
                rows += batch.row_count();
            }
        }
        rows
    };
    assert_eq!(reading.await, 900 * 900);
    until("one is left", || async { activity.running() == 1 }).await;
    let (cancelled, error) = tokio::join!(activity.drain(Duration::ZERO), read_failure(forever));
    assert_eq!(cancelled, 1);
    assert!(
        matches!(error, DriverError::Cancelled(CancelCause::ShuttingDown)),
        "{error:?}"
    );
    pool.close();
    bench.until_alone().await;
}
