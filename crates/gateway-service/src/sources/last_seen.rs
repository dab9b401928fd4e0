//! When something was last seen.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A moment, or none yet.
#[derive(Debug)]
pub(super) struct LastSeen {
    start: Instant,
    /// Microseconds after the start; 0 for never.
    seen: AtomicU64,
}

impl Default for LastSeen {
    fn default() -> Self {
        Self {
            start: Instant::now(),
            seen: AtomicU64::new(0),
        }
    }
}

impl LastSeen {
    /// It is seen now.
    pub(super) fn now(&self) {
        self.seen.store(self.elapsed().max(1), Ordering::Relaxed);
    }

    /// Whether it was seen no longer than `time` ago.
    pub(super) fn is_within(&self, time: Duration) -> bool {
        let seen = self.seen.load(Ordering::Relaxed);
        seen > 0 && u128::from(self.elapsed().saturating_sub(seen)) <= time.as_micros()
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_seen_is_not_recent() {
        let last = LastSeen::default();
        assert!(!last.is_within(Duration::MAX));
        last.now();
        assert!(last.is_within(Duration::from_secs(60)));
        last.seen.store(1, Ordering::Relaxed);
        while last.elapsed() < 3 {}
        assert!(!last.is_within(Duration::from_micros(1)));
    }
}
