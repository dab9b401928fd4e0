//! One open read.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use gateway_core::DataSourceId;
use gateway_drivers::{DriverError, QueryCanceller};

use super::address::Slug;
use super::page::{ReadPage, Reading};
use crate::ServiceError;

/// A read between its pages.
pub(super) struct Held {
    pub(super) slug: Slug,
    pub(super) owner: String,
    pub(super) source: DataSourceId,
    used: Mutex<Instant>,
    opened: OnceLock<Opened>,
}

/// What there is once the statement runs.
struct Opened {
    canceller: QueryCanceller,
    /// Longest time to wait for a page.
    timeout: Duration,
    reading: tokio::sync::Mutex<Reading>,
}

impl Held {
    /// A read whose statement is about to start; it counts already.
    pub(super) fn opening(slug: Slug, owner: String, source: DataSourceId) -> Self {
        Self {
            slug,
            owner,
            source,
            used: Mutex::new(Instant::now()),
            opened: OnceLock::new(),
        }
    }

    /// The statement has started.
    pub(super) fn open(&self, reading: Reading, timeout: Duration) {
        // Opened once, right after it was made.
        let _ = self.opened.set(Opened {
            canceller: reading.canceller(),
            timeout,
            reading: tokio::sync::Mutex::new(reading),
        });
    }

    /// Page `number`. A caller who leaves while it is gathered loses nothing: what has come is kept for the next attempt.
    pub(super) async fn page(&self, number: u64) -> Result<Arc<ReadPage>, ServiceError> {
        let opened = self.opened.get().ok_or(ServiceError::NoSuchPage)?;
        self.touch();
        let gathering = async { opened.reading.lock().await.page(number).await };
        let outcome = match tokio::time::timeout(opened.timeout, gathering).await {
            Ok(outcome) => outcome,
            Err(_) => Err(DriverError::Deadline.into()),
        };
        self.touch();
        outcome
    }

    /// Whether it holds a session, or soon will.
    pub(super) fn is_open(&self) -> bool {
        let Some(opened) = self.opened.get() else {
            return true;
        };
        // Somebody is reading a page.
        opened
            .reading
            .try_lock()
            .map_or(true, |reading| reading.is_open())
    }

    /// Whether nobody has asked for a page for so long.
    pub(super) fn is_idle_for(&self, long: Duration) -> bool {
        let Some(opened) = self.opened.get() else {
            return false;
        };
        opened.reading.try_lock().is_ok() && self.last_used().elapsed() > long
    }

    /// Stops the statement, if it still runs.
    pub(super) fn cancel(&self) {
        if let Some(opened) = self.opened.get() {
            opened.canceller.cancel();
        }
    }

    fn touch(&self) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn last_used(&self) -> Instant {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
