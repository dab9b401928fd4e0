//! What has happened to a pool's sessions so far.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Events of a pool since it was made. A source gets a new pool when its address or account changes.
///
/// `created` is `discarded` plus `expired` plus the sessions that are open now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PoolCounters {
    /// Sessions opened.
    pub created: u64,
    /// Sessions given up because they were dead, or not certain to be in their initial state: after a cancelled statement, a
    /// lost connection, a failed check.
    pub discarded: u64,
    /// Sound sessions closed because they were idle for too long, too old, or their pool was closed.
    pub expired: u64,
    /// Attempts to open a session that failed.
    pub connect_failures: u64,
    /// Queries refused at once because the breaker was open.
    pub suspended: u64,
    /// Queries that waited for a session in vain.
    pub acquire_timeouts: u64,
}

/// The counters themselves.
#[derive(Debug, Default)]
pub(super) struct Counting {
    created: AtomicU64,
    discarded: AtomicU64,
    expired: AtomicU64,
    connect_failures: AtomicU64,
    suspended: AtomicU64,
    acquire_timeouts: AtomicU64,
}

impl Counting {
    pub(super) fn read(&self) -> PoolCounters {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        PoolCounters {
            created: of(&self.created),
            discarded: of(&self.discarded),
            expired: of(&self.expired),
            connect_failures: of(&self.connect_failures),
            suspended: of(&self.suspended),
            acquire_timeouts: of(&self.acquire_timeouts),
        }
    }

    pub(super) fn connect_failed(&self) {
        self.connect_failures.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn suspended(&self) {
        self.suspended.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn waited_in_vain(&self) {
        self.acquire_timeouts.fetch_add(1, Ordering::Relaxed);
    }
}

/// Counts a session at both of its ends, whichever way it goes.
#[derive(Debug)]
pub(super) struct Counted {
    counting: Arc<Counting>,
    /// Whether the session may be handed out again: the last query on it came to a proven end, and nothing since has shown it
    /// dead. A task that panics or is aborted leaves this unset.
    pub(super) is_sound: bool,
}

impl Counted {
    pub(super) fn new(counting: &Arc<Counting>) -> Self {
        counting.created.fetch_add(1, Ordering::Relaxed);
        Self {
            counting: Arc::clone(counting),
            is_sound: true,
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let end = if self.is_sound {
            &self.counting.expired
        } else {
            &self.counting.discarded
        };
        end.fetch_add(1, Ordering::Relaxed);
    }
}
