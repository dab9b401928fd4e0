//! Other people's programs that read what the gateway writes.

use std::env;
use std::path::Path;
use std::process::Stdio;

use libtest_mimic::Failed;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Runs a program with `input` on its standard input; what it wrote to its standard output.
///
/// # Errors
///
/// If it cannot be run or fails.
pub async fn pipe(program: &str, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, Failed> {
    let mut command = Command::new(program);
    command.args(arguments);
    run(command, input).await
}

async fn run(mut command: Command, input: &[u8]) -> Result<Vec<u8>, Failed> {
    let program = command.as_std().get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    let mut stdin = child.stdin.take().ok_or("no standard input")?;
    let input = input.to_owned();
    // A program that fails early may not read to the end; its status tells.
    let feeding = tokio::spawn(async move { stdin.write_all(&input).await });
    let output = child.wait_with_output().await?;
    let fed = feeding.await?;
    if !output.status.success() {
        return Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    fed?;
    Ok(output.stdout)
}

/// A program of the packages in `tests/requirements.txt`, to be given its arguments.
///
/// # Errors
///
/// If the testbed's Python is missing.
pub fn python_program(name: &str) -> Result<Command, Failed> {
    let interpreter = interpreter()?;
    let beside = Path::new(&interpreter)
        .parent()
        .ok_or("an interpreter without a folder")?;
    Ok(Command::new(beside.join(name)))
}

fn interpreter() -> Result<String, Failed> {
    Ok(env::var("NEXUS_TEST_PYTHON")
        .map_err(|_| "NEXUS_TEST_PYTHON is not set: run the tests by `cargo xtask test`")?)
}

/// [`pipe`] for a Python script, with the packages of `tests/requirements.txt`.
///
/// # Errors
///
/// As for [`pipe`]; if the testbed's Python is missing.
pub async fn python(script: &str, input: &[u8]) -> Result<Vec<u8>, Failed> {
    pipe(&interpreter()?, &["-c", script], input).await
}

/// [`pipe`] for a script for Node.js, with the packages of `tests/package.json`.
///
/// # Errors
///
/// As for [`pipe`]; if the testbed's packages are missing.
pub async fn node(script: &str, input: &[u8]) -> Result<Vec<u8>, Failed> {
    let modules = env::var("NEXUS_TEST_NODE_MODULES")
        .map_err(|_| "NEXUS_TEST_NODE_MODULES is not set: run the tests by `cargo xtask test`")?;
    let mut command = Command::new("node");
    command.args(["-e", script]).env("NODE_PATH", modules);
    run(command, input).await
}
