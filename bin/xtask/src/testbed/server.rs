//! Processes of test servers: finding, signalling, waiting.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::{Bed, Engine};
use crate::shell;

const PATIENCE: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(20);

/// The process of a server that is up. A process that merely got the same number since does not count.
pub(super) fn pid(bed: &Bed, engine: Engine) -> Option<u32> {
    let file = bed.get(engine, "PIDFILE")?;
    let pid: u32 = fs::read_to_string(file)
        .ok()?
        .lines()
        .next()?
        .trim()
        .parse()
        .ok()?;
    let command_line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let ours = bed.data().display().to_string();
    String::from_utf8_lossy(&command_line)
        .contains(&ours)
        .then_some(pid)
}

/// The signal that stops a server without waiting for its clients.
pub(super) fn stop_signal(engine: Engine) -> &'static str {
    match engine {
        // The data are thrown away, so there is nothing to shut down in order.
        Engine::Mysql | Engine::Mariadb => "KILL",
        // A killed PostgreSQL would leave its shared memory behind.
        Engine::Postgresql => "QUIT",
    }
}

/// Sends a signal.
pub(super) fn signal(pid: u32, signal: &str) -> Result<()> {
    shell::kill(signal, i64::from(pid))
}

/// Waits until a process has ended; kills it if it takes too long.
pub(super) fn wait_for_end(pid: u32) -> Result<()> {
    let start = Instant::now();
    let mut killed = false;
    while is_alive(pid) {
        if start.elapsed() > PATIENCE && !killed {
            signal(pid, "KILL")?;
            killed = true;
        }
        if start.elapsed() > PATIENCE * 2 {
            anyhow::bail!("process {pid} does not end");
        }
        thread::sleep(POLL);
    }
    Ok(())
}

/// A zombie, which only its parent can remove, is no longer alive.
fn is_alive(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        stat.rsplit_once(") ")
            .is_some_and(|(_, rest)| !rest.starts_with('Z'))
    })
}
