//! How large the server's answers are. A client library reads each to its end before it hands out the first row, so that the size of
//! an answer is the memory that it takes.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Bytes that the answer to one call may have. A batch of rows has a hundredth of it at most, unless there are LONGs in them, of which
/// each may have two gigabytes.
const MOST: u64 = 256 << 20;

/// The answer that is under way.
#[derive(Debug, Default)]
pub(in crate::oracle) struct Answer {
    bytes: AtomicU64,
    is_too_large: AtomicBool,
}

impl Answer {
    /// The client has called again.
    pub(super) fn begin(&self) {
        self.bytes.store(0, Ordering::Relaxed);
    }

    /// So many bytes more have come; whether that is still permitted.
    pub(super) fn take(&self, count: usize) -> bool {
        let before = self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        let is_permitted = before + count as u64 <= MOST;
        if !is_permitted {
            self.is_too_large.store(true, Ordering::Release);
        }
        is_permitted
    }

    /// Whether the connection was closed because an answer was too large.
    pub(in crate::oracle) fn is_too_large(&self) -> bool {
        self.is_too_large.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_has_its_own_bound() {
        let answer = Answer::default();
        let half = usize::try_from(MOST / 2).unwrap();
        for _ in 0..3 {
            answer.begin();
            assert!(answer.take(half) && answer.take(half));
        }
        assert!(!answer.take(1) && answer.is_too_large());
    }
}
