//! Every fault befalls a source of every engine, under load.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::json;

use super::load::{DEADLINE, Load, Seen};
use super::table::Fault;
use super::target::Target;
use super::whole::{held, is_alive, until_at_rest};

/// What a statement may take beyond its deadline: the time of stopping it on its server.
const CANCELLING: Duration = Duration::from_secs(3);

/// What a machine may take beyond that which has other things to do.
pub(super) fn busy() -> Duration {
    Duration::from_secs(if super::is_long() { 1 } else { 15 })
}

/// Within which everybody must be served again.
pub(super) const SOON: Duration = Duration::from_secs(2);

/// How long all must have been well.
const CALM: Duration = Duration::from_millis(600);

pub(super) const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn register(trials: &mut Trials) {
    for fault in Fault::ALL {
        let name = format!("chaos::source::{fault:?}").to_lowercase();
        for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
            let trial = move |server| async move { befalls(fault, Target::server(server).await?).await };
            if fault.needs_the_server_alone() {
                trials.engine_alone(&name, engine, trial);
            } else {
                trials.engine(&name, engine, trial);
            }
        }
        trials.simple(&format!("{name}::oracle"), move || async move {
            befalls(fault, Target::double().await?).await
        });
    }
    // A library has no process and no network; what can happen to it is that somebody else has the file.
    trials.simple("chaos::source::stopped::sqlite", || async {
        befalls(Fault::Stopped, Target::file().await?).await
    });
}

async fn befalls(fault: Fault, target: Target) -> Outcome {
    let outcome = course(fault, &target).await;
    let removed = target.remove().await;
    outcome.and(removed)
}

async fn course(fault: Fault, target: &Target) -> Outcome {
    let gateway = Arc::new(Gateway::start_with("limits.per_caller = 1000\n").await?);
    let source = gateway.register_as(&target.source()).await?;
    let load = Load::start(&gateway, source, target.engine());
    tokio::time::sleep(CALM).await;
    none_is_unusual(&load.stop().await?)?;
    until_at_rest(&gateway, source, target, None).await?;
    let before = held(&gateway)?;

    let load = Load::start(&gateway, source, target.engine());
    tokio::time::sleep(CALM / 2).await;
    let begun = Instant::now();
    let grip = target.inflict(fault).await?;
    tokio::time::sleep(fault.lasts()).await;
    target.heal(fault, grip).await?;
    if fault == Fault::PasswordChanged {
        tell_password(&gateway, source, target).await?;
    }
    let healed = Instant::now();
    let recovery = until_calm(&load, healed).await?;
    until_up(&gateway, source).await?;
    let seen = load.stop().await?;
    is_as_told(fault, &seen, begun)?;
    until_at_rest(&gateway, source, target, Some(before)).await?;
    is_alive(&gateway).await?;
    report(fault, target, &seen, begun, recovery);
    println!("  {before:?} before, {:?} after", held(&gateway)?);
    Ok(())
}

/// Waits until the source is known to be well.
async fn until_up(gateway: &Gateway, source: DataSourceId) -> Outcome {
    let asked = Instant::now();
    loop {
        let health = crate::breaker::health(gateway, source).await?;
        if health["health"] == "up" {
            return Ok(());
        }
        assert!(asked.elapsed() < SOON + busy(), "{health}");
    }
}

/// The password that the account has now.
async fn tell_password(gateway: &Gateway, source: DataSourceId, target: &Target) -> Outcome {
    let patch = json!({"config": {"password": target.password()}});
    let path = format!("/api/v1/datasources/{source}");
    let patched = gateway.send(Method::PATCH, &path, Some(&patch)).await?;
    assert_eq!(patched.status, 200, "{}", patched.text);
    Ok(())
}

/// Waits until everybody is served as usual again; the time until then, counted from when it could be expected: callers who
/// were refused while the source was left alone were told when it would be tried again.
async fn until_calm(load: &Load, healed: Instant) -> Result<Duration, Failed> {
    loop {
        if let Some(unusual) = load.usual_since(healed)
            && unusual.elapsed() > CALM
        {
            let told = load
                .seen()
                .iter()
                .filter(|seen| seen.begun <= healed)
                .filter_map(|seen| {
                    let wait = Duration::from_secs(seen.retry_after?);
                    Some(seen.ended() + wait)
                })
                .max();
            let expected = told.unwrap_or(healed).max(healed);
            let late = unusual.saturating_duration_since(expected);
            if late > SOON + busy() {
                return Err(format!("served only {late:?} after it could be expected").into());
            }
            return Ok(unusual - healed);
        }
        if healed.elapsed() > PATIENCE {
            let last = load.seen().into_iter().rev().find(|seen| !seen.is_usual());
            return Err(format!("it does not come back: {last:?}").into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub(super) fn none_is_unusual(seen: &[Seen]) -> Outcome {
    match seen.iter().find(|seen| !seen.is_usual()) {
        Some(unusual) => Err(format!("{unusual:?}").into()),
        None => Ok(()),
    }
}

/// Nobody was told what the table does not have, nobody waited for longer than is promised, and the fault was felt.
fn is_as_told(fault: Fault, seen: &[Seen], begun: Instant) -> Outcome {
    for one in seen {
        let is_allowed = fault.allows().contains(&one.code.as_str()) && one.ended() >= begun;
        if !one.is_usual() && !is_allowed {
            return Err(format!("told what the table does not have: {one:?}").into());
        }
        if one.took > DEADLINE + CANCELLING + busy() {
            return Err(format!("took too long: {one:?}").into());
        }
        if matches!(one.code.as_str(), "CONNECTION_ERROR" | "OVERLOADED") && one.retry_after.is_none() {
            // In the midst of a stream there is no room for a header.
            assert!(one.wish == super::load::Wish::Stream, "no Retry-After: {one:?}");
        }
    }
    if seen.iter().all(Seen::is_usual) {
        return Err("the fault was not felt".into());
    }
    Ok(())
}

fn report(fault: Fault, target: &Target, seen: &[Seen], begun: Instant, recovery: Duration) {
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for one in seen.iter().filter(|one| one.ended() >= begun) {
        let code = if one.is_usual() { "as usual" } else { &one.code };
        *counts.entry(code).or_default() += 1;
    }
    let longest = seen.iter().map(|one| one.took).max().unwrap_or_default();
    println!(
        "{fault:?} on {}: {counts:?}, the longest took {longest:.1?}, served again after {recovery:.1?}",
        target.engine()
    );
}
