//! Sessions: shared, bounded, and closed in time.

use std::time::Duration;

use gateway_core::Frame;

use super::Bench;
use super::bench::{flood, next, numbers, read, read_failure, until};
use super::proxy::Proxy;
use crate::{DriverError, SourcePool};

/// The name that the server has for the session of the next query.
async fn session(bench: &Bench, pool: &SourcePool) -> Option<String> {
    let sql = format!("SELECT {} AS session", bench.dialect.session_id?);
    Some(bench.run(pool, &sql).await.unwrap().line())
}

pub(super) async fn one_session_serves_one_query_after_another(bench: Bench) {
    let pool = bench.pool();
    assert_eq!(pool.status().open, 0, "nothing is opened before it is needed");
    let first = session(&bench, &pool).await;
    for _ in 0..10 {
        bench.works(&pool).await;
        assert_eq!(pool.status().open, 1);
    }
    assert_eq!(session(&bench, &pool).await, first);
    until("the server has one session", || async {
        bench.backstage.sessions().await == 1
    })
    .await;
}

pub(super) async fn as_many_at_once_as_allowed_and_no_more(bench: Bench) {
    let pool = bench.pool_with(|config| {
        config.max_pool_size = 3;
        config.acquire_timeout = Duration::from_millis(100);
    });
    let mut streams = Vec::new();
    for _ in 0..3 {
        let mut stream = pool.query(bench.request(&flood())).await.unwrap();
        assert!(matches!(next(&mut stream).await, Some(Ok(Frame::Columns(_)))));
        streams.push(stream);
    }
    let status = pool.status();
    assert_eq!((status.max, status.open, status.idle), (3, 3, 0));
    let error = pool.query(bench.request("SELECT 1 AS one")).await.err();
    assert!(matches!(error, Some(DriverError::Busy)), "{error:?}");
    // All three run, none after another.
    for stream in &mut streams {
        assert!(matches!(next(stream).await, Some(Ok(Frame::Batch(_)))));
    }
    drop(streams);
    bench.until_at_rest(&pool).await;
    bench.works(&pool).await;
    pool.close();
    bench.until_alone().await;
}

/// A stalled reader costs memory for what it has not read, but no session.
pub(super) async fn a_finished_query_keeps_no_session_for_its_reader(bench: Bench) {
    let pool = bench.pool_with(|config| config.max_pool_size = 1);
    let unread = pool
        .query(bench.request(&numbers(900, "SELECT n FROM s ORDER BY n")))
        .await
        .unwrap();
    bench.works(&pool).await;
    assert_eq!(read(unread).await.unwrap().rows.len(), 900);
}

pub(super) async fn a_closed_pool_lets_its_queries_end(bench: Bench) {
    let pool = bench.pool();
    bench.works(&pool).await;
    let sql = numbers(900, "SELECT a.n FROM s a, s b");
    let mut stream = pool.query(bench.request(&sql)).await.unwrap();
    assert!(matches!(next(&mut stream).await, Some(Ok(Frame::Columns(_)))));
    pool.close();
    let error = pool.query(bench.request("SELECT 1 AS one")).await.err();
    assert!(matches!(error, Some(DriverError::Closed)), "{error:?}");
    let mut rows = 0;
    loop {
        match next(&mut stream).await.unwrap().unwrap() {
            Frame::Columns(_) => panic!("the columns come once"),
            Frame::Batch(batch) => rows += batch.row_count() as u64,
            Frame::End(summary) => {
                assert_eq!((summary.rows, rows), (810_000, 810_000));
                break;
            }
        }
    }
    bench.until_alone().await;
}

pub(super) async fn idle_sessions_are_closed(bench: Bench) {
    let pool = bench.pool_with(|config| config.idle_timeout = Duration::from_millis(50));
    bench.works(&pool).await;
    bench.until_alone().await;
    until("the pool knows", || async { pool.status().open == 0 }).await;
    bench.works(&pool).await;
}

pub(super) async fn old_sessions_are_not_used_again(bench: Bench) {
    let pool = bench.pool_with(|config| config.max_lifetime = Duration::ZERO);
    let first = session(&bench, &pool).await;
    let second = session(&bench, &pool).await;
    assert!(first.is_none() || first != second, "{first:?}");
    bench.works(&pool).await;
    bench.until_alone().await;
}

/// A pool that reaches its server through a proxy.
async fn proxied(bench: &Bench) -> (Proxy, SourcePool) {
    let host = bench.config.host.clone().unwrap();
    let proxy = Proxy::start(format!("{host}:{}", bench.config.port.unwrap())).await;
    let pool = bench.pool_with(|config| {
        config.host = Some("127.0.0.1".to_owned());
        config.port = Some(proxy.port());
    });
    (proxy, pool)
}

pub(super) async fn a_slow_reader_makes_the_server_wait(bench: Bench) {
    let (proxy, pool) = proxied(&bench).await;
    let mut stream = pool.query(bench.request(&flood())).await.unwrap();
    assert!(matches!(next(&mut stream).await, Some(Ok(Frame::Columns(_)))));
    // The buffers in between fill up, and then not one byte more comes, however often the server is asked meanwhile.
    let (mut last, mut same) = (0, 0);
    until("the server waits", || {
        let received = proxy.received();
        same = if received == last { same + 1 } else { 0 };
        last = received;
        let enough = same > 50;
        let bench = &bench;
        async move { bench.backstage.running().await == 1 && enough }
    })
    .await;
    for _ in 0..100 {
        assert!(matches!(next(&mut stream).await, Some(Ok(Frame::Batch(_)))));
    }
    until("it goes on", || async { proxy.received() > last }).await;
    drop(stream);
    bench.until_alone().await;
}

pub(super) async fn a_connection_lost_while_reading_is_reported(bench: Bench) {
    let (proxy, pool) = proxied(&bench).await;
    let mut stream = pool.query(bench.request(&flood())).await.unwrap();
    for _ in 0..3 {
        assert!(matches!(next(&mut stream).await, Some(Ok(_))));
    }
    proxy.cut();
    let error = read_failure(stream).await;
    assert!(matches!(error, DriverError::Lost(_)), "{error:?}");
    assert_eq!(pool.status().open, 0);
    bench.works(&pool).await;
}

pub(super) async fn a_connection_lost_while_idle_is_replaced(bench: Bench) {
    let (proxy, pool) = proxied(&bench).await;
    for _ in 0..3 {
        bench.works(&pool).await;
        proxy.cut();
        bench.until_alone().await;
        // Long enough for a session to be asked for a sign of life, or for one that reads all the time to have read the end.
        let check_after = pool.capabilities().check_after.unwrap_or_default();
        tokio::time::sleep(check_after.min(Duration::from_millis(200))).await;
    }
    bench.works(&pool).await;
    assert_eq!(pool.status().open, 1);
    let counters = pool.counters();
    assert_eq!((counters.created, counters.discarded), (4, 3), "{counters:?}");
}

/// However short it was idle: a statement that the session has not seen before is announced before it is executed.
pub(super) async fn a_connection_lost_before_a_new_statement_is_replaced(bench: Bench) {
    let (proxy, pool) = proxied(&bench).await;
    for round in 0..3 {
        let answer = bench.run(&pool, &format!("SELECT {round} AS one")).await.unwrap();
        assert_eq!(answer.line(), round.to_string());
        proxy.cut();
        bench.until_alone().await;
    }
    bench.works(&pool).await;
}
