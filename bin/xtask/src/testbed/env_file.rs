//! The record of a running testbed: shell variables in one file.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Engine;
use crate::shell;

const FILE: &str = "env";
const DATA: &str = "NEXUS_TESTBED_DATA";

/// A testbed: its variables, and where it keeps things.
pub(crate) struct Bed {
    folder: PathBuf,
    variables: BTreeMap<String, String>,
}

/// Keeps two runs from changing the same testbed at once, until it is dropped.
pub(super) fn lock(folder: &Path) -> Result<File> {
    let file = File::create(folder.join("lock"))?;
    file.lock().context("cannot lock the testbed's folder")?;
    Ok(file)
}

impl Bed {
    /// The testbed recorded in `folder`, unless there is none or its data are gone (as after a restart of the machine).
    pub(super) fn load(folder: &Path) -> Result<Option<Self>> {
        let Ok(text) = fs::read_to_string(folder.join(FILE)) else {
            return Ok(None);
        };
        let variables: BTreeMap<String, String> = text
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let bed = Self {
            folder: folder.to_owned(),
            variables,
        };
        Ok(bed.data().is_dir().then_some(bed))
    }

    /// A testbed without servers, on a new temporary data folder.
    pub(super) fn create(folder: &Path) -> Result<Self> {
        let data = env::temp_dir().join(format!("nexus-testbed-{}", shell::random_hex(4)?));
        fs::create_dir(&data).with_context(|| format!("cannot make {}", data.display()))?;
        fs::set_permissions(&data, fs::Permissions::from_mode(0o700))?;
        shell::hand_over(&data)?;
        let mut bed = Self {
            folder: folder.to_owned(),
            variables: BTreeMap::new(),
        };
        bed.variables.insert(DATA.to_owned(), data.display().to_string());
        bed.save()?;
        Ok(bed)
    }

    /// Where the servers' data are.
    pub(super) fn data(&self) -> PathBuf {
        // An absent entry gives a path that never exists, which `load` then reports as no testbed.
        self.variables
            .get(DATA)
            .map_or_else(|| "/nonexistent".into(), PathBuf::from)
    }

    /// Where one server's start script is.
    pub(super) fn script(&self, engine: Engine) -> PathBuf {
        self.folder.join(format!("start-{}", engine.name()))
    }

    /// Makes the empty folder of one server; what a failed attempt left there is removed.
    pub(super) fn server_folder(&self, engine: Engine) -> Result<PathBuf> {
        let dir = self.data().join(engine.name());
        if dir.exists() {
            fs::remove_dir_all(&dir)?;
        }
        fs::create_dir(&dir)?;
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o700))?;
        shell::hand_over(&dir)?;
        Ok(dir)
    }

    /// Whether a server is set up (it may have been killed since).
    pub(super) fn has(&self, engine: Engine) -> bool {
        self.get(engine, "URL").is_some()
    }

    /// One of an engine's variables.
    pub(super) fn get(&self, engine: Engine, what: &str) -> Option<&str> {
        self.variables.get(&engine.variable(what)).map(String::as_str)
    }

    /// Records an engine's variables.
    pub(super) fn record(&mut self, engine: Engine, values: &[(&str, String)]) -> Result<()> {
        for (what, value) in values {
            self.variables.insert(engine.variable(what), value.clone());
        }
        self.save()
    }

    /// Records a variable that belongs to no engine.
    pub(super) fn record_variable(&mut self, name: &str, value: String) -> Result<()> {
        self.variables.insert(name.to_owned(), value);
        self.save()
    }

    /// Removes the data, then the record.
    pub(super) fn remove(self) -> Result<()> {
        fs::remove_dir_all(self.data())?;
        fs::remove_file(self.folder.join(FILE))?;
        Ok(())
    }

    /// Every variable of the servers that are set up.
    pub(crate) fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// The variables as `export` lines for a shell.
    pub(crate) fn as_shell(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.variables {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "export {name}={}", shell::quote(value));
        }
        text
    }

    fn save(&self) -> Result<()> {
        use std::io::Write as _;
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(self.folder.join(FILE))?;
        for (name, value) in &self.variables {
            writeln!(file, "{name}={value}")?;
        }
        Ok(())
    }
}
