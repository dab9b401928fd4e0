//! A Python of the tests' own, with the packages of `tests/requirements.txt`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::env_file::{self, Bed};
use crate::paths;
use crate::shell::{self, say};

/// The variable that names its interpreter.
const VARIABLE: &str = "NEXUS_TEST_PYTHON";

/// The list it was made from, kept in it once it is complete.
const MADE_FROM: &str = "made-from.txt";

/// Makes it unless it is there, and records it.
pub(super) fn add(bed: &mut Bed) -> Result<()> {
    let wanted = fs::read_to_string(paths::workspace()?.join("tests/requirements.txt"))?;
    let cache = paths::cache()?;
    fs::create_dir_all(&cache)?;
    let _lock = env_file::lock(&cache)?;
    let folder = cache.join("python");
    let made_from = fs::read_to_string(folder.join(MADE_FROM)).unwrap_or_default();
    if made_from != wanted {
        make(&folder, &wanted)?;
    }
    bed.record_variable(VARIABLE, interpreter(&folder).display().to_string())
}

fn interpreter(folder: &Path) -> PathBuf {
    folder.join("bin/python3")
}

fn make(folder: &Path, wanted: &str) -> Result<()> {
    say("Python: installing the packages of tests/requirements.txt");
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
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
    shell::run(pip.arg(&list))?;
    fs::write(folder.join(MADE_FROM), wanted)?;
    Ok(())
}
