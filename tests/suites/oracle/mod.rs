//! Oracle, as far as that can be tried without a server of Oracle's: on a double that Oracle's own clients take for one. With
//! `NEXUS_TEST_ORACLE` set, the engines' suite runs on a real server too.

mod conformance;

use nexus_tests::Trials;
use nexus_tests::oracle::Mode;

/// Both doubles and their names.
const MODES: [(Mode, &str); 2] = [(Mode::Classic, "19c"), (Mode::Fast, "23ai")];

/// Registers the suite.
pub(crate) fn register(trials: &mut Trials) {
    conformance::register(trials);
}
