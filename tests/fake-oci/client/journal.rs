//! What the client was asked to do, and what of it is still open, for tests to look at.

use std::ffi::{CString, c_char};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

static ENTRIES: Mutex<String> = Mutex::new(String::new());

/// Handles, descriptors, texts that were allocated and not yet freed.
static LIVE: AtomicI64 = AtomicI64::new(0);

/// Adds a line to the journal.
pub(crate) fn note(entry: &str) {
    let mut entries = ENTRIES.lock().unwrap_or_else(PoisonError::into_inner);
    entries.push_str(entry);
    entries.push('\n');
}

/// Notes that something was allocated.
pub(crate) fn allocated() {
    LIVE.fetch_add(1, Ordering::Relaxed);
}

/// Notes that something was freed.
pub(crate) fn freed() {
    LIVE.fetch_sub(1, Ordering::Relaxed);
}

/// Takes the lines noted since the last time. They are the caller's to free; tests don't.
#[unsafe(no_mangle)]
extern "C" fn fake_oci_take_journal() -> *mut c_char {
    let entries = std::mem::take(&mut *ENTRIES.lock().unwrap_or_else(PoisonError::into_inner));
    CString::new(entries).unwrap_or_default().into_raw()
}

/// How many things are allocated.
#[unsafe(no_mangle)]
extern "C" fn fake_oci_live() -> i64 {
    LIVE.load(Ordering::Relaxed)
}
