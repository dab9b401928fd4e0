//! How a source is, judged by what its sessions and attempts to open them have shown.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gateway_core::{Classify, ErrorKind, UnixMicros};

use super::chance;
use crate::DriverError;

/// A source's health in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Nobody has tried.
    Unknown,
    /// The last attempt to reach it succeeded.
    Up,
    /// The last attempt to reach it failed.
    Down,
}

impl Health {
    /// The name used on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// The last failure to reach a source, or to keep a connection to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastError {
    /// Its kind.
    pub kind: ErrorKind,
    /// What callers were told; without internals.
    pub message: Cow<'static, str>,
    /// When.
    pub at: UnixMicros,
}

/// How a source is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vitals {
    /// In one word.
    pub health: Health,
    /// Since when; never while unknown.
    pub since: Option<UnixMicros>,
    /// The last time it answered.
    pub last_success: Option<UnixMicros>,
    /// The last failure, also one that is over.
    pub last_error: Option<LastError>,
    /// How long it took to answer the last check.
    pub latency: Option<Duration>,
}

const UNKNOWN: u8 = 0;
const UP: u8 = 1;
const DOWN: u8 = 2;

/// Where [`Vitals`] are gathered. While a source stays well, nothing here takes a lock.
#[derive(Debug)]
pub(super) struct Pulse {
    born: Instant,
    /// So that sources that are alike are not checked at the same moment: 0 to 255.
    phase_shift: u32,
    health: AtomicU8,
    /// In microseconds of Unix time; 0 for never.
    last_success: AtomicI64,
    /// In microseconds; 0 for never.
    latency: AtomicU64,
    /// In milliseconds after `born`, plus 1; 0 for never.
    last_evidence: AtomicU64,
    /// Likewise.
    last_use: AtomicU64,
    is_being_checked: AtomicBool,
    told: Mutex<Told>,
}

#[derive(Debug, Default)]
struct Told {
    since: Option<UnixMicros>,
    last_error: Option<LastError>,
}

impl Pulse {
    pub(super) fn new() -> Self {
        Self {
            born: Instant::now(),
            phase_shift: chance::below(256),
            health: AtomicU8::new(UNKNOWN),
            last_success: AtomicI64::new(0),
            latency: AtomicU64::new(0),
            last_evidence: AtomicU64::new(0),
            last_use: AtomicU64::new(0),
            is_being_checked: AtomicBool::new(false),
            told: Mutex::default(),
        }
    }

    /// The source has answered.
    pub(super) fn answered(&self) {
        let now = UnixMicros::now();
        self.last_success.store(now.0, Ordering::Relaxed);
        self.note(&self.last_evidence);
        if self.health.load(Ordering::Relaxed) == UP {
            return;
        }
        let mut told = self.lock();
        self.health.store(UP, Ordering::Relaxed);
        told.since = Some(now);
    }

    /// The source could not be reached.
    pub(super) fn failed(&self, error: &DriverError) {
        self.note(&self.last_evidence);
        let now = UnixMicros::now();
        let mut told = self.lock();
        if self.health.swap(DOWN, Ordering::Relaxed) != DOWN {
            told.since = Some(now);
        }
        told.last_error = Some(last_error(error, now));
    }

    /// A connection to the source broke; whether it can be reached shows when the next is opened.
    pub(super) fn lost(&self, error: &DriverError) {
        self.lock().last_error = Some(last_error(error, UnixMicros::now()));
    }

    /// Somebody wants something of the source.
    pub(super) fn used(&self) {
        self.note(&self.last_use);
    }

    /// The source took so long to answer a check.
    pub(super) fn took(&self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.latency.store(micros.max(1), Ordering::Relaxed);
    }

    pub(super) fn is_used(&self, within: Duration) -> bool {
        self.age(&self.last_use).is_some_and(|age| age <= within)
    }

    /// Whether nothing has been heard for `interval`, give or take an eighth.
    pub(super) fn is_silent(&self, interval: Duration) -> bool {
        let shifted = interval * (896 + self.phase_shift) / 1024;
        // A pool that was just made has somebody at work to connect, and needs no second session for the same.
        let quiet = self
            .age(&self.last_evidence)
            .unwrap_or_else(|| self.born.elapsed());
        quiet >= shifted
    }

    pub(super) fn health(&self) -> Health {
        match self.health.load(Ordering::Relaxed) {
            UP => Health::Up,
            DOWN => Health::Down,
            _ => Health::Unknown,
        }
    }

    /// The right to check the source, of which there is one; dropping it gives it back.
    pub(super) fn begin_check(&self) -> Option<Checking<'_>> {
        let is_first = !self.is_being_checked.swap(true, Ordering::AcqRel);
        is_first.then_some(Checking(self))
    }

    pub(super) fn read(&self) -> Vitals {
        let told = self.lock();
        let (success, latency) = (
            self.last_success.load(Ordering::Relaxed),
            self.latency.load(Ordering::Relaxed),
        );
        Vitals {
            health: self.health(),
            since: told.since,
            last_success: (success > 0).then_some(UnixMicros(success)),
            last_error: told.last_error.clone(),
            latency: (latency > 0).then(|| Duration::from_micros(latency)),
        }
    }

    fn note(&self, moment: &AtomicU64) {
        let now = u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
        moment.store(now + 1, Ordering::Relaxed);
    }

    fn age(&self, moment: &AtomicU64) -> Option<Duration> {
        let noted = moment.load(Ordering::Relaxed).checked_sub(1)?;
        Some(self.born.elapsed().saturating_sub(Duration::from_millis(noted)))
    }

    fn lock(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn last_error(error: &DriverError, at: UnixMicros) -> LastError {
    LastError {
        kind: error.kind(),
        message: Cow::Owned(error.public_message().into_owned()),
        at,
    }
}

/// A check that goes on.
pub(super) struct Checking<'a>(&'a Pulse);

impl Drop for Checking<'_> {
    fn drop(&mut self) {
        self.0.is_being_checked.store(false, Ordering::Release);
    }
}
