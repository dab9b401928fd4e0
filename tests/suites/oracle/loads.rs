//! Many rows and many that wait.

use std::time::{Duration, Instant};

use nexus_tests::oracle::{Answer as Scripted, Column, Kind, Mode, Value as Cell};
use nexus_tests::{Outcome, Trials};
use reqwest::Method;
use serde_json::json;

use super::desk::{Desk, WAITING};

pub(super) fn register(trials: &mut Trials) {
    super::on_both(trials, "loads::a_hundred_thousand_rows", a_hundred_thousand_rows);
    // As 19c does it, this would take the client minutes; see docs/oracle.md.
    trials.simple("oracle::loads::too_much_at_once", || too_much_at_once(Mode::Fast));
    super::on_both(trials, "loads::waiting_costs_nothing", waiting_costs_nothing);
}

/// A result goes through in pieces.
async fn a_hundred_thousand_rows(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    assert_eq!(desk.query("SELECT 1 FROM dual", json!({})).await?.status, 200);
    let before = desk.peak_memory()?;
    let body = json!({"dataSourceId": desk.source.to_string(), "sql": "SELECT * FROM many_rows"});
    for _ in 0..3 {
        let request = desk.gateway.request(Method::POST, "/api/v1/query")?;
        let request = request.header("Accept", "text/csv").body(body.to_string());
        let text = desk.gateway.answer(request).await?.text;
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("N,S,SAME"));
        assert_eq!(lines.clone().next(), Some("1,row 0,x"));
        assert_eq!(lines.clone().count(), 100_000);
        assert_eq!(lines.next_back(), Some("100000,row 99999,x"));
    }
    let grown = desk.peak_memory()?.saturating_sub(before);
    println!("the result is {} kB, the gateway grew by {grown} kB", 1800);
    assert!(grown < 32 * 1024, "{grown} kB");
    Ok(())
}

/// The client library takes whole answers into memory, and a LONG has no length that could be cut to.
async fn too_much_at_once(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    let long = Cell::from("x".repeat(5 << 20).as_str());
    let columns = vec![Column::new("L", Kind::Long)];
    desk.double.script(
        "SELECT l FROM documents",
        Scripted::made(columns, 100, move |_| vec![long.clone()]),
    );
    let answer = desk.query("SELECT l FROM documents", json!({})).await?;
    assert_eq!(
        (answer.status, answer.code()),
        (422, "QUERY_ERROR"),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("LONG"), "{}", answer.text);
    let next = desk.query("SELECT 1 AS one FROM dual", json!({})).await?;
    assert_eq!(next.status, 200, "{}", next.text);
    Ok(())
}

/// Threads that wait for a server wait in the kernel.
async fn waiting_costs_nothing(mode: Mode) -> Outcome {
    const MANY: usize = 32;
    let desk = Desk::start_with(mode, json!({"maxPoolSize": MANY, "connectTimeoutMs": 20_000})).await?;
    let wait = || desk.query(WAITING, json!({"timeoutMs": 120_000}));
    let measured = async {
        desk.until("all wait", |desk| desk.double.stats().running == MANY)
            .await?;
        assert_eq!(desk.threads()?, MANY);
        let (ticks, begun) = (desk.ticks()?, Instant::now());
        // This is the time over which the figure is taken, and waits for nothing.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let (used, took) = ((desk.ticks()? - ticks) * 10, begun.elapsed());
        println!("{MANY} waiting queries used {used} ms of {took:?}");
        assert!(u128::from(used) * 10 < took.as_millis(), "{used} ms of {took:?}");
        Ok(())
    };
    tokio::select! {
        ended = futures_util::future::join_all((0..MANY).map(|_| wait())) => {
            Err(format!("they do not wait: {:?}", ended.first()).into())
        }
        measured = measured => measured,
    }
}
