//! `cargo xtask lint`: formatting, clippy, dependencies.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::shell::{self, say};

/// What the default build leaves out.
const CLIENT_LIBRARY: [&str; 11] = [
    "clippy",
    "--package",
    "gateway-drivers",
    "--package",
    "nexus-gateway",
    "--features",
    "oracle-oci",
    "--all-targets",
    "--",
    "-D",
    "warnings",
];

/// Runs every lint and fails if any does.
pub(crate) fn run() -> Result<()> {
    let steps: [&[&str]; 3] = [
        &["fmt", "--all", "--check"],
        &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
        &CLIENT_LIBRARY,
    ];
    let mut failed = Vec::new();
    for step in steps {
        if !cargo(step)? {
            failed.push(step.join(" "));
        }
    }
    if shell::which("cargo-deny", &[]).is_some() {
        // cargo-deny looks at the crates of every platform, of which a build fetches only its own.
        if !cargo(&["fetch", "--quiet"])? {
            failed.push("fetch".to_owned());
        }
        let step = ["deny", "--offline", "check", "bans", "licenses", "sources"];
        if !cargo(&step)? {
            failed.push(step.join(" "));
        }
    } else {
        say(
            "cargo-deny is not installed (cargo install --locked cargo-deny): licences, bans and sources were NOT checked",
        );
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!("failed: cargo {}", failed.join("; cargo "))
}

fn cargo(args: &[&str]) -> Result<bool> {
    say(format!("cargo {}", args.join(" ")));
    let status = Command::new(env!("CARGO"))
        .args(args)
        .current_dir(paths::workspace()?)
        .status()
        .context("cannot run cargo")?;
    Ok(status.success())
}
