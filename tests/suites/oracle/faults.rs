//! Listeners, networks and servers that misbehave: the contract's code, a gateway that stays whole, and answers again soon after.

use std::time::{Duration, Instant};

use nexus_tests::oracle::{Double, Fault, Mode, OraError, RedirectForm, RowFault};
use nexus_tests::{Answer, Failed, Outcome, Trials};
use serde_json::{Value, json};

use super::desk::{Desk, FLOWING, PATIENCE, QUICK, WAITING, register as register_source};

/// What is promised for a machine that is not busy with anything else; half of the recoveries must keep it.
const SOON: Duration = Duration::from_secs(2);

pub(super) fn register(trials: &mut Trials) {
    super::on_both(trials, "faults::while_connecting", while_connecting);
    super::on_both(trials, "faults::while_running", while_running);
    super::on_both(trials, "faults::of_idle_sessions", of_idle_sessions);
    super::on_both(trials, "faults::slow_but_sound", slow_but_sound);
    super::on_both(trials, "faults::redirects", redirects);
}

fn is(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.code()), (status, code), "{}", answer.text);
}

/// The time until the source answers again.
async fn recovery(desk: &Desk) -> Result<Duration, Failed> {
    let begun = Instant::now();
    loop {
        let answer = desk.query(QUICK, json!({})).await?;
        if answer.status == 200 {
            return Ok(begun.elapsed());
        }
        is(&answer, 503, "CONNECTION_ERROR");
        if begun.elapsed() > PATIENCE {
            return Err(format!("it does not come back: {}", answer.text).into());
        }
    }
}

/// Every session has a thread, and every thread a session.
async fn is_whole(desk: &Desk, recoveries: &mut [Duration]) -> Outcome {
    desk.until("threads and sessions are as many", |desk| {
        let stats = desk.double.stats();
        stats.sessions == stats.sockets && desk.threads().is_ok_and(|threads| threads == stats.sessions)
    })
    .await?;
    recoveries.sort_unstable();
    let median = recoveries[recoveries.len() / 2];
    println!("back after {recoveries:?}");
    assert!(median <= SOON, "{recoveries:?}");
    Ok(())
}

async fn while_connecting(mode: Mode) -> Outcome {
    let desk = Desk::start_with(mode, json!({"connectTimeoutMs": 500})).await?;
    let mut recoveries = Vec::new();
    for (fault, reason) in [
        (Fault::Silent, "did not answer within the connect timeout"),
        (Fault::Refuse(12514), "refused the configured account"),
        (Fault::Refuse(12505), "refused the configured account"),
        (Fault::Refuse(12516), "cannot be reached"),
        (Fault::Encryption, "native network encryption"),
        (Fault::OldVerifier, "set the password anew"),
    ] {
        // The fault meets a gateway without a session.
        desk.double.restart();
        desk.double.set_fault(fault.clone());
        let answer = desk.query(QUICK, json!({})).await?;
        is(&answer, 503, "CONNECTION_ERROR");
        let message = answer.body["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains(reason), "{fault:?}: {message}");
        desk.double.set_fault(Fault::None);
        recoveries.push(recovery(&desk).await?);
    }
    is_whole(&desk, &mut recoveries).await
}

async fn while_running(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    let mut recoveries = vec![recovery(&desk).await?];
    let late = OraError::new(1555, "snapshot too old");
    for (sql, fault, status, code) in [
        (FLOWING, RowFault::Fail(late), 422, "QUERY_ERROR"),
        (FLOWING, RowFault::Reset, 503, "CONNECTION_ERROR"),
        (FLOWING, RowFault::Freeze, 504, "TIMEOUT_ERROR"),
    ] {
        desk.double.set_row_fault(Some((20, fault.clone())));
        let answer = desk.query(sql, json!({"timeoutMs": 1000})).await?;
        is(&answer, status, code);
        if code == "QUERY_ERROR" {
            assert_eq!(answer.body["error"]["nativeCode"], "ORA-01555");
        }
        desk.double.set_row_fault(None);
        desk.double.thaw();
        recoveries.push(recovery(&desk).await?);
    }
    // Frozen, cut and killed before the first row.
    let frozen = run_and(&desk, 1000, Double::freeze).await?;
    is(&frozen, 504, "TIMEOUT_ERROR");
    desk.double.thaw();
    recoveries.push(recovery(&desk).await?);
    for end in [Double::restart, Double::close_sockets, |double: &Double| {
        double.kill_sessions(&OraError::new(28, "your session has been killed"));
    }] {
        let answer = run_and(&desk, 60_000, end).await?;
        is(&answer, 503, "CONNECTION_ERROR");
        recoveries.push(recovery(&desk).await?);
    }
    is_whole(&desk, &mut recoveries).await
}

/// Starts a statement, and does something to the double when it runs there.
async fn run_and(desk: &Desk, timeout_ms: u64, happens: impl Fn(&Double)) -> Result<Answer, Failed> {
    // What was cut off before is no longer taken for it.
    desk.until("nothing runs", |desk| desk.double.stats().running == 0)
        .await?;
    let happening = async {
        desk.until("it runs", |desk| desk.double.stats().running == 1)
            .await?;
        happens(&desk.double);
        Ok::<_, Failed>(())
    };
    let query = desk.query(WAITING, json!({"timeoutMs": timeout_ms}));
    let (answer, happened) = tokio::join!(query, happening);
    happened?;
    answer
}

/// What dies while nobody uses it costs no caller an error.
async fn of_idle_sessions(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    for end in [Double::restart, Double::close_sockets, |double: &Double| {
        double.kill_sessions(&OraError::new(
            2396,
            "exceeded maximum idle time, please connect again",
        ));
    }] {
        let together = || desk.query(QUICK, json!({}));
        let (a, b, c) = tokio::join!(together(), together(), together());
        for answer in [a?, b?, c?] {
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
        end(&desk.double);
        for _ in 0..4 {
            let answer = desk.query(QUICK, json!({})).await?;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
    }
    is_whole(&desk, &mut [Duration::ZERO]).await
}

/// A few bytes at a time are an answer all the same.
async fn slow_but_sound(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    desk.double.set_fault(Fault::Trickle {
        bytes: 7,
        pause: Duration::from_micros(50),
    });
    let answer = desk.query(QUICK, json!({})).await?;
    assert_eq!(answer.data()["rows"], json!([["1"]]), "{}", answer.text);
    let rows = desk.query("SELECT * FROM every_type", json!({})).await?;
    assert_eq!(rows.data()["metadata"]["rowCount"], 2, "{}", rows.text);
    Ok(())
}

/// The listeners of clusters send their clients elsewhere; where that is not permitted nobody goes.
async fn redirects(mode: Mode) -> Outcome {
    let desk = Desk::start(mode).await?;
    let front = Double::start(mode)?;
    for form in [RedirectForm::Inside, RedirectForm::Following] {
        let to = desk.double.address();
        front.set_fault(Fault::Redirect { to, form });
        let source = register_source(&desk.gateway, &front, json!({})).await?;
        let answer = desk.gateway.query(source, QUICK, json!({})).await?;
        assert_eq!(answer.data()["rows"], json!([["1"]]), "{form:?}: {}", answer.text);
        let to = "198.51.100.7:1521".parse()?;
        front.set_fault(Fault::Redirect { to, form });
        let lost = register_source(&desk.gateway, &front, json!({})).await?;
        let answer = desk.gateway.query(lost, QUICK, json!({})).await?;
        is(&answer, 503, "CONNECTION_ERROR");
        let message = answer.body["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains("settings do not permit"), "{message}");
    }
    assert_eq!(desk.query("SELECT 1 FROM dual", Value::Null).await?.status, 200);
    Ok(())
}
