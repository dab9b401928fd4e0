//! The circuit breaker of one source: a database that cannot be connected to is left alone for a while.
//!
//! It counts failures to *connect*, never failures of statements. Wrong passwords count: a server that locks accounts must not
//! be offered one with every query. While it is open nothing touches the network; after a pause exactly one attempt decides
//! whether it closes, and each attempt that fails makes the pause longer.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gateway_core::UnixMicros;
use tokio::time::Instant;

use super::chance;
use crate::{ConnectFailure, DriverError};

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerSettings {
    /// Failures to connect, one after another, that open it; 0 for never.
    pub failures: u32,
    /// The first pause. Each further one is twice as long.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            failures: 5,
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(30),
        }
    }
}

/// Whether a source is connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// Whenever a session is needed.
    Closed,
    /// Not before a pause is over.
    Open,
    /// By one attempt, which is under way.
    HalfOpen,
}

impl BreakerState {
    /// The name used on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
        }
    }
}

/// What the atomic says, so that nobody takes the lock while all is well.
const SOUND: u8 = 0;
/// Closed, and the last attempt has failed.
const SUSPECT: u8 = 1;
const OPEN: u8 = 2;
const HALF_OPEN: u8 = 3;

/// A breaker.
#[derive(Debug)]
pub(super) struct Breaker {
    settings: BreakerSettings,
    /// What [`Outage`] amounts to; written under its lock.
    phase: AtomicU8,
    outage: Mutex<Outage>,
}

/// What is known of the failures since the last success.
#[derive(Debug)]
struct Outage {
    /// One after another.
    failures: u32,
    /// The first of them.
    since: UnixMicros,
    /// Why the last of them.
    cause: ConnectFailure,
    /// Attempts that failed while it was open.
    rounds: u32,
    retry_at: Instant,
}

/// Leave to connect once. Dropped without a verdict it has shown nothing: its caller may have left.
#[derive(Debug)]
pub(super) struct Attempt<'a> {
    breaker: &'a Breaker,
    is_trial: bool,
    has_verdict: bool,
}

impl Breaker {
    pub(super) fn new(settings: BreakerSettings) -> Self {
        Self {
            settings,
            phase: AtomicU8::new(SOUND),
            outage: Mutex::new(Outage {
                failures: 0,
                since: UnixMicros(0),
                cause: ConnectFailure::Unreachable,
                rounds: 0,
                retry_at: Instant::now(),
            }),
        }
    }

    pub(super) fn state(&self) -> BreakerState {
        match self.phase.load(Ordering::Acquire) {
            OPEN => BreakerState::Open,
            HALF_OPEN => BreakerState::HalfOpen,
            _ => BreakerState::Closed,
        }
    }

    /// Why the last attempt failed, unless it succeeded.
    pub(super) fn cause(&self) -> Option<ConnectFailure> {
        (self.phase.load(Ordering::Acquire) != SOUND).then(|| self.lock().cause)
    }

    /// Whether it is open and its pause is over.
    pub(super) fn awaits_trial(&self) -> bool {
        self.state() == BreakerState::Open && Instant::now() >= self.lock().retry_at
    }

    /// What a caller would be told now, without becoming the one attempt that decides.
    pub(super) fn refusal(&self) -> Option<DriverError> {
        match self.state() {
            BreakerState::Closed => None,
            BreakerState::Open => {
                let outage = self.lock();
                (Instant::now() < outage.retry_at).then(|| outage.refusal())
            }
            BreakerState::HalfOpen => Some(self.lock().refusal()),
        }
    }

    /// Leave to connect.
    ///
    /// # Errors
    ///
    /// [`DriverError::Suspended`] while it is open.
    pub(super) fn admit(&self) -> Result<Attempt<'_>, DriverError> {
        if self.state() == BreakerState::Closed {
            return Ok(self.attempt(false));
        }
        let outage = self.lock();
        match self.state() {
            BreakerState::Closed => Ok(self.attempt(false)),
            BreakerState::Open if Instant::now() >= outage.retry_at => {
                self.phase.store(HALF_OPEN, Ordering::Release);
                Ok(self.attempt(true))
            }
            BreakerState::Open | BreakerState::HalfOpen => Err(outage.refusal()),
        }
    }

    /// The source was connected to, by whomever.
    pub(super) fn succeeded(&self) {
        if self.phase.load(Ordering::Acquire) == SOUND {
            return;
        }
        let mut outage = self.lock();
        outage.failures = 0;
        outage.rounds = 0;
        self.phase.store(SOUND, Ordering::Release);
    }

    fn attempt(&self, is_trial: bool) -> Attempt<'_> {
        Attempt {
            breaker: self,
            is_trial,
            has_verdict: false,
        }
    }

    fn failed(&self, cause: ConnectFailure, is_trial: bool) {
        let mut outage = self.lock();
        match (self.state(), is_trial) {
            (BreakerState::Closed, _) => {
                if outage.failures == 0 {
                    outage.since = UnixMicros::now();
                }
                outage.failures += 1;
                outage.cause = cause;
                let opens = self.settings.failures > 0 && outage.failures >= self.settings.failures;
                if opens {
                    self.open(&mut outage);
                } else {
                    self.phase.store(SUSPECT, Ordering::Release);
                }
            }
            (BreakerState::HalfOpen, true) => {
                outage.cause = cause;
                outage.rounds = outage.rounds.saturating_add(1);
                self.open(&mut outage);
            }
            // Attempts that began before it opened tell nothing new.
            (BreakerState::Open | BreakerState::HalfOpen, _) => {}
        }
    }

    /// A trial that ended without a verdict is neither a success nor a reason to wait longer.
    fn undecided(&self, is_trial: bool) {
        let mut outage = self.lock();
        if is_trial && self.state() == BreakerState::HalfOpen {
            self.open(&mut outage);
        }
    }

    fn open(&self, outage: &mut Outage) {
        outage.retry_at = Instant::now() + self.pause(outage.rounds);
        self.phase.store(OPEN, Ordering::Release);
    }

    /// Between half and all of the pause that is due, so that many gateways do not come back at the same moment.
    fn pause(&self, rounds: u32) -> Duration {
        let factor = 1_u32.checked_shl(rounds).unwrap_or(u32::MAX);
        let due = self.settings.first_pause.saturating_mul(factor);
        let due = due.min(self.settings.longest_pause);
        due / 2 + due.saturating_mul(chance::below(1024)) / 2048
    }

    fn lock(&self) -> MutexGuard<'_, Outage> {
        self.outage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outage {
    fn refusal(&self) -> DriverError {
        DriverError::Suspended {
            since: self.since,
            cause: self.cause,
            retry_in: self.retry_at.saturating_duration_since(Instant::now()),
        }
    }
}

impl Attempt<'_> {
    /// It led to a session.
    pub(super) fn succeeded(mut self) {
        self.has_verdict = true;
        self.breaker.succeeded();
    }

    /// It did not, and the source is why.
    pub(super) fn failed(mut self, cause: ConnectFailure) {
        self.has_verdict = true;
        self.breaker.failed(cause, self.is_trial);
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.has_verdict {
            self.breaker.undecided(self.is_trial);
        }
    }
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;
