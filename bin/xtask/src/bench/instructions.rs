//! `cargo xtask bench --quick`: instructions of the hot path's pieces, which unlike times are nearly the same on every run.
//!
//! valgrind's callgrind counts those of a program that runs a piece so many times, and then more times; the difference is what
//! the piece takes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell::{self, say};
use crate::test_run::cargo;
use crate::{interrupt, paths};

/// The figures that were committed.
const COMMITTED: &str = "tests/benches/instructions.toml";

const HEAD: &str = "# Instructions that each piece of the hot path takes (tests/benches/pieces), as counted on x86-64.\n\
    # `cargo xtask bench --quick` compares; with --accept it writes this file.\n";

/// How often a piece runs in the first count.
const FEW: u64 = 20;

/// Percent above the committed figure that are a failure.
const TOLERANCE: f64 = 5.0;

/// Counts, and compares or writes.
pub(super) fn run(accept: bool) -> Result<()> {
    interrupt::install()?;
    if shell::which("valgrind", &[]).is_none() {
        bail!("valgrind is missing: cargo xtask testbed up installs it (as root, from the distribution)");
    }
    let program = build()?;
    let committed = paths::workspace()?.join(COMMITTED);
    let known = read(&fs::read_to_string(&committed).unwrap_or_default())?;
    let mut counted = BTreeMap::new();
    let mut worse = Vec::new();
    for line in shell::output(&mut Command::new(&program))?.lines() {
        interrupt::check()?;
        let (name, times) = line.split_once(' ').context("a piece without its times")?;
        let times: u64 = times.parse()?;
        let more = count(&program, name, times)?.saturating_sub(count(&program, name, FEW)?);
        let now = more / times.saturating_sub(FEW).max(1);
        let change = known.get(name).map(|before| percent(*before, now));
        let shown = change.map_or_else(|| "new".to_owned(), |change| format!("{change:+.1} %"));
        println!("{name:<24} {now:>10} {shown:>9}");
        if change.is_none_or(|change| change > TOLERANCE) {
            worse.push(name.to_owned());
        }
        counted.insert(name.to_owned(), now);
    }
    if accept {
        fs::write(&committed, shown(&counted))?;
        say(format!("written: {}", committed.display()));
        return Ok(());
    }
    if worse.is_empty() {
        return Ok(());
    }
    bail!(
        "more than {TOLERANCE} % above what is committed, or not committed: {} (cargo xtask bench --quick --accept commits to it)",
        worse.join(", ")
    )
}

/// Builds the program that runs the pieces; where it is.
fn build() -> Result<PathBuf> {
    let told = shell::output(cargo()?.args([
        "bench",
        "--package",
        "nexus-tests",
        "--bench",
        "hot_path",
        "--no-run",
        "--message-format=json",
    ]))?;
    told.lines()
        .filter(|line| line.contains("\"name\":\"hot_path\""))
        .filter_map(|line| line.split_once("\"executable\":\"")?.1.split('"').next())
        .next_back()
        .map(PathBuf::from)
        .context("cargo does not say where the program is")
}

/// Instructions of the program that runs a piece so many times.
fn count(program: &Path, piece: &str, times: u64) -> Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([piece, &times.to_string()])
        .output()
        .context("cannot run valgrind")?;
    let told = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("valgrind: {}: {told}", output.status);
    }
    told.lines()
        .find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok())
        .with_context(|| format!("valgrind tells no count: {told}"))
}

fn percent(before: u64, now: u64) -> f64 {
    (now as f64 / before.max(1) as f64 - 1.0) * 100.0
}

/// The figures in a file: a name and a number each line.
fn read(text: &str) -> Result<BTreeMap<String, u64>> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let (name, number) = line
                .split_once(" = ")
                .with_context(|| format!("not a figure: {line}"))?;
            Ok((name.to_owned(), number.trim().parse()?))
        })
        .collect()
}

fn shown(figures: &BTreeMap<String, u64>) -> String {
    let mut text = HEAD.to_owned();
    for (name, number) in figures {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name} = {number}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let figures = BTreeMap::from([("bind".to_owned(), 12), ("route".to_owned(), 3456)]);
        assert_eq!(read(&shown(&figures)).unwrap(), figures);
        assert!(read("bind: 12").is_err());
    }

    #[test]
    fn five_percent_more_is_too_much() {
        assert!(percent(1000, 1050) <= TOLERANCE + 1e-9);
        assert!(percent(1000, 1060) > TOLERANCE);
        assert!(percent(1000, 900) < 0.0);
    }
}
