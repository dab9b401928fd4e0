//! Statements end on the server when nobody waits for them any more: every time, soon, and nothing is left over.

use std::time::{Duration, Instant};

use nexus_tests::oracle::Mode;
use nexus_tests::{Failed, Outcome, Trials};
use reqwest::Method;
use serde_json::json;

use super::desk::{Desk, FLOWING, QUICK, WAITING};
use crate::kills::{SOON, SOON_ENOUGH, cancel};

pub(super) fn register(trials: &mut Trials) {
    super::on_both(trials, "stopping::a_hundred_times", a_hundred_times);
}

#[derive(Debug, Clone, Copy)]
enum Cause {
    Timeout,
    Leaving,
    LeavingWhileReading,
    Delete,
}

async fn a_hundred_times(mode: Mode) -> Outcome {
    const CAUSES: [Cause; 4] = [
        Cause::Timeout,
        Cause::Leaving,
        Cause::LeavingWhileReading,
        Cause::Delete,
    ];
    let desk = Desk::start(mode).await?;
    assert_eq!(desk.query(QUICK, json!({})).await?.status, 200);
    assert_eq!(desk.threads()?, 1, "one session, one thread");
    // Once each, so that the client has all the connections to the gateway that it needs.
    for cause in CAUSES {
        one_kill(&desk, cause).await?;
        assert_eq!(desk.query(QUICK, json!({})).await?.status, 200);
    }
    desk.until("one session is left", |desk| desk.double.stats().sockets == 1)
        .await?;
    let sockets = desk.sockets()?;
    let mut times = Vec::new();
    for round in 0..100 {
        let cause = CAUSES[round % CAUSES.len()];
        times.push(one_kill(&desk, cause).await?);
        let answer = desk.query(QUICK, json!({})).await?;
        assert_eq!(
            answer.data()["rows"],
            json!([["1"]]),
            "round {round}, {cause:?}: {}",
            answer.text
        );
    }
    // The last session is idle in the pool; all others have gone, and what belonged to them.
    desk.until("nothing is left over", |desk| {
        let stats = desk.double.stats();
        let (now, open) = (desk.threads(), desk.sockets());
        stats.sessions == 1
            && stats.sockets == 1
            && stats.running == 0
            && now.is_ok_and(|now| now == 1)
            && open.is_ok_and(|open| open <= sockets)
    })
    .await?;
    times.sort_unstable();
    let late = times.iter().filter(|took| **took > SOON).count();
    let (median, slowest) = (times[times.len() / 2], times[times.len() - 1]);
    println!("median {median:?}, slowest {slowest:?}, {late} of 100 later than {SOON:?}");
    assert!(median <= SOON_ENOUGH, "{times:?}");
    Ok(())
}

/// From the cause to the moment when nothing runs on the double.
async fn one_kill(desk: &Desk, cause: Cause) -> Result<Duration, Failed> {
    let begun = match cause {
        Cause::Timeout => {
            let answer = desk.query(WAITING, json!({"timeoutMs": 100})).await?;
            let failure = (answer.status, answer.code());
            assert_eq!(failure, (504, "TIMEOUT_ERROR"), "{}", answer.text);
            Instant::now()
        }
        Cause::Leaving => {
            tokio::select! {
                answer = desk.query(WAITING, json!({"timeoutMs": 60_000})) => {
                    return Err(format!("answered: {}", answer?.text).into());
                }
                running = until_running(desk) => running?,
            }
            Instant::now()
        }
        Cause::LeavingWhileReading => {
            let body = json!({"dataSourceId": desk.source.to_string(), "sql": FLOWING, "timeoutMs": 60_000});
            let request = desk.gateway.request(Method::POST, "/api/v1/query")?;
            let request = request
                .header("Accept", "application/x-ndjson")
                .body(body.to_string());
            let mut response = request.send().await?;
            assert_eq!(response.status(), 200);
            assert!(response.chunk().await?.is_some());
            drop(response);
            Instant::now()
        }
        Cause::Delete => {
            let cancelling = async {
                until_running(desk).await?;
                let begun = Instant::now();
                cancel(&desk.gateway).await?;
                Ok::<_, Failed>(begun)
            };
            let query = desk.query(WAITING, json!({"timeoutMs": 60_000}));
            let (answer, begun) = tokio::join!(query, cancelling);
            let answer = answer?;
            let failure = (answer.status, answer.code());
            assert_eq!(failure, (499, "QUERY_CANCELLED"), "{}", answer.text);
            begun?
        }
    };
    desk.until("the statement is gone", |desk| desk.double.stats().running == 0)
        .await?;
    Ok(begun.elapsed())
}

async fn until_running(desk: &Desk) -> Result<(), Failed> {
    desk.until("the statement runs", |desk| desk.double.stats().running == 1)
        .await
}
