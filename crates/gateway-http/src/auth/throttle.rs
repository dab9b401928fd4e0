//! Tells whoever tries wrong credentials too often to wait.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use gateway_core::client_network;
use quick_cache::sync::Cache;

/// Addresses remembered; the least used are forgotten.
const REMEMBERED: usize = 10_000;

/// Failures are counted in spans of this length.
const SPAN: Duration = Duration::from_mins(1);

/// Counts failed logins by network. Once there are too many within a minute, further wrong credentials are told no more than to
/// wait (429), and not why they are wrong. Right ones are always accepted: whoever shares an address with an attacker keeps
/// working.
pub struct LoginThrottle {
    most: Option<NonZeroU32>,
    failures: Cache<Network, Failures>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    since: Instant,
    count: u32,
}

/// What is counted together: see [`client_network`].
type Network = IpAddr;

impl LoginThrottle {
    /// Permits `most` failures a minute from one address; `None` permits any number.
    #[must_use]
    pub fn new(most: Option<NonZeroU32>) -> Self {
        Self {
            most,
            failures: Cache::new(REMEMBERED),
        }
    }

    /// Seconds until `address` may fail again, if it has failed too often.
    pub(super) fn refused(&self, address: IpAddr) -> Option<u32> {
        let most = self.most?.get();
        let failures = self.failures.get(&client_network(address))?;
        let passed = failures.since.elapsed();
        let over = failures.count >= most && passed < SPAN;
        // Rounded up, so that a caller who obeys is not refused again.
        over.then(|| {
            u32::try_from((SPAN - passed).as_secs())
                .unwrap_or(u32::MAX)
                .saturating_add(1)
        })
    }

    /// Counts a failure.
    pub(super) fn failed(&self, address: IpAddr) {
        if self.most.is_none() {
            return;
        }
        let key = client_network(address);
        let next = match self.failures.get(&key) {
            Some(known) if known.since.elapsed() < SPAN => Failures {
                count: known.count.saturating_add(1),
                ..known
            },
            Some(_) | None => Failures {
                since: Instant::now(),
                count: 1,
            },
        };
        self.failures.insert(key, next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_failures_of_one_network_are_refused() {
        let throttle = LoginThrottle::new(NonZeroU32::new(2));
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        for attempt in ["2001:db8::1", "2001:db8::2"] {
            assert_eq!(throttle.refused(address(attempt)), None);
            throttle.failed(address(attempt));
        }
        assert!(
            throttle
                .refused(address("2001:db8::3"))
                .is_some_and(|seconds| seconds <= 61)
        );
        assert_eq!(throttle.refused(address("2001:db8:0:1::3")), None);
        assert_eq!(throttle.refused(address("192.0.2.1")), None);
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = LoginThrottle::new(NonZeroU32::new(1));
        for number in 0..50_000_u32 {
            throttle.failed(IpAddr::from(number.to_be_bytes()));
        }
        assert!(throttle.failures.len() <= REMEMBERED);
    }
}
