//! Closes sessions that nobody uses.

use std::time::Duration;

use deadpool::managed::WeakPool;

use super::maker::SessionMaker;

/// Looks after a pool until it is gone.
pub(super) fn start(pool: WeakPool<SessionMaker>, idle_timeout: Duration, max_lifetime: Duration) {
    let period =
        (idle_timeout.min(max_lifetime) / 4).clamp(Duration::from_millis(100), Duration::from_secs(30));
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(period);
        loop {
            ticks.tick().await;
            let Some(pool) = pool.upgrade() else { return };
            if pool.is_closed() {
                return;
            }
            let expired = pool.retain(|slot, metrics| {
                slot.is_usable()
                    && metrics.last_used() < idle_timeout
                    && metrics.created.elapsed() < max_lifetime
            });
            for mut slot in expired.removed {
                slot.counted.is_sound = slot.is_usable();
                slot.session.close().await;
            }
        }
    });
}
