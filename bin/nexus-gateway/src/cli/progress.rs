//! How far something long has got, for whoever watches a terminal.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How often the line is written.
const EVERY: Duration = Duration::from_millis(200);

/// A line on standard error that is written over and over, if that is a terminal.
pub(super) struct Progress {
    what: &'static str,
    shown: Mutex<Option<Instant>>,
    is_terminal: bool,
}

impl Progress {
    pub(super) fn of(what: &'static str) -> Self {
        Self {
            what,
            shown: Mutex::new(None),
            is_terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Shows how many are done, of so many if that is known.
    pub(super) fn show(&self, done: u64, of: Option<u64>) {
        if !self.is_terminal {
            return;
        }
        let Ok(mut shown) = self.shown.lock() else { return };
        if shown.is_some_and(|before| before.elapsed() < EVERY) {
            return;
        }
        *shown = Some(Instant::now());
        let of = of.map(|all| format!(" of {all}")).unwrap_or_default();
        eprint!("\r{}: {done}{of}", self.what);
        // It is shown again soon.
        let _ = std::io::stderr().flush();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let shown = self.shown.lock().is_ok_and(|shown| shown.is_some());
        if shown {
            // Whatever is printed next begins at the beginning of the line, which is cleared.
            eprint!("\r\x1b[K");
        }
    }
}
