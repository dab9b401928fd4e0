//! Packages for Node.js of the tests' own, those of `tests/package.json`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::cached;
use super::env_file::Bed;
use crate::paths;
use crate::shell::{self, say};

/// The variable that names the folder of the packages.
const VARIABLE: &str = "NEXUS_TEST_NODE_MODULES";

/// Installs them unless they are there, and records where.
pub(super) fn add(bed: &mut Bed) -> Result<()> {
    let wanted = fs::read_to_string(paths::workspace()?.join("tests/package.json"))?;
    let folder = cached::folder("node", &wanted, |folder| make(folder, &wanted))?;
    bed.record_variable(VARIABLE, folder.join("node_modules").display().to_string())
}

fn make(folder: &Path, wanted: &str) -> Result<()> {
    say("Node.js: installing the packages of tests/package.json");
    fs::write(folder.join("package.json"), wanted)?;
    let mut npm = Command::new("npm");
    // A package is code to be read; nothing of it runs while it is installed.
    npm.args([
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
    ]);
    shell::run(npm.current_dir(folder)).context("npm is missing or fails (Debian: nodejs and npm)")
}
