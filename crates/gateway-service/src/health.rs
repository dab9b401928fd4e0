//! Watching the sources that are in use: one task for all of them, however many are registered.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use gateway_core::{DataSourceId, Engine};
use gateway_drivers::{BreakerState, SourcePool};
use slog::{Logger, info, warn};

use crate::SourceService;

/// How often it is looked whether something is to be done.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How many sources are checked at the same time.
const AT_ONCE: usize = 32;

/// Watches the sources until the returned handle is aborted.
///
/// Sources that callers use and that have shown nothing for `interval` are checked, and those whose breaker is open are tried
/// when its pause is over; without an interval neither. A breaker that opens or closes is logged once.
#[must_use]
pub fn watch_health(
    sources: Arc<SourceService>,
    interval: Option<Duration>,
    log: Logger,
) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut suspended = Suspended::default();
        loop {
            ticks.tick().await;
            if let Some(interval) = interval {
                let due = sources.due(interval);
                futures_util::stream::iter(due)
                    .for_each_concurrent(AT_ONCE, async |pool| pool.check().await)
                    .await;
            }
            suspended.follow(&sources, &log);
        }
    })
}

/// The sources whose breaker was seen open.
#[derive(Default)]
struct Suspended(HashSet<DataSourceId>);

impl Suspended {
    fn follow(&mut self, sources: &SourceService, log: &Logger) {
        let mut open = HashSet::new();
        for live in sources.live().iter() {
            let Some(pool) = live.used_pool() else { continue };
            let source = live.source();
            if pool.breaker() == BreakerState::Closed {
                if self.0.contains(&source.id) {
                    told_back(log, source.id, source.engine);
                }
                continue;
            }
            open.insert(source.id);
            if !self.0.contains(&source.id) {
                told_gone(log, source.id, source.engine, pool);
            }
        }
        self.0 = open;
    }
}

fn told_gone(log: &Logger, id: DataSourceId, engine: Engine, pool: &SourcePool) {
    let reason = pool.vitals().last_error.map(|error| error.message);
    warn!(log, "a data source cannot be reached and is left alone for a while";
        "dataSourceId" => %id, "engine" => engine.as_str(), "reason" => reason.as_deref().unwrap_or_default());
}

fn told_back(log: &Logger, id: DataSourceId, engine: Engine) {
    info!(log, "a data source can be reached again"; "dataSourceId" => %id, "engine" => engine.as_str());
}

impl SourceService {
    /// The pools that a check would be of use for.
    fn due(&self, interval: Duration) -> Vec<SourcePool> {
        self.live()
            .iter()
            .filter(|live| live.is_active())
            .filter_map(|live| live.used_pool())
            .filter(|pool| pool.is_due(interval))
            .cloned()
            .collect()
    }
}
