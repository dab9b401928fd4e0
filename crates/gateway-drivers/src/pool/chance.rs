//! Chance, so that many gateways, or many sources of one, do not act at the same moment.

use std::hash::{BuildHasher, RandomState};

/// A number below `bound`, which is above zero.
pub(super) fn below(bound: u32) -> u32 {
    // A new state hashes with keys of its own, which are random.
    let number = RandomState::new().hash_one(0) % u64::from(bound);
    u32::try_from(number).unwrap_or(0)
}
