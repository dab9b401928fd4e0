//! `cargo xtask coverage`: which lines of the library crates the tests reach, the tests against the real binary included.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use crate::paths;
use crate::shell::{self, say};
use crate::test_run::{cargo, finish, with_servers};

/// The share of lines, in percent, below which the task fails.
const LEAST: &str = "80";

/// Reads LLVM's profiles by itself, so that no tools of the compiler's own version are needed.
const TOOL: &str = "cargo-tarpaulin";

/// Tests may be silent for long, and instrumented programs are slow.
const SILENCE_SECONDS: &str = "1800";

/// What is not a library's own code: its tests, and the kits that only tests use.
const NOT_COUNTED: [&str; 4] = [
    "crates/*/tests/*",
    "crates/*/src/testkit/*",
    "crates/*/src/*tests.rs",
    "crates/oci-loader/*",
];

/// The tests of the examples, which are programs that the tool does not build.
const NOT_BUILT: [&str; 2] = ["--skip", "examples::"];

/// Runs every test with `args` (filters), prints the figures, and fails below the least share.
pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    if shell::which(TOOL, &[]).is_none() {
        bail!("{TOOL} is missing: cargo install {TOOL}");
    }
    let status = with_servers(|bed| {
        let binary = instrumented_binary()?;
        say("running the tests (slower than usual)");
        let target = paths::target()?.join("coverage");
        let mut command = cargo_into(&target)?;
        command.args([
            "tarpaulin",
            "--engine",
            "llvm",
            "--skip-clean",
            "--workspace",
            "--no-fail-fast",
        ]);
        command.args(["--timeout", SILENCE_SECONDS, "--fail-under", LEAST]);
        command
            .args(["--include-files", "crates/*", "--exclude-files"])
            .args(NOT_COUNTED);
        command.arg("--objects").arg(&binary).args(["--out", "Stdout"]);
        command.arg("--target-dir").arg(target).arg("--").args(args);
        command.args(NOT_BUILT);
        command.envs(bed.variables());
        // Killed, a program writes no profile.
        command
            .env("NEXUS_TEST_BINARY", &binary)
            .env("NEXUS_TEST_LET_END", "1");
        finish(&mut command)
    })?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The binary that the tests run, built so that it tells which lines it has passed.
fn instrumented_binary() -> Result<std::path::PathBuf> {
    say("building the binary with instrumentation");
    let target = paths::target()?.join("coverage-binary");
    let mut command = cargo_into(&target)?;
    command.args(["build", "--package", "nexus-gateway"]);
    command.env("RUSTFLAGS", "-Cinstrument-coverage");
    // The build's own programs are instrumented, too; their profiles are not wanted.
    command.env("LLVM_PROFILE_FILE", target.join("build-%p.profraw"));
    shell::run(&mut command)?;
    Ok(target.join("debug/nexus-gateway"))
}

fn cargo_into(target: &Path) -> Result<Command> {
    let mut command = cargo()?;
    command
        .env("CARGO_TARGET_DIR", target)
        .env_remove("CARGO_MANIFEST_DIR");
    Ok(command)
}
