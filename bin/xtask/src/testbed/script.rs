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
    /// Its port; the server speaks first there, so that its first byte shows that it is ready.
    pub(super) port: u16,
}

/// Writes a script that starts such a server in the background and returns when it is ready.
pub(super) fn write_foreground(bed: &Bed, engine: Engine, server: &Foreground<'_>) -> Result<PathBuf> {
    let body = format!(
        r#"
ready() {{ (exec 3<>/dev/tcp/127.0.0.1/{port} && IFS= read -r -N1 -t 30 -u3) 2>/dev/null; }}
if ready; then exit 0; fi
setsid {argv} >>{log} 2>&1 </dev/null &
server=$!
for _ in $(seq 1200); do
    if ready; then exit 0; fi
    if ! kill -0 "$server" 2>/dev/null; then break; fi
    sleep 0.05
done
echo "{name} did not start; the end of its log:" >&2
tail -n 20 {log} >&2
exit 1
"#,
        name = engine.name(),
        port = server.port,
        argv = command_line(server.argv),
        log = shell::quote(&log(server.dir)),
    );
    write(bed, engine, server.dir, &body)
}

/// Writes a script around a program that starts a server in the background and itself waits until it is ready.
pub(super) fn write_self_daemonising(
    bed: &Bed,
    engine: Engine,
    control: &[String],
    dir: &Path,
) -> Result<PathBuf> {
    let body = format!(
        r#"
if {control} status >/dev/null; then exit 0; fi
# After a crash the remaining processes of the server need a moment to see that it is gone.
for _ in $(seq 50); do
    if {control} -w -t 60 -l {log} start >/dev/null 2>&1 </dev/null; then exit 0; fi
    sleep 0.1
done
echo "{name} did not start; the end of its log:" >&2
tail -n 20 {log} >&2
exit 1
"#,
        name = engine.name(),
        control = command_line(control),
        log = shell::quote(&log(dir)),
    );
    write(bed, engine, dir, &body)
}

/// Runs a server's start script.
pub(super) fn run(bed: &Bed, engine: Engine) -> Result<()> {
    shell::run(&mut Command::new(bed.script(engine)))
}

fn write(bed: &Bed, engine: Engine, dir: &Path, body: &str) -> Result<PathBuf> {
    let path = bed.script(engine);
    let text = format!(
        "#!/usr/bin/env bash\n# Starts the {} test server; returns when it takes connections.\nset -euo pipefail\ncd {}\n{}",
        engine.name(),
        shell::quote(&dir.display().to_string()),
        body.trim_start()
    );
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    Ok(path)
}

fn log(dir: &Path) -> String {
    dir.join("server.log").display().to_string()
}

fn command_line(argv: &[String]) -> String {
    let words: Vec<String> = shell::drop_rights()
        .iter()
        .chain(argv)
        .map(|word| shell::quote(word))
        .collect();
    words.join(" ")
}
