//! Oracle's client library, bound when it is wanted rather than when the program is linked.
//!
//! The crate `sibyl` declares the functions of OCI and asks the linker for `libclntsh`, which would make Oracle Instant Client
//! a condition for building a program, and for starting it. A program that links this crate needs it for neither: every
//! function that sibyl calls is defined here as a jump through a table, and [`load`] fills the table from the library.
//!
//! Until then, and if there is no library, the functions answer `OCI_ERROR` and do nothing else, so that
//! `sibyl::env()` fails like any other call.
//!
//! ```no_run
//! # fn open() -> Result<(), oci_loader::LoadError> {
//! let client = oci_loader::load(None)?;
//! println!("Oracle client {} from {}", client.version(), client.file().display());
//! // From here on sibyl works.
//! # Ok(())
//! # }
//! ```
//!
//! Oracle has a client for Linux with glibc only; this crate knows x86_64 and aarch64. Elsewhere it builds, and [`load`]
//! always fails.
//!
//! This is the one crate of the workspace with `unsafe` in it: jumps to foreign code cannot be had without.

#![deny(clippy::undocumented_unsafe_blocks)]

mod error;
mod library;
mod version;

#[cfg(all(
    target_os = "linux",
    target_env = "gnu",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod functions;

#[cfg(not(all(
    target_os = "linux",
    target_env = "gnu",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
#[path = "functions_elsewhere.rs"]
mod functions;

use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

pub use error::{Attempt, LoadError};
pub use library::Client;
pub use version::Version;

/// The client of this process. It is never unloaded: its functions are in the table for good.
static CLIENT: OnceLock<Client> = OnceLock::new();

/// Held while a library is being loaded, so that two threads do not fill the table at once.
static LOADING: Mutex<()> = Mutex::new(());

/// Loads Oracle's client library and puts its functions in place.
///
/// With a `folder`, the library and those that it needs are taken from there; without, the system's loader looks where it
/// always does: `LD_LIBRARY_PATH`, then what `ldconfig` knows.
///
/// The first success stays for the life of the process, whatever folder is given later. A failure is not remembered: once
/// the library has been installed, the next call finds it.
///
/// # Errors
///
/// [`LoadError`] says which files were tried and what the system's loader said about each, or which function is missing.
pub fn load(folder: Option<&Path>) -> Result<&'static Client, LoadError> {
    if let Some(client) = CLIENT.get() {
        return Ok(client);
    }
    // The lock guards no data that a panic could leave half done: the table is filled after all that can fail.
    let _loading = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(client) = CLIENT.get() {
        return Ok(client);
    }
    let client = library::open(folder)?;
    Ok(CLIENT.get_or_init(|| client))
}
