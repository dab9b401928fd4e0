//! The whole gateway under load: builds what is measured, brings the servers up, and leaves the rest to
//! `tests/benches/throughput`.

use std::process::Command;

use anyhow::{Result, bail};

use crate::paths;
use crate::shell::say;
use crate::test_run::{cargo, finish, with_servers};
use crate::testbed::Bed;

/// Where the table goes.
const PAGE: &str = "docs/benchmarks.md";

/// Measures, and writes the page unless only a part is measured.
pub(crate) fn run(short: bool, engine: Option<&str>) -> Result<()> {
    with_servers(|bed| {
        say("building the release gateway (a cold build takes minutes)");
        succeed(cargo()?.args(["build", "--release", "--package", "nexus-gateway"]))?;
        succeed(cargo()?.args([
            "bench",
            "--package",
            "nexus-tests",
            "--bench",
            "throughput",
            "--no-run",
        ]))?;
        measure(bed, short, engine)
    })
}

fn measure(bed: &Bed, short: bool, engine: Option<&str>) -> Result<()> {
    let mut command = cargo()?;
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
    succeed(&mut command)
}

fn succeed(command: &mut Command) -> Result<()> {
    let status = finish(command)?;
    if !status.success() {
        bail!("cargo: {status}");
    }
    Ok(())
}
