//! Ctrl-C and SIGTERM: noted, not obeyed at once, so that servers that were started are always stopped.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell;

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// How long a child may take to end after an interrupt before it is killed.
const GRACE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(50);

/// From now on an interrupt is noted instead of ending the program.
pub(crate) fn install() -> Result<()> {
    ctrlc::set_handler(|| REQUESTED.store(true, Ordering::SeqCst)).context("cannot watch for Ctrl-C")
}

/// Fails if an interrupt came; called between steps.
pub(crate) fn check() -> Result<()> {
    if REQUESTED.load(Ordering::SeqCst) {
        bail!("interrupted");
    }
    Ok(())
}

/// Prepares `command` so that [`wait`] can interrupt it together with everything it starts.
pub(crate) fn own_group(command: &mut Command) -> &mut Command {
    command.process_group(0)
}

/// Waits for a child started in its own group; on an interrupt its whole group is interrupted, later killed.
pub(crate) fn wait(child: &mut Child) -> Result<ExitStatus> {
    let mut interrupted: Option<Instant> = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        match interrupted {
            None if REQUESTED.load(Ordering::SeqCst) => {
                shell::kill("INT", -i64::from(child.id()))?;
                interrupted = Some(Instant::now());
            }
            Some(since) if since.elapsed() > GRACE => shell::kill("KILL", -i64::from(child.id()))?,
            None | Some(_) => {}
        }
        thread::sleep(POLL);
    }
}
