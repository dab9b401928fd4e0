//! Why the client library could not be loaded, in words that say what to do.

use std::fmt;
use std::path::{Path, PathBuf};

/// Where the library comes from, for whoever lacks it.
const REMEDY: &str = "Install Oracle Instant Client, \"Basic\" or \"Basic Light\", release 19 or newer, from Oracle's site or as the \
     package oracle-instantclient-basic; then name its folder, put it on LD_LIBRARY_PATH, or make it known with ldconfig";

/// A file that was asked for, and what the system's loader said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The file, with its folder if one was given.
    pub file: PathBuf,
    /// The loader's own words. They name a library that is missing further down, such as `libaio.so.1`.
    pub reason: String,
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.to_string_lossy();
        if self.reason.starts_with(&*file) {
            f.write_str(&self.reason)
        } else {
            write!(f, "{file}: {}", self.reason)
        }
    }
}

/// Why there is no client library to work with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// No file could be loaded.
    #[error("Oracle's client library cannot be loaded {}: {}. {REMEDY}", place(folder.as_deref()), Listed(attempts))]
    NotFound {
        /// The folder that was given.
        folder: Option<PathBuf>,
        /// What was tried, in order.
        attempts: Vec<Attempt>,
    },
    /// A library was loaded that is too old, or something else by that name.
    #[error("{} lacks {}, so it is no client library that is recent enough. {REMEDY}", file.display(), functions.join(", "))]
    FunctionsMissing {
        /// The library.
        file: PathBuf,
        /// The functions of OCI that it does not have.
        functions: Vec<&'static str>,
    },
    /// The program was built for a platform that this crate knows no client for.
    #[error("Oracle's client library can be used on Linux with glibc only, on x86_64 and aarch64")]
    Platform,
}

fn place(folder: Option<&Path>) -> String {
    match folder {
        Some(folder) => format!("from {}", folder.display()),
        None => "from the system's library path".to_owned(),
    }
}

struct Listed<'a>(&'a [Attempt]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, attempt) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{attempt}")?;
        }
        Ok(())
    }
}
