//! `cargo xtask test`: servers up, every test, servers down, whatever happens in between.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use anyhow::{Context, Result};

use crate::shell::say;
use crate::{interrupt, paths, testbed};

/// Tests of the workspace that compares the validator with PostgreSQL's own grammar, and builds that grammar.
const SECOND_OPINION: &str = "crates/gateway-sql/second-opinion";

/// What the runners' closing lines add up to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    passed: u64,
    failed: u64,
    ignored: u64,
}

/// Runs the tests and returns the exit code of `cargo test`.
pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    let (mut code, mut totals) = with_servers(|bed| cargo_test(args, bed))?;
    if args.is_empty() && totals != Totals::default() {
        for (outcome, more) in [client_library()?, second_opinion()?] {
            code = code.max(outcome);
            totals.join(&more);
        }
    }
    Ok(report(code, &totals))
}

/// Says what the lines add up to.
pub(crate) fn report(code: u8, totals: &Totals) -> ExitCode {
    if *totals == Totals::default() {
        say("no test was run");
        return ExitCode::from(code);
    }
    println!(
        "{} passed, {} failed, {} skipped",
        totals.passed, totals.failed, totals.ignored
    );
    ExitCode::from(code)
}

/// Does something while the servers are up; those that were not before are taken down again, whatever happens.
pub(crate) fn with_servers<T>(run: impl FnOnce(&testbed::Bed) -> Result<T>) -> Result<T> {
    interrupt::install()?;
    let was_running = testbed::running().is_ok();
    let outcome = testbed::up().and_then(|outcome| {
        for problem in &outcome.problems {
            say(format!("what needs it will fail: {problem}"));
        }
        run(&outcome.bed)
    });
    if was_running {
        say("the test servers were up before and stay up (cargo xtask testbed down stops them)");
    } else {
        testbed::down()?;
    }
    outcome
}

fn cargo_test(args: &[String], bed: &testbed::Bed) -> Result<(u8, Totals)> {
    let names_packages = args
        .iter()
        .any(|arg| arg.starts_with("-p") || arg.starts_with("--package"));
    let code = build(names_packages)?;
    if code != 0 {
        return Ok((code, Totals::default()));
    }
    let mut command = cargo()?;
    command.args(["test", "--no-fail-fast"]);
    if !names_packages {
        command.arg("--workspace");
    }
    command.args(args).envs(bed.variables());
    count(command)
}

/// Runs the tests of the driver `oci`, which is not part of the default build. They need nothing of Oracle's.
fn client_library() -> Result<(u8, Totals)> {
    if cfg!(not(all(target_os = "linux", target_env = "gnu"))) {
        say("Oracle's client library is for Linux with glibc: the tests of the driver oci are left out");
        return Ok((0, Totals::default()));
    }
    let mut command = cargo()?;
    command.args(["test", "--package", "gateway-drivers", "--features", "oracle-oci"]);
    command.args(["--test", "oci", "--test", "oci_absent"]);
    count(command)
}

/// Runs the comparison with PostgreSQL's own grammar. It is a workspace of its own and takes libclang, which its script
/// installs where it may; `NEXUS_TEST_WITHOUT=second-opinion` leaves it out.
fn second_opinion() -> Result<(u8, Totals)> {
    if testbed::is_left_out("second-opinion") {
        say("the second opinion on PostgreSQL's statements is left out, as NEXUS_TEST_WITHOUT asks");
        return Ok((0, Totals::default()));
    }
    say("the second opinion on PostgreSQL's statements (a cold build takes minutes)");
    let mut command = Command::new(paths::workspace()?.join(SECOND_OPINION).join("run.sh"));
    command
        .env("CARGO_TARGET_DIR", paths::target()?.join("second-opinion"))
        .env_remove("CARGO_MANIFEST_DIR")
        .stdin(Stdio::null());
    let (code, totals) = count(command)?;
    if code != 0 && totals == Totals::default() {
        say(
            "the second opinion could not be built, and that counts as a failure: it needs a C compiler and libclang (Debian: \
             libclang-dev); NEXUS_TEST_WITHOUT=second-opinion leaves it out",
        );
    }
    Ok((code, totals))
}

/// Runs tests, shows what they print, and adds their closing lines up.
pub(crate) fn count(mut command: Command) -> Result<(u8, Totals)> {
    command.stdout(Stdio::piped());
    let what = command.get_program().to_string_lossy().into_owned();
    let mut child = interrupt::own_group(&mut command)
        .spawn()
        .with_context(|| format!("cannot run {what}"))?;
    let lines = child
        .stdout
        .take()
        .with_context(|| format!("{what} has an output"))?;
    // A reader of its own, so that an interrupt is seen while a test is silent.
    let reader = std::thread::spawn(move || copy_and_count(BufReader::new(lines)));
    let status = interrupt::wait(&mut child)?;
    let totals = reader.join().unwrap_or_default();
    Ok((exit_code(status), totals))
}

/// Builds the program itself, which `cargo test` does not do for the tests of another crate. Built together with the
/// tests it shares their dependencies; for a few packages it is built alone, which takes less.
pub(crate) fn build(names_packages: bool) -> Result<u8> {
    let mut command = cargo()?;
    command.arg("build");
    if names_packages {
        command.args(["--package", "nexus-gateway"]);
    } else {
        command.args(["--workspace", "--bins", "--tests"]);
    }
    finish(&mut command).map(exit_code)
}

/// Runs a program to its end, in view, so that an interrupt ends it, too.
pub(crate) fn finish(command: &mut Command) -> Result<ExitStatus> {
    let what = command.get_program().to_string_lossy().into_owned();
    let mut child = interrupt::own_group(command)
        .spawn()
        .with_context(|| format!("cannot run {what}"))?;
    interrupt::wait(&mut child)
}

pub(crate) fn cargo() -> Result<Command> {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(paths::workspace()?).stdin(Stdio::null());
    Ok(command)
}

fn exit_code(status: ExitStatus) -> u8 {
    status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1)
}

fn copy_and_count(lines: impl BufRead) -> Totals {
    let mut totals = Totals::default();
    for line in lines.split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        totals.add(&line);
    }
    totals
}

impl Totals {
    pub(crate) fn join(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }

    /// Adds a closing line such as `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some((_, counts)) = line
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for count in counts.split(';') {
            let mut words = count.split_whitespace();
            let number = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
            match words.next() {
                Some("passed") => self.passed += number,
                Some("failed") => self.failed += number,
                Some("ignored") => self.ignored += number,
                Some(_) | None => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_add_up() {
        let text = "test a ... ok\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        let expected = Totals {
            passed: 5,
            failed: 4,
            ignored: 1,
        };
        assert_eq!(copy_and_count(text.as_bytes()), expected);
    }
}
