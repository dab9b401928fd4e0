//! Opening sessions for a pool.

use std::sync::Arc;
use std::time::Instant;

use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};
use gateway_core::{Secret, SourceConfig};

use super::breaker::Breaker;
use super::counters::{Counted, Counting};
use super::vitals::Pulse;
use crate::{ConnectFailure, ConnectRules, Driver, DriverError, Session};

/// A session in the pool.
pub(super) struct Slot {
    pub(super) session: Box<dyn Session>,
    pub(super) counted: Counted,
    /// Since when it has had nothing to do.
    pub(super) at_rest_since: Instant,
}

impl Slot {
    pub(super) fn is_usable(&self) -> bool {
        self.counted.is_sound && !self.session.is_broken()
    }

    /// Closes its connection at once: it is dead, or may not be as it was.
    pub(super) fn give_up(mut self) {
        self.counted.is_sound = false;
    }

    /// The last query on it came to a proven end.
    pub(super) fn rest(&mut self) {
        self.counted.is_sound = true;
        self.at_rest_since = Instant::now();
    }
}

/// Opens sessions for the pool.
pub(super) struct SessionMaker {
    pub(super) driver: Arc<dyn Driver>,
    pub(super) config: Arc<SourceConfig>,
    /// As it is stored: it may be a reference.
    pub(super) password: Option<Secret>,
    pub(super) rules: ConnectRules,
    pub(super) breaker: Breaker,
    pub(super) pulse: Pulse,
    pub(super) counting: Arc<Counting>,
}

impl SessionMaker {
    /// Opens a session, whatever the breaker says, and tells it nothing.
    pub(super) async fn open(&self) -> Result<Box<dyn Session>, DriverError> {
        let connecting = self
            .rules
            .connect(&*self.driver, &self.config, self.password.as_ref());
        match tokio::time::timeout(self.config.connect_timeout, connecting).await {
            Ok(outcome) => outcome,
            Err(_) => Err(DriverError::Connect {
                reason: ConnectFailure::Timeout,
                message: format!("no session within {:?}", self.config.connect_timeout),
            }),
        }
    }

    /// Opens a session if the breaker permits it, and lets the outcome be known.
    pub(super) async fn try_open(&self) -> Result<Slot, DriverError> {
        let attempt = self.breaker.admit().inspect_err(|_| self.counting.suspended())?;
        let session = match self.open().await {
            Ok(session) => session,
            Err(error) => {
                self.counting.connect_failed();
                self.pulse.failed(&error);
                if let Some(cause) = fault_of_source(&error) {
                    attempt.failed(cause);
                }
                return Err(error);
            }
        };
        attempt.succeeded();
        self.pulse.answered();
        Ok(Slot {
            session,
            counted: Counted::new(&self.counting),
            at_rest_since: Instant::now(),
        })
    }
}

/// What a failure to open a session says of the source; nothing if the gateway itself would not, or could not, go there.
fn fault_of_source(error: &DriverError) -> Option<ConnectFailure> {
    match error {
        DriverError::Connect { reason, .. } => match reason {
            ConnectFailure::Forbidden => None,
            #[cfg(feature = "tls")]
            ConnectFailure::Tls(_) => Some(*reason),
            ConnectFailure::Unreachable
            | ConnectFailure::Refused
            | ConnectFailure::Timeout
            | ConnectFailure::Unsupported(_) => Some(*reason),
        },
        DriverError::Lost(_) | DriverError::Stale(_) => Some(ConnectFailure::Unreachable),
        DriverError::Statement(_)
        | DriverError::Parameter { .. }
        | DriverError::Housekeeping { .. }
        | DriverError::Secret { .. }
        | DriverError::Suspended { .. }
        | DriverError::Busy
        | DriverError::Cancelled(_)
        | DriverError::Deadline
        | DriverError::Closed
        | DriverError::WrongEngine { .. }
        | DriverError::Unsupported(_) => None,
    }
}

impl managed::Manager for SessionMaker {
    type Type = Slot;
    type Error = DriverError;

    async fn create(&self) -> Result<Self::Type, Self::Error> {
        self.try_open().await
    }

    async fn recycle(&self, slot: &mut Slot, metrics: &Metrics) -> RecycleResult<Self::Error> {
        if !slot.is_usable() {
            slot.counted.is_sound = false;
            return Err(RecycleError::message("session is dead or not proven clean"));
        }
        if metrics.created.elapsed() > self.config.max_lifetime {
            return Err(RecycleError::message("session has reached its lifetime"));
        }
        Ok(())
    }
}
