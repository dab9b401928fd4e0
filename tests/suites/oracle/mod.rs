//! Oracle, as far as that can be tried without a server of Oracle's: on a double that Oracle's own clients take for one. With
//! `NEXUS_TEST_ORACLE` set, the engines' suite runs on a real server too.

mod answers;
mod conformance;
mod desk;
mod faults;
mod loads;
mod real;
mod schema;
mod secure;
mod stopping;

use nexus_tests::Trials;
use nexus_tests::oracle::Mode;

/// Both doubles and their names.
const MODES: [(Mode, &str); 2] = [(Mode::Classic, "19c"), (Mode::Fast, "23ai")];

/// Registers the suite.
pub(crate) fn register(trials: &mut Trials) {
    answers::register(trials);
    conformance::register(trials);
    faults::register(trials);
    loads::register(trials);
    real::register(trials);
    schema::register(trials);
    secure::register(trials);
    stopping::register(trials);
}

/// Registers a trial for each double.
fn on_both<F, Fut>(trials: &mut Trials, name: &str, body: F)
where
    F: FnOnce(Mode) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = nexus_tests::Outcome>,
{
    for (mode, version) in MODES {
        let body = body.clone();
        trials.simple(&format!("oracle::{name}::{version}"), move || body(mode));
    }
}
