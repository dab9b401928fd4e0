//! Whether a gateway is whole: alive, its pool at rest, and holding no more than before.

use std::time::{Duration, Instant};

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Failed, Gateway, Outcome};
use reqwest::Method;

use super::target::{POOL, Target};
use crate::breaker::health;

/// How long what must go may take to go: the runtime keeps helper threads for ten seconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// Descriptors that may be there by chance: a connection of the trial itself, a file of the store.
const SLACK: usize = 8;

/// Memory that a gateway may hold in addition, in kB: what an allocator keeps.
const MEMORY: u64 = 32 * 1024;

/// What the gateway's process holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    pub(super) descriptors: usize,
    /// In kB.
    pub(super) memory: u64,
}

pub(super) fn held(gateway: &Gateway) -> Result<Held, Failed> {
    let pid = gateway.pid().ok_or("it has ended")?;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let figure = memory.and_then(|line| line.split_whitespace().next());
    Ok(Held {
        descriptors: std::fs::read_dir(format!("/proc/{pid}/fd"))?.count(),
        memory: figure.ok_or("no VmRSS")?.parse()?,
    })
}

/// It lives, and nothing in it has panicked.
pub(super) async fn is_alive(gateway: &Gateway) -> Outcome {
    let live = gateway.send(Method::GET, "/health/live", None).await?;
    assert_eq!(live.status, 200, "{}", live.text);
    assert!(!gateway.log().contains("panicked"), "{}", gateway.log());
    Ok(())
}

/// Waits until the pool is at rest and nothing is left beside it.
pub(super) async fn until_at_rest(
    gateway: &Gateway,
    source: DataSourceId,
    target: &Target,
    before: Option<Held>,
) -> Outcome {
    let given_up = Instant::now() + PATIENCE;
    loop {
        let pool = health(gateway, source).await?["pool"].clone();
        let (sessions, now) = (target.sessions().await?, held(gateway)?);
        // Nobody can end another session of Oracle's; one whose connection broke goes when its server finds out.
        let most = match target.engine() {
            Engine::Oracle => POOL,
            _ => pool["open"].as_u64().unwrap_or(0),
        };
        let rests = pool["open"] == pool["idle"] && pool["waiting"] == 0;
        let is_lean = before.is_none_or(|before| {
            now.descriptors <= before.descriptors + SLACK && now.memory <= before.memory + MEMORY
        });
        if rests && is_lean && sessions <= most {
            return Ok(());
        }
        if Instant::now() > given_up {
            return Err(format!(
                "not at rest: {pool}, {sessions} sessions on the server, {now:?} after {before:?}: {}",
                target.at_work().await?
            )
            .into());
        }
        // Looking costs descriptors, too.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
