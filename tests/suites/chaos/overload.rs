//! Five times as many callers as there is room for: those who are let in are served as fast as ever, the others are told at once,
//! and it is over when it is over.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway_core::DataSourceId;
use nexus_tests::oracle::{Answer as Scripted, Column, Double, Kind, Mode, Value as Cell};
use nexus_tests::{Answer, Failed, Gateway, Outcome, Trials};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

/// Statements that run at a time: sessions of the pool, and places of the source. They set the capacity, not the machine.
const AT_ONCE: u32 = 4;

/// As many may wait: whoever is let in waits for one other at most.
const QUEUE: u32 = AT_ONCE;

/// What a statement takes on its server, which is a double that does nothing meanwhile.
const SERVICE: Duration = Duration::from_millis(160);

/// Arrivals during the overload, as a multiple of the capacity.
const TIMES: u32 = 5;

const SQL: &str = "SELECT n FROM busy";

pub(super) fn register(trials: &mut Trials) {
    trials.simple("chaos::overload", overload);
}

/// An answer, and what it took.
struct Timed {
    answer: Answer,
    took: Duration,
}

struct Scene {
    gateway: Gateway,
    source: DataSourceId,
}

impl Scene {
    async fn ask(&self) -> Result<Timed, Failed> {
        let begun = Instant::now();
        let answer = self
            .gateway
            .query(self.source, SQL, json!({"timeoutMs": 20_000}))
            .await?;
        Ok(Timed {
            answer,
            took: begun.elapsed(),
        })
    }

    /// As many callers as there is room for, each with the next request when it has its answer.
    async fn at_capacity(self: &Arc<Self>, lasts: Duration) -> Result<Vec<Timed>, Failed> {
        let begun = Instant::now();
        let mut callers = JoinSet::new();
        for _ in 0..AT_ONCE {
            let scene = Arc::clone(self);
            callers.spawn(async move {
                let mut answers = Vec::new();
                while begun.elapsed() < lasts {
                    answers.push(scene.ask().await?);
                }
                Ok::<_, Failed>(answers)
            });
        }
        let mut all = Vec::new();
        while let Some(answers) = callers.join_next().await {
            all.extend(answers??);
        }
        Ok(all)
    }

    /// Requests at a rate of their own, whatever becomes of those before.
    async fn at_rate(self: &Arc<Self>, pause: Duration, lasts: Duration) -> Result<Vec<Timed>, Failed> {
        let begun = Instant::now();
        let mut arrivals = tokio::time::interval(pause);
        arrivals.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut requests = JoinSet::new();
        while begun.elapsed() < lasts {
            arrivals.tick().await;
            let scene = Arc::clone(self);
            requests.spawn(async move { scene.ask().await });
        }
        let mut all = Vec::new();
        while let Some(answer) = requests.join_next().await {
            all.push(answer??);
        }
        Ok(all)
    }
}

async fn scene(double: &Double) -> Result<Scene, Failed> {
    let one = Scripted::rows(
        vec![Column::new("N", Kind::INTEGER)],
        vec![vec![Cell::Integer(1)]],
    );
    double.script(SQL, one.after(SERVICE));
    let gateway = Gateway::start_with(&format!(
        "limits.per_source = {AT_ONCE}\nlimits.queue = {QUEUE}\nlimits.queue_timeout = \"2s\"\n"
    ))
    .await?;
    let body = json!({"name": "busy", "type": "oracle", "config": {
        "host": "127.0.0.1", "port": double.port(), "serviceName": "testpdb", "username": "scott", "password": "tiger",
        "maxPoolSize": AT_ONCE, "connectTimeoutMs": 20_000, "acquireTimeoutMs": 20_000,
    }});
    let source = gateway.register_as(&body).await?;
    Ok(Scene { gateway, source })
}

async fn overload() -> Outcome {
    let lasts = Duration::from_secs(if super::is_long() { 15 } else { 3 });
    let double = Double::start(Mode::Fast)?;
    let scene = Arc::new(scene(&double).await?);
    // The sessions are there before anything is measured.
    scene.at_capacity(Duration::from_millis(500)).await?;
    let begun = Instant::now();
    let unloaded = scene.at_capacity(lasts).await?;
    let peak = rate(served(&unloaded), begun.elapsed());
    let pause = Duration::from_secs_f64(1.0 / (peak * f64::from(TIMES)));
    let begun = Instant::now();
    let loaded = scene.at_rate(pause, lasts).await?;
    let goodput = rate(served(&loaded), begun.elapsed());
    let over = Instant::now();
    while scene.ask().await?.answer.status != 200 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let recovery = over.elapsed();
    let (before, during) = (times(&unloaded, 200), times(&loaded, 200));
    let refused = times(&loaded, 503);
    println!(
        "overload: {peak:.1}/s at capacity, p99 {:.0?}; {} arrivals: {goodput:.1}/s served, p50 {:.0?}, p99 {:.0?}; {} \
         refused, p50 {:.1?}, p99 {:.1?}; served at once after {recovery:.0?}",
        part(&before, 99),
        loaded.len(),
        part(&during, 50),
        part(&during, 99),
        refused.len(),
        part(&refused, 50),
        part(&refused, 99),
    );
    for timed in &loaded {
        match (timed.answer.status, timed.answer.code()) {
            (200, _) => {}
            (503, "OVERLOADED") => assert!(timed.answer.headers.contains_key("retry-after")),
            _ => return Err(timed.answer.text.clone().into()),
        }
    }
    assert_eq!(served(&unloaded), unloaded.len(), "nobody is refused at capacity");
    assert!(refused.len() > loaded.len() / 2, "that was no overload");
    assert!(goodput > 0.5 * peak, "{goodput} of {peak}");
    assert!(
        part(&refused, 50) < Duration::from_secs(1),
        "a refusal is no answer to wait for"
    );
    if super::is_long() {
        assert!(goodput >= 0.9 * peak, "{goodput} of {peak}");
        assert!(part(&during, 99) < 3 * part(&before, 99), "the queue is too long");
        assert!(part(&refused, 50) < SERVICE, "{:?}", part(&refused, 50));
        assert!(recovery < Duration::from_secs(1), "{recovery:?}");
    }
    super::whole::is_alive(&scene.gateway).await
}

fn served(answers: &[Timed]) -> usize {
    answers.iter().filter(|timed| timed.answer.status == 200).count()
}

fn rate(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// What the answers with a status took, in order.
fn times(answers: &[Timed], status: u16) -> Vec<Duration> {
    let mut times: Vec<_> = answers
        .iter()
        .filter(|timed| timed.answer.status == status)
        .map(|timed| timed.took)
        .collect();
    times.sort_unstable();
    times
}

/// A percentile of times in order.
fn part(times: &[Duration], percent: usize) -> Duration {
    let last = times.len().saturating_sub(1);
    times.get(last * percent / 100).copied().unwrap_or_default()
}
