//! Chaos: whatever befalls a database, the gateway stays whole, callers are told what the table says, and soon all is well.
//!
//! In the short form each fault befalls each engine once and lasts a second or two. In the long form
//! (`NEXUS_TEST_CHAOS=long`, as `cargo xtask chaos` sets it) faults last ten seconds and bounds are strict.

mod disk;
mod load;
mod overload;
mod soak;
mod sources;
mod store;
mod table;
mod target;
mod whole;

use nexus_tests::Trials;

pub(crate) fn register(trials: &mut Trials) {
    sources::register(trials);
    store::register(trials);
    disk::register(trials);
    overload::register(trials);
    soak::register(trials);
}

/// Whether there is time.
fn is_long() -> bool {
    std::env::var("NEXUS_TEST_CHAOS").is_ok_and(|form| form == "long")
}
