//! Following changes that other replicas make to the store.

use std::sync::Arc;
use std::time::{Duration, Instant};

use slog::{Logger, info, warn};

use crate::{AccessService, ServiceError, SourceService};

/// How often the store is asked for its revision. Changes are to be seen by every replica within two seconds.
const PERIOD: Duration = Duration::from_millis(500);

/// How often the last uses of API keys are stored.
const SAVE_USES_EVERY: Duration = Duration::from_secs(30);

/// Follows the store until the returned handle is aborted.
///
/// A store that stops answering is logged once, and once again when it is back; the sources, keys and roles in use stay in
/// use meanwhile.
#[must_use]
pub fn watch_store(
    sources: Arc<SourceService>,
    access: Arc<AccessService>,
    log: Logger,
) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(PERIOD);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut reachable = true;
        let mut saved = Instant::now();
        loop {
            ticks.tick().await;
            match follow(&sources, &access, &mut saved).await {
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

async fn follow(
    sources: &SourceService,
    access: &AccessService,
    saved: &mut Instant,
) -> Result<(), ServiceError> {
    sources.refresh_if_changed().await?;
    access.refresh_if_changed().await?;
    if saved.elapsed() >= SAVE_USES_EVERY {
        *saved = Instant::now();
        access.save_uses().await?;
    }
    Ok(())
}
