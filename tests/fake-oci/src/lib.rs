//! A client library of Oracle's that is none: it exports the functions of OCI that a program needs for reading, and answers from
//! a script instead of a server.
//!
//! What is in `client/` becomes `libclntsh.so` when this crate is built. It is made for the blocking mode of sibyl; what that
//! does not call answers `OCI_ERROR`. The script, `client/script.rs`, goes by the table that a statement reads.

#![allow(unsafe_code, reason = "calls a shared library")]

use std::ffi::{CStr, c_char};
use std::path::Path;

use libloading::Library;

/// The folder with `libclntsh.so` in it.
#[must_use]
pub fn folder() -> &'static Path {
    Path::new(env!("OUT_DIR"))
}

/// What programs asked the client for since the last call, line by line; for a session, after the port that it leads to.
///
/// # Panics
///
/// If the client cannot be loaded.
#[must_use]
pub fn take_journal() -> String {
    type Take = unsafe extern "C" fn() -> *mut c_char;
    // SAFETY: the function is the client's own, of this type; what it returns is a C string that nobody frees.
    unsafe { CStr::from_ptr(function::<Take>("fake_oci_take_journal")()) }
        .to_string_lossy()
        .into_owned()
}

/// How many handles, descriptors and values programs have not given back yet.
///
/// # Panics
///
/// If the client cannot be loaded.
#[must_use]
pub fn live() -> i64 {
    type Live = unsafe extern "C" fn() -> i64;
    // SAFETY: the function is the client's own, of this type.
    unsafe { function::<Live>("fake_oci_live")() }
}

#[expect(clippy::expect_used, reason = "for tests, which fail by panicking")]
unsafe fn function<T: Copy>(name: &str) -> T {
    // SAFETY: the client was built by this crate and has no initialisers; that the type is right is the caller's to know.
    unsafe {
        let client = Library::new(folder().join("libclntsh.so")).expect("the client");
        let found = *client
            .get::<T>(name.as_bytes())
            .expect("the client's own function");
        // Loaded for good, as it is by whoever tests with it.
        std::mem::forget(client);
        found
    }
}

/// The client again, so that clippy reads it. It is never compiled into anything this way.
#[cfg(clippy)]
#[path = "../client/lib.rs"]
mod client;
