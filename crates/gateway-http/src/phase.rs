//! Whether the gateway takes work, on its way from the start to the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Where the gateway is on its way to the end. It only goes forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Phase {
    /// It takes work.
    Open,
    /// It takes work, and says that it is not ready, so that load balancers send no more.
    Leaving,
    /// It refuses work.
    Closed,
}

/// The [`Phase`] of one gateway. Cloning shares.
#[derive(Debug, Clone)]
pub struct Lifecycle(Arc<AtomicU8>);

impl Default for Lifecycle {
    fn default() -> Self {
        Self(Arc::new(AtomicU8::new(Phase::Open as u8)))
    }
}

impl Lifecycle {
    /// Where it is.
    #[must_use]
    pub fn phase(&self) -> Phase {
        let now = self.0.load(Ordering::Relaxed);
        [Phase::Open, Phase::Leaving]
            .into_iter()
            .find(|phase| *phase as u8 == now)
            .unwrap_or(Phase::Closed)
    }

    /// Goes on to `phase`, unless it is further already.
    pub fn advance(&self, phase: Phase) {
        self.0.fetch_max(phase as u8, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_way_back() {
        let lifecycle = Lifecycle::default();
        assert_eq!(lifecycle.phase(), Phase::Open);
        for (to, is) in [
            (Phase::Leaving, Phase::Leaving),
            (Phase::Closed, Phase::Closed),
            (Phase::Leaving, Phase::Closed),
        ] {
            lifecycle.advance(to);
            assert_eq!(lifecycle.phase(), is);
        }
    }
}
