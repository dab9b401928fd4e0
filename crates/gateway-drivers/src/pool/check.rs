//! Checking sources that callers use, in the background, so that what is down or back is known before the next caller comes.

use std::time::{Duration, Instant};

use deadpool::managed::Timeouts;

use super::{BreakerState, SourcePool, run};
use crate::ConnectFailure;

/// A source that nobody has wanted for so long is left alone.
const USED_WITHIN: Duration = Duration::from_secs(600);

impl SourcePool {
    /// Whether [`SourcePool::check`] would be of use now, for somebody who wants to know about sources every `interval`: those
    /// that callers have wanted within the last ten minutes and that have shown nothing for so long, and those whose breaker
    /// awaits a trial. A database that refused the account is not offered it without a caller who wants that.
    #[must_use]
    pub fn is_due(&self, interval: Duration) -> bool {
        let maker = self.sessions.manager();
        if self.sessions.is_closed() || !maker.pulse.is_used(USED_WITHIN) {
            return false;
        }
        let cause = maker.breaker.cause();
        if cause == Some(ConnectFailure::Refused) {
            return false;
        }
        match maker.breaker.state() {
            BreakerState::Open => maker.breaker.awaits_trial(),
            BreakerState::HalfOpen => false,
            // What has just failed is looked at sooner.
            BreakerState::Closed if cause.is_some() => maker.pulse.is_silent(interval / 3),
            BreakerState::Closed => maker.pulse.is_silent(interval),
        }
    }

    /// Looks whether the database can be reached: on an idle session if there is one, on a new one otherwise. Waits for no
    /// session that is in use. Counts like a caller's attempt.
    pub async fn check(&self) {
        let maker = self.sessions.manager();
        let Some(_checking) = maker.pulse.begin_check() else {
            return;
        };
        if maker.breaker.state() != BreakerState::Closed {
            // An idle session would show nothing about connecting. What goes wrong is known by now.
            let asked = Instant::now();
            if let Ok(slot) = maker.try_open().await {
                maker.pulse.took(asked.elapsed());
                slot.session.close().await;
            }
            return;
        }
        let at_once = Timeouts {
            wait: Some(Duration::ZERO),
            ..Timeouts::default()
        };
        let Ok(mut lease) = self.sessions.timeout_get(&at_once).await else {
            return;
        };
        if !self.answers(&mut lease).await {
            run::discard(lease);
            self.drop_idle();
        }
    }

    /// Somebody has reached the database by other means: the breaker closes.
    pub fn reached(&self) {
        let maker = self.sessions.manager();
        maker.breaker.succeeded();
        maker.pulse.answered();
    }
}
