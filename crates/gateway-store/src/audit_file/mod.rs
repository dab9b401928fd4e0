//! The audit log in a file: a line of JSON for each record, each linked to the one before.
//!
//! A file that has grown enough is put aside under its name with a number, and the chain goes on in the next. Where the
//! chain begins and ends stands in `FILE.head`, authenticated with the key ring. Only one process writes a log: it holds the
//! lock on `FILE.lock`.

mod files;
mod head;
mod line;
#[cfg(test)]
mod tests;
mod verify;
mod writing;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use gateway_core::AuditRecord;

use crate::keys::Keys;
use crate::{AuditSink, StoreError};
use head::Head;
use writing::Writing;

pub use verify::verify_audit_file;

/// Which file, and how large it may become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFileOptions {
    /// The file.
    pub path: PathBuf,
    /// Bytes after which it is put aside.
    pub max_bytes: u64,
    /// How many files that were put aside are kept.
    pub keep: u32,
    /// Whether each batch of records is made to survive a loss of power before it counts as written.
    pub sync: bool,
}

/// The log in a file. Files are written on threads for blocking work.
pub struct AuditFile {
    writing: Arc<Mutex<Writing>>,
}

impl AuditFile {
    /// Opens or begins a log.
    ///
    /// # Errors
    ///
    /// [`StoreError::AuditFile`] if the file cannot be written, another process writes it, or its head is missing or is not
    /// as it was written.
    pub fn open(options: AuditFileOptions, keys: Arc<Keys>) -> Result<Self, StoreError> {
        let writing = Writing::open(options, keys)?;
        Ok(Self {
            writing: Arc::new(Mutex::new(writing)),
        })
    }

    /// The identifier of the key that authenticates the log at `path`; `None` if there is no log.
    ///
    /// # Errors
    ///
    /// [`StoreError::AuditFile`] if its head cannot be read.
    pub fn key_id(path: &Path) -> Result<Option<String>, StoreError> {
        Head::key_id(path).map_err(|error| failed(path, error))
    }
}

#[async_trait]
impl AuditSink for AuditFile {
    async fn append(&self, records: Arc<[AuditRecord]>) -> Result<(), StoreError> {
        let writing = Arc::clone(&self.writing);
        let written = tokio::task::spawn_blocking(move || {
            // After a panic the state is what was last known to be written.
            let mut writing = writing.lock().unwrap_or_else(PoisonError::into_inner);
            writing.append(&records)
        });
        written.await.map_err(|_| StoreError::Unavailable {
            reason: "the audit file's thread has ended".to_owned(),
        })?
    }
}

fn failed(path: &Path, reason: impl std::fmt::Display) -> StoreError {
    StoreError::AuditFile {
        path: path.display().to_string(),
        reason: reason.to_string(),
    }
}
