//! Running other programs, and saying what is done.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The account and group that run the servers when this program runs as root: `nobody`. PostgreSQL and MySQL refuse to
/// run as root.
const UNPRIVILEGED: u32 = 65_534;

/// Tells the developer what is being done.
pub(crate) fn say(text: impl AsRef<str>) {
    eprintln!("xtask: {}", text.as_ref());
}

/// Whether this program runs as root.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

/// The program that `name` runs, by `PATH` and then by `extra` folders.
pub(crate) fn which(name: &str, extra: &[PathBuf]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(extra.iter().cloned())
        .map(|dir| dir.join(name))
        .find(|file| {
            fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
        })
}

/// Runs a program to its end; its output is shown only if it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    output(command).map(drop)
}

/// As [`run`], and returns what it wrote to stdout.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let what = command.get_program().to_string_lossy().into_owned();
    let result = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {what}"))?;
    if !result.status.success() {
        bail!(
            "{what} failed ({}):\n{}{}",
            result.status,
            String::from_utf8_lossy(&result.stdout),
            String::from_utf8_lossy(&result.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&result.stdout).into_owned())
}

/// Sends a signal to a process, or to a whole group of them if `target` is negative. The shell's own `kill` is used: the
/// program of that name is not on every machine.
pub(crate) fn kill(signal: &str, target: i64) -> Result<()> {
    run(Command::new("sh").args(["-c", r#"kill -s "$0" -- "$1""#, signal, &target.to_string()]))
}

/// The words to put before a command line so that it runs without root's rights; none if there are none to drop.
pub(crate) fn drop_rights() -> Vec<String> {
    if !is_root() {
        return Vec::new();
    }
    vec![
        "setpriv".to_owned(),
        format!("--reuid={UNPRIVILEGED}"),
        format!("--regid={UNPRIVILEGED}"),
        "--clear-groups".to_owned(),
    ]
}

/// A command that runs without root's rights, in `dir`.
pub(crate) fn unprivileged(program: impl AsRef<OsStr>, dir: &Path) -> Command {
    let mut words = drop_rights().into_iter();
    let mut command = match words.next() {
        Some(first) => Command::new(first),
        None => Command::new(program.as_ref()),
    };
    if is_root() {
        command.args(words).arg(program);
    }
    command.current_dir(dir);
    command
}

/// Hands a file or folder to the account that runs the servers.
pub(crate) fn hand_over(path: &Path) -> Result<()> {
    if !is_root() {
        return Ok(());
    }
    chown(path, Some(UNPRIVILEGED), Some(UNPRIVILEGED))
        .with_context(|| format!("cannot hand over {}", path.display()))
}

/// `bytes` random bytes in hexadecimal.
pub(crate) fn random_hex(bytes: usize) -> Result<String> {
    use std::io::Read;
    let mut buffer = vec![0; bytes];
    fs::File::open("/dev/urandom")?.read_exact(&mut buffer)?;
    Ok(buffer.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// `word` as one word of a shell command line.
pub(crate) fn quote(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
