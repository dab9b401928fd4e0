//! The generated start scripts.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Bed, Engine};
use crate::shell;

/// A server that runs in the foreground until it is stopped.
pub(super) struct Foreground<'a> {
    /// Its command line.
    pub(super) argv: &'a [String],
    /// Its own folder, which holds its log.
    pub(super) dir: &'a Path,
    /// The file in which it writes its process id.
    pub(super) pid_file: &'a Path,
    /// A shell command that succeeds if the server takes connections.
    pub(super) ready: &'a str,
    /// Files that would keep it from starting if the number of a killed predecessor is still, or again, in use.
    pub(super) stale: &'a [PathBuf],
}

/// The test for a server that speaks first: its first byte shows that it is ready.
pub(super) fn speaks_first(port: u16) -> String {
    format!("(exec 3<>/dev/tcp/127.0.0.1/{port} && IFS= read -r -N1 -t 30 -u3) 2>/dev/null")
}

/// Writes a script that starts a server in the background and returns when it is ready.
pub(super) fn write(bed: &Bed, engine: Engine, server: &Foreground<'_>) -> Result<PathBuf> {
    let stale: Vec<String> = server.stale.iter().map(|path| quote_path(path)).collect();
    let text = format!(
        r#"#!/usr/bin/env bash
# Starts the {name} test server, unless it is up; returns when it takes connections.
set -euo pipefail
cd {dir}
ready() {{ {ready}; }}
if ready; then exit 0; fi

# A process that was just killed holds its locks until the system has taken it apart.
old=$(head -n 1 {pid_file} 2>/dev/null || true)
for _ in $(seq 200); do
    if [[ -z $old || ! -e /proc/$old ]]; then break; fi
    if ready; then exit 0; fi
    sleep 0.05
done
# Where nothing collects dead processes, the number stays in use for ever.
if [[ -n $old && -e /proc/$old ]]; then rm -f {stale}; fi

for _ in 1 2 3 4 5; do
    setsid {argv} >>{log} 2>&1 </dev/null &
    server=$!
    for _ in $(seq 1200); do
        if ready; then exit 0; fi
        if ! kill -0 "$server" 2>/dev/null; then break; fi
        sleep 0.05
    done
done
echo "{name} did not start; the end of its log:" >&2
tail -n 20 {log} >&2
exit 1
"#,
        name = engine.name(),
        dir = quote_path(server.dir),
        ready = server.ready,
        pid_file = quote_path(server.pid_file),
        stale = stale.join(" "),
        argv = command_line(server.argv),
        log = quote_path(&server.dir.join("server.log")),
    );
    let path = bed.script(engine);
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    Ok(path)
}

/// Starts a server for the first time. Where its process is found is recorded before, so that `down` stops it whatever
/// happens to this program in between.
pub(super) fn start_new(bed: &mut Bed, engine: Engine, pid_file: &Path, script: &Path) -> Result<()> {
    bed.record(
        engine,
        &[
            ("PIDFILE", pid_file.display().to_string()),
            ("START", script.display().to_string()),
        ],
    )?;
    run(bed, engine)
}

/// Runs a server's start script.
pub(super) fn run(bed: &Bed, engine: Engine) -> Result<()> {
    shell::run(&mut Command::new(bed.script(engine)))
}

fn quote_path(path: &Path) -> String {
    shell::quote(&path.display().to_string())
}

fn command_line(argv: &[String]) -> String {
    let words: Vec<String> = shell::drop_rights()
        .iter()
        .chain(argv)
        .map(|word| shell::quote(word))
        .collect();
    words.join(" ")
}
