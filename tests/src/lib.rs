//! What the suites share: finding the real servers, and registering trials.
//!
//! The suites (`suites/*.rs`) run in one program, `cargo test -p nexus-tests`, on libtest-mimic: filters, `--list` and
//! `--nocapture` work as with any test program. A suite is a module with one function:
//!
//! ```no_run
//! use gateway_core::Engine;
//! use nexus_tests::Trials;
//!
//! pub(crate) fn register(trials: &mut Trials) {
//!     trials.plain("arithmetic::holds", || {
//!         assert_eq!(1 + 1, 2);
//!         Ok(())
//!     });
//!     trials.engine("query::types", Engine::MySql, |server| async move {
//!         println!("talking to {}", server.url);
//!         Ok(())
//!     });
//! }
//! ```
//!
//! A body fails by returning an error (anything that has `Display`, with `?`) or by panicking.

mod answer;
mod certificates;
mod commands;
mod database;
mod gateway;
mod impostor;
mod middle;
pub mod oracle;
mod otlp;
mod processes;
mod programs;
mod proxy;
mod servers;
mod transport;
mod trials;

pub use answer::Answer;
pub use certificates::{Authority, Leaf, ServerCertificate};
pub use commands::{Ran, run_gateway};
pub use database::Database;
pub use gateway::{Gateway, SECRET, gateway_binary};
pub use impostor::Impostor;
pub use libtest_mimic::{Arguments, Failed};
pub use middle::{Meddling, Middle};
pub use otlp::{Collector, ReceivedSpan};
pub use programs::{node, pipe, python, python_program};
pub use proxy::{Fault, Proxy};
pub use servers::{Frozen, Requirement, Server, requirement};
pub use transport::Transport;
pub use trials::{Outcome, Trials};
