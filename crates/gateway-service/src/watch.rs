//! Following changes that other replicas make to the store.

use std::sync::Arc;
use std::time::Duration;

use slog::{Logger, info, warn};

use crate::SourceService;

/// How often the store is asked for its revision. Changes are to be seen by every replica within two seconds.
const PERIOD: Duration = Duration::from_millis(500);

/// Follows the store until the returned handle is aborted.
///
/// A store that stops answering is logged once, and once again when it is back; the sources in use stay in use meanwhile.
#[must_use]
pub fn watch_store(sources: Arc<SourceService>, log: Logger) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(PERIOD);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut reachable = true;
        loop {
            ticks.tick().await;
            match sources.refresh_if_changed().await {
                Ok(()) if !reachable => {
                    reachable = true;
                    info!(log, "the store answers again");
                }
                Err(error) if reachable => {
                    reachable = false;
                    warn!(log, "the store does not answer; changes are not seen until it does";
                        "error" => %error);
                }
                Ok(()) | Err(_) => {}
            }
        }
    })
}
