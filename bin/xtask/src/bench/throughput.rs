//! The whole gateway under load: builds what is measured, brings the servers up, and leaves the rest to
//! `tests/benches/throughput`.

use anyhow::{Context, Result, bail};

use crate::shell::say;
use crate::{interrupt, paths, testbed};

/// Where the table goes.
const PAGE: &str = "docs/benchmarks.md";

/// Measures, and writes the page unless only a part is measured.
pub(crate) fn run(short: bool, engine: Option<&str>) -> Result<()> {
    interrupt::install()?;
    say("building the release gateway (a cold build takes minutes)");
    cargo(&["build", "--release", "--package", "nexus-gateway"])?;
    cargo(&[
        "bench",
        "--package",
        "nexus-tests",
        "--bench",
        "throughput",
        "--no-run",
    ])?;
    let was_running = testbed::running().is_ok();
    let outcome = testbed::up().and_then(|outcome| {
        for problem in &outcome.problems {
            say(problem);
        }
        measure(&outcome.bed, short, engine)
    });
    if !was_running {
        testbed::down()?;
    }
    outcome
}

fn measure(bed: &testbed::Bed, short: bool, engine: Option<&str>) -> Result<()> {
    let mut command = super::cargo()?;
    command.args([
        "bench",
        "--quiet",
        "--package",
        "nexus-tests",
        "--bench",
        "throughput",
        "--",
    ]);
    if short {
        command.arg("--short");
    }
    if let Some(engine) = engine {
        command.args(["--engine", engine]);
    }
    if !short && engine.is_none() {
        command.arg("--page").arg(paths::workspace()?.join(PAGE));
    }
    command.envs(bed.variables()).env(
        "NEXUS_TEST_BINARY",
        paths::target()?.join("release/nexus-gateway"),
    );
    finish(&mut command)
}

fn cargo(arguments: &[&str]) -> Result<()> {
    finish(super::cargo()?.args(arguments))
}

fn finish(command: &mut std::process::Command) -> Result<()> {
    let mut child = interrupt::own_group(command)
        .spawn()
        .context("cannot run cargo")?;
    let status = interrupt::wait(&mut child)?;
    if !status.success() {
        bail!("cargo: {status}");
    }
    Ok(())
}
