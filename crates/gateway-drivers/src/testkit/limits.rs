//! Bounds on results.

use gateway_core::{Parameters, QueryLimits, TruncatedBy};

use super::Bench;
use super::bench::{Answer, numbers, read, request};
use crate::SourcePool;

async fn limited(
    bench: &Bench,
    pool: &SourcePool,
    sql: &str,
    limit: impl FnOnce(&mut QueryLimits),
) -> Answer {
    let bound = bench.approve(sql).bind(&Parameters::None, None);
    let mut request = request(bound.unwrap());
    limit(&mut request.limits);
    read(pool.query(request).await.unwrap()).await.unwrap()
}

pub(super) async fn rows_are_capped_exactly(bench: Bench) {
    let pool = bench.pool();
    let sql = numbers(10, "SELECT n FROM s ORDER BY n");
    for (limit, rows, truncated) in [
        (9, 9, Some(TruncatedBy::Rows)),
        (10, 10, None),
        (11, 10, None),
        (0, 0, Some(TruncatedBy::Rows)),
    ] {
        let uncapped = bench.approve(&sql).bind(&Parameters::None, None);
        let capped = bench
            .approve_cappable(&sql)
            .bind(&Parameters::None, Some(limit + 1));
        let own = bench
            .approve(&format!("{sql} LIMIT 10"))
            .bind(&Parameters::None, Some(limit + 1));
        for bound in [uncapped, capped, own] {
            let mut request = request(bound.unwrap());
            request.limits.max_rows = Some(limit);
            let text = request.sql.text().to_owned();
            let answer = read(pool.query(request).await.unwrap()).await.unwrap();
            assert_eq!(
                (answer.summary.rows, answer.summary.truncated_by),
                (rows, truncated),
                "limit {limit}: {text}"
            );
        }
    }
    // What the statement itself leaves out is not cut off by us.
    let own = format!("{sql} LIMIT 3");
    let own = limited(&bench, &pool, &own, |limits| limits.max_rows = Some(3)).await;
    assert_eq!((own.line().as_str(), own.summary.truncated_by), ("1 2 3", None));
}

pub(super) async fn the_offset_comes_before_the_limit(bench: Bench) {
    let pool = bench.pool();
    let sql = numbers(10, "SELECT n FROM s ORDER BY n");
    for (offset, limit, line, truncated) in [
        (5, 3, "6 7 8", Some(TruncatedBy::Rows)),
        (7, 3, "8 9 10", None),
        (8, 3, "9 10", None),
        (10, 3, "", None),
        (99, 3, "", None),
        (10, 0, "", None),
    ] {
        let answer = limited(&bench, &pool, &sql, |limits| {
            limits.offset = offset;
            limits.max_rows = Some(limit);
        })
        .await;
        assert_eq!(
            (answer.line().as_str(), answer.summary.truncated_by),
            (line, truncated),
            "{limit} after {offset}"
        );
        assert_eq!(answer.columns.len(), 1);
    }
}

pub(super) async fn bytes_are_capped_exactly(bench: Bench) {
    let pool = bench.pool();
    let sql = numbers(3, "SELECT 'twelve bytes' AS t FROM s");
    for (most, rows, truncated) in [
        (60, 3, None),
        (59, 2, Some(TruncatedBy::Bytes)),
        (40, 2, Some(TruncatedBy::Bytes)),
        (19, 0, Some(TruncatedBy::Bytes)),
    ] {
        let answer = limited(&bench, &pool, &sql, |limits| limits.max_bytes = most).await;
        assert_eq!(
            (answer.summary.rows, answer.summary.truncated_by),
            (rows, truncated),
            "{most}"
        );
        assert_eq!(answer.summary.bytes, rows * 20);
    }
}

pub(super) async fn a_cell_that_is_too_large_ends_the_result(bench: Bench) {
    let pool = bench.pool();
    let sql = numbers(
        4,
        "SELECT CASE WHEN n = 3 THEN 'long' ELSE 'abc' END AS t FROM s ORDER BY n",
    );
    let answer = limited(&bench, &pool, &sql, |limits| limits.max_cell_bytes = 3).await;
    assert_eq!(
        (answer.line().as_str(), answer.summary.truncated_by),
        ("abc abc", Some(TruncatedBy::Cell))
    );
    let answer = limited(&bench, &pool, &sql, |limits| limits.max_cell_bytes = 4).await;
    assert_eq!((answer.rows.len(), answer.summary.truncated_by), (4, None));
}

pub(super) async fn a_limit_that_leaves_rows_unread_spoils_nothing(bench: Bench) {
    let pool = bench.pool();
    let sql = numbers(900, "SELECT a.n FROM s a, s b ORDER BY a.n");
    for most in [1, 2, 3] {
        let answer = limited(&bench, &pool, &sql, |limits| limits.max_rows = Some(most)).await;
        assert_eq!(answer.summary.truncated_by, Some(TruncatedBy::Rows));
        // Had the unread rest been left on the connection, it would come now.
        bench.works(&pool).await;
    }
    pool.close();
    bench.until_alone().await;
}
