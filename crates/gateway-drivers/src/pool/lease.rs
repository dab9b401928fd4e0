//! Getting a session: within the acquire timeout, before the deadline, and alive.

use std::time::{Duration, Instant};

use deadpool::managed::{PoolError, TimeoutType};

use super::{Lease, SourcePool, run};
use crate::{ConnectFailure, DriverError};

/// How long a session may take to show that it is alive. One that needs longer is of no use to a caller.
const CHECK_LIMIT: Duration = Duration::from_secs(2);

impl SourcePool {
    /// A session, new or used, within the acquire timeout and before `deadline`.
    pub(super) async fn lease(&self, deadline: Instant) -> Result<Lease, DriverError> {
        if let Some(refusal) = self.refusal() {
            return Err(refusal);
        }
        match tokio::time::timeout_at(deadline.into(), self.lease_alive()).await {
            Ok(outcome) => outcome,
            Err(_) => Err(DriverError::Deadline),
        }
    }

    /// With an open breaker, sessions that exist may be used and waited for; without any there is nothing to wait for.
    fn refusal(&self) -> Option<DriverError> {
        let maker = self.sessions.manager();
        let refusal = maker.breaker.refusal()?;
        if self.sessions.status().size > 0 {
            return None;
        }
        maker.counting.suspended();
        Some(refusal)
    }

    async fn lease_alive(&self) -> Result<Lease, DriverError> {
        loop {
            let mut lease = self.acquire().await?;
            if !self.needs_check(&lease) || self.answers(&mut lease).await {
                return Ok(lease);
            }
            // After a restart of the server all of them are dead. Whoever asks next must not find that out once more.
            run::discard(lease);
            self.drop_idle();
        }
    }

    async fn acquire(&self) -> Result<Lease, DriverError> {
        match self.sessions.get().await {
            Ok(lease) => Ok(lease),
            Err(PoolError::Backend(error)) => Err(error),
            Err(PoolError::Closed) => Err(DriverError::Closed),
            Err(PoolError::Timeout(TimeoutType::Wait)) => {
                self.sessions.manager().counting.waited_in_vain();
                Err(DriverError::Busy)
            }
            Err(PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle)) => {
                Err(DriverError::Connect {
                    reason: ConnectFailure::Timeout,
                    message: "pool timeout".into(),
                })
            }
            Err(PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_)) => {
                Err(DriverError::Housekeeping {
                    step: "lease",
                    message: "pool misconfigured".into(),
                })
            }
        }
    }

    fn needs_check(&self, lease: &Lease) -> bool {
        let after = self.driver.capabilities().check_after;
        after.is_some_and(|after| lease.at_rest_since.elapsed() >= after)
    }

    /// Asks the server for a sign of life on this session.
    pub(super) async fn answers(&self, lease: &mut Lease) -> bool {
        // Whoever leaves in the middle leaves a session with an answer under way.
        lease.counted.is_sound = false;
        let asked = Instant::now();
        let check = tokio::time::timeout(CHECK_LIMIT, lease.session.check()).await;
        let answers = matches!(check, Ok(Ok(())));
        if answers {
            lease.rest();
            let pulse = &self.sessions.manager().pulse;
            pulse.answered();
            pulse.took(asked.elapsed());
        }
        answers
    }

    /// Gives up every idle session.
    pub(super) fn drop_idle(&self) {
        for slot in self.sessions.retain(|_, _| false).removed {
            slot.give_up();
        }
    }
}
