//! Mixed load on every engine for a long time: what the gateway holds does not grow, and nobody gets what they should not.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Failed, Gateway, Outcome, Requirement, Trials, requirement};
use reqwest::Method;
use serde_json::json;
use tokio::time::MissedTickBehavior;

use super::load::Load;
use super::target::{POOL, Target};
use super::whole::{held, is_alive, until_at_rest};
use crate::endless::Endless;

/// Between two requests of one caller, so that the machine has time for more than this.
const BREATH: Duration = Duration::from_millis(100);

/// Of so many answers one may be what a busy machine gives: a deadline that passed, a session that came late.
fn one_of() -> usize {
    if super::is_long() { 100 } else { 4 }
}

pub(super) fn register(trials: &mut Trials) {
    trials.simple("chaos::soak", soak);
}

struct Source {
    id: DataSourceId,
    target: Target,
    /// Keeps those away who would kill its server.
    _shared: Option<File>,
}

/// What was held each second.
#[derive(Default)]
struct Samples {
    memory: Vec<u64>,
    descriptors: Vec<usize>,
}

async fn soak() -> Outcome {
    let gateway = Arc::new(Gateway::start_with("limits.burst = 100000\n").await?);
    let sources = sources(&gateway).await?;
    let outcome = course(&gateway, &sources).await;
    for source in &sources {
        source.target.remove().await?;
    }
    outcome
}

/// Everything that is there to be queried.
async fn sources(gateway: &Gateway) -> Result<Vec<Source>, Failed> {
    let mut targets = vec![(Target::double().await?, None), (Target::file().await?, None)];
    for engine in [Engine::MySql, Engine::MariaDb, Engine::PostgreSql] {
        match requirement(engine) {
            Requirement::Present(server) => {
                let shared = server.share()?;
                targets.push((Target::server(server).await?, Some(shared)));
            }
            Requirement::Skipped => {}
            Requirement::Missing(why) => return Err(why.into()),
        }
    }
    let mut sources = Vec::new();
    for (target, shared) in targets {
        let mut body = target.source();
        body["name"] = json!(format!("soak {}", target.engine()));
        // A machine that is busy may be slow; that is another trial's business.
        body["config"]["connectTimeoutMs"] = json!(30_000);
        body["config"]["acquireTimeoutMs"] = json!(30_000);
        sources.push(Source {
            id: gateway.register_as(&body).await?,
            target,
            _shared: shared,
        });
    }
    Ok(sources)
}

fn lasts() -> Duration {
    if !super::is_long() {
        return Duration::from_secs(20);
    }
    let minutes = std::env::var("NEXUS_TEST_CHAOS_MINUTES").ok();
    Duration::from_secs(60 * minutes.and_then(|minutes| minutes.parse().ok()).unwrap_or(30))
}

async fn course(gateway: &Arc<Gateway>, sources: &[Source]) -> Outcome {
    let mut load = Load::new(BREATH);
    for source in sources {
        load.join(gateway, source.id, source.target.engine());
    }
    let (begun, mut samples) = (Instant::now(), Samples::default());
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for second in 0.. {
        seconds.tick().await;
        let source = &sources[second % sources.len()];
        disturb(gateway, source, second).await?;
        let now = held(gateway)?;
        samples.memory.push(now.memory);
        samples.descriptors.push(now.descriptors);
        if second % 60 == 59 {
            println!("soak, minute {}: {now:?}", second / 60 + 1);
        }
        if begun.elapsed() > lasts() {
            break;
        }
    }
    let seen = load.stop().await?;
    let mut counts = BTreeMap::<String, usize>::new();
    for one in &seen {
        *counts.entry(format!("{:?} {}", one.wish, one.code)).or_default() += 1;
    }
    println!("soak, {:.0?}: {counts:?}", begun.elapsed());
    let odd: Vec<_> = seen.iter().filter(|one| !one.is_usual()).collect();
    for one in &odd {
        // Whoever waits for a session of a pool that an edit closes is told so.
        let was_edited = one.code == "CONNECTION_ERROR" && one.text.contains("was changed while");
        let is_late = matches!(one.code.as_str(), "TIMEOUT_ERROR" | "OVERLOADED" | "truncated");
        assert!(was_edited || is_late, "{one:?}");
    }
    assert!(odd.len() * one_of() <= seen.len(), "{counts:?}");
    samples.are_flat()?;
    for source in sources {
        until_at_rest(gateway, source.id, &source.target, None).await?;
    }
    println!("soak, at rest: {:?}", held(gateway)?);
    is_alive(gateway).await
}

/// What happens beside the queries: a reader leaves, a read in pages is left half-way or read to its end, a source is edited,
/// the settings are written anew.
async fn disturb(gateway: &Gateway, source: &Source, second: usize) -> Outcome {
    let engine = source.target.engine();
    if engine != Engine::Oracle {
        let body = json!({"dataSourceId": source.id.to_string(), "sql": Endless::flowing(engine).sql});
        let reading = gateway
            .request(Method::POST, "/api/v1/query")?
            .header("Accept", "application/x-ndjson");
        let mut leaving = reading.body(body.to_string()).send().await?;
        leaving.chunk().await?;
    }
    let sql = super::load::flowing(engine);
    let body = json!({"dataSourceId": source.id.to_string(), "sql": sql, "limit": 200});
    let mut page = gateway.send(Method::POST, "/api/v1/fetch", Some(&body)).await?;
    for _ in 0..3 {
        assert!(page.status == 200 || page.code() == "OVERLOADED", "{}", page.text);
        let Some(next) = page.data()["nextUri"].as_str().map(str::to_owned) else {
            break;
        };
        let method = if second.is_multiple_of(2) {
            Method::GET
        } else {
            Method::DELETE
        };
        page = gateway.send(method.clone(), &next, None).await?;
        if method == Method::DELETE {
            assert!(matches!(page.status, 200..=204), "{}", page.text);
            break;
        }
    }
    if let Some(rest) = page.data()["nextUri"].as_str() {
        gateway.send(Method::DELETE, rest, None).await?;
    }
    let path = format!("/api/v1/datasources/{}", source.id);
    let mut patch = json!({"description": format!("second {second}")});
    if second % 10 == 9 {
        // That takes a pool of its own.
        patch["config"] = json!({"maxPoolSize": POOL + (second as u64 / 10) % 2});
    }
    let patched = gateway.send(Method::PATCH, &path, Some(&patch)).await?;
    assert_eq!(patched.status, 200, "{}", patched.text);
    if second % 5 == 4 {
        let file = gateway.folder().join("nexus.toml");
        let (old, new) = match second % 2 {
            0 => ("100000", "100001"),
            _ => ("100001", "100000"),
        };
        std::fs::write(&file, std::fs::read_to_string(&file)?.replace(old, new))?;
    }
    Ok(())
}

impl Samples {
    /// The last third is as the second; the first is for warming up.
    fn are_flat(&self) -> Outcome {
        let third = self.memory.len() / 3;
        let median = |part: &[u64]| {
            let mut part = part.to_vec();
            part.sort_unstable();
            part[part.len() / 2]
        };
        let [first, second, last] = [0, 1, 2].map(|at| median(&self.memory[at * third..(at + 1) * third]));
        let most = |part: &[usize]| part.iter().copied().max().unwrap_or(0);
        let (fds, more_fds) = (
            most(&self.descriptors[third..2 * third]),
            most(&self.descriptors[2 * third..]),
        );
        println!("soak: memory {first}, {second}, {last} kB; descriptors at most {fds}, then {more_fds}");
        // A short run is still warming up.
        if super::is_long() {
            assert!(
                last * 100 <= second * 102,
                "memory grows: {second} kB, then {last} kB"
            );
            assert!(more_fds <= fds + 8, "descriptors grow: {fds}, then {more_fds}");
        }
        Ok(())
    }
}
