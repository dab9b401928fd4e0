//! Processes that end.

use std::process::Command;
use std::time::{Duration, Instant};

/// How long a process may take to end when it is told twice, which means at once.
const PATIENCE: Duration = Duration::from_secs(8);

/// Tells a process to end at once but in order, and waits until it has or patience is over.
pub(crate) fn let_end(pid: u32) {
    let begun = Instant::now();
    let mut told = Command::new("sh");
    told.args(["-c", "kill -s TERM \"$0\"; kill -s TERM \"$0\"", &pid.to_string()]);
    if told.status().is_err() {
        return;
    }
    while is_running(pid) && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a process is there and not merely waiting for its parent to take note of its end.
fn is_running(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = status.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    state.is_some_and(|state| state != 'Z')
}
