//! A client library of Oracle's that is none: it exports the functions of OCI that a program needs for reading, and answers from
//! a script instead of a server.
//!
//! What is in `client/` becomes `libclntsh.so` when this crate is built. It is made for the blocking mode of sibyl; what that
//! does not call answers `OCI_ERROR`. The script, `client/script.rs`, goes by the table that a statement reads.

use std::path::Path;

/// The folder with `libclntsh.so` in it.
#[must_use]
pub fn folder() -> &'static Path {
    Path::new(env!("OUT_DIR"))
}

/// The client again, so that clippy reads it. It is never compiled into anything this way.
#[cfg(clippy)]
#[path = "../client/lib.rs"]
mod client;
