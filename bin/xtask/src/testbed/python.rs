//! A Python of the tests' own, with the packages of `tests/requirements.txt`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::cached;
use super::env_file::Bed;
use crate::paths;
use crate::shell::{self, say};

/// The variable that names its interpreter.
const VARIABLE: &str = "NEXUS_TEST_PYTHON";

/// Makes it unless it is there, and records it.
pub(super) fn add(bed: &mut Bed) -> Result<()> {
    let wanted = fs::read_to_string(paths::workspace()?.join("tests/requirements.txt"))?;
    let folder = cached::folder("python", &wanted, |folder| make(folder, &wanted))?;
    bed.record_variable(VARIABLE, interpreter(&folder).display().to_string())
}

fn interpreter(folder: &Path) -> PathBuf {
    folder.join("bin/python3")
}

fn make(folder: &Path, wanted: &str) -> Result<()> {
    say("Python: installing the packages of tests/requirements.txt");
    shell::run(Command::new("python3").args(["-m", "venv"]).arg(folder))
        .context("Python with its module venv is missing (Debian: python3-venv)")?;
    let list = folder.join("requirements.txt");
    fs::write(&list, wanted)?;
    let mut pip = Command::new(interpreter(folder));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
    ]);
    shell::run(pip.arg(&list))
}
