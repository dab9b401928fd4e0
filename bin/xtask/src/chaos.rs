//! `cargo xtask chaos`: every fault in the long form, then the soak.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::test_run::{Totals, build, cargo, count, report, with_servers};
use crate::testbed::Bed;

/// What the suite's trials are called, and the one that comes last and alone.
const SUITE: &str = "chaos::";
const SOAK: &str = "chaos::soak";

/// Runs the suite and returns the exit code of its run.
pub(crate) fn run(minutes: u32, filter: Option<&str>) -> Result<ExitCode> {
    let (code, totals) = with_servers(|bed| {
        let code = build(true)?;
        if code != 0 {
            return Ok((code, Totals::default()));
        }
        let filter = filter.unwrap_or(SUITE);
        let (mut code, mut totals) = (0, Totals::default());
        if filter != SOAK {
            // One after another: bounds on time are strict here.
            let mut faults = trials(bed)?;
            faults.args([filter, "--skip", SOAK, "--nocapture", "--test-threads", "1"]);
            (code, totals) = count(faults)?;
        }
        if minutes > 0 && SOAK.contains(filter) {
            let mut soak = trials(bed)?;
            soak.args([SOAK, "--nocapture"])
                .env("NEXUS_TEST_CHAOS_MINUTES", minutes.to_string());
            let (outcome, more) = count(soak)?;
            code = code.max(outcome);
            totals.join(&more);
        }
        Ok((code, totals))
    })?;
    Ok(report(code, &totals))
}

/// The test program in the long form, to be told which trials.
fn trials(bed: &Bed) -> Result<Command> {
    let mut command = cargo()?;
    command
        .args([
            "test",
            "--quiet",
            "--package",
            "nexus-tests",
            "--test",
            "suites",
            "--",
        ])
        .envs(bed.variables())
        .env("NEXUS_TEST_CHAOS", "long");
    Ok(command)
}
