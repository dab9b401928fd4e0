//! The binary's commands, run as an operator would run them.

use std::path::Path;
use std::process::Stdio;

use libtest_mimic::Failed;

use crate::gateway::{SECRET, gateway_binary};

/// How a command of the binary ended, and what it said.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// What it printed, errors included.
    pub said: String,
}

/// Runs a command of the binary with the settings in `config`.
///
/// # Errors
///
/// If it cannot be run.
pub async fn run_gateway(config: &Path, arguments: &[&str]) -> Result<Ran, Failed> {
    let output = tokio::process::Command::new(gateway_binary()?)
        .args(arguments)
        .arg("--config")
        .arg(config)
        .env("NEXUS_AUTH__JWT__SECRET", SECRET)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await?;
    let said = [output.stdout, output.stderr].concat();
    Ok(Ran {
        code: output.status.code(),
        said: String::from_utf8_lossy(&said).into_owned(),
    })
}
