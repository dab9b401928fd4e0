//! What an answer looks like.

use gateway_core::Frame;

use super::Bench;
use super::bench::{Answer, flood, next, numbers};

/// The columns' names; engines differ in the case of those that are not quoted.
fn names(answer: &Answer) -> Vec<String> {
    let columns = answer.columns.iter();
    columns.map(|column| column.name.to_lowercase()).collect()
}

pub(super) async fn columns_then_rows_then_one_end(bench: Bench) {
    bench.prepare().await;
    let pool = bench.pool();
    // The order of the frames is checked for every answer of the suite.
    let answer = bench
        .run(&pool, "SELECT id, name FROM things ORDER BY id")
        .await
        .unwrap();
    assert_eq!(names(&answer), ["id", "name"]);
    assert_eq!(answer.rows, [["1", "Zoë"], ["2", "NULL"]]);
    assert_eq!(answer.summary.rows, 2);
    assert_eq!(answer.summary.truncated_by, None);
    // Fixed-width cells and NULLs count as eight bytes, text as its own and eight.
    assert_eq!(answer.summary.bytes, 4 * 8 + "Zoë".len() as u64);
}

pub(super) async fn an_empty_result_has_columns(bench: Bench) {
    bench.prepare().await;
    let pool = bench.pool();
    let full = bench.run(&pool, "SELECT * FROM things").await.unwrap();
    let empty = bench
        .run(&pool, "SELECT * FROM things WHERE id > 99")
        .await
        .unwrap();
    assert_eq!(empty.columns, full.columns, "types do not depend on values");
    assert!(empty.rows.is_empty());
}

pub(super) async fn labels_may_repeat(bench: Bench) {
    let answer = bench
        .run(&bench.pool(), "SELECT 1 AS a, 2 AS b, 3 AS a")
        .await
        .unwrap();
    assert_eq!(names(&answer), ["a", "b", "a"]);
    assert_eq!(answer.rows, [["1", "2", "3"]]);
}

pub(super) async fn nulls_are_nulls(bench: Bench) {
    bench.prepare().await;
    let sql = "SELECT name, price, day, seen, data FROM things ORDER BY id DESC";
    let answer = bench.run(&bench.pool(), sql).await.unwrap();
    assert_eq!(answer.rows[0], ["NULL"; 5]);
    assert_eq!(answer.rows[1], bench.dialect.first_thing);
    let sql = numbers(
        9,
        "SELECT CASE WHEN n % 2 = 0 THEN n END AS even FROM s ORDER BY n",
    );
    let answer = bench.run(&bench.pool(), &sql).await.unwrap();
    assert_eq!(answer.line(), "NULL 2 NULL 4 NULL 6 NULL 8 NULL");
}

pub(super) async fn rows_flow_before_the_statement_ends(bench: Bench) {
    let pool = bench.pool();
    let mut stream = pool.query(bench.request(&flood())).await.unwrap();
    assert!(matches!(next(&mut stream).await, Some(Ok(Frame::Columns(_)))));
    // Whoever collected the result first would be at it for hours.
    for _ in 0..3 {
        let Some(Ok(Frame::Batch(batch))) = next(&mut stream).await else {
            panic!("rows come");
        };
        assert!(
            batch.arena_len() < 256 * 1024,
            "batches are small: {}",
            batch.arena_len()
        );
    }
}
