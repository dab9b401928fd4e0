//! Where the file's chain begins and ends, in a small file beside it, authenticated with a key that is in neither.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::line::{Link, from_hex, to_hex};
use crate::{KeyRing, SealError, mac, seal};

/// The ends of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// Tells this log from others: the same line in another log is another's.
    pub(super) log: [u8; 16],
    /// What comes before the first line that is kept.
    pub(super) first: Link,
    /// The last line.
    pub(super) last: Link,
}

/// Its form in the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Stored {
    log: String,
    first_seq: u64,
    first_hash: String,
    last_seq: u64,
    last_hash: String,
    mac: String,
}

/// Why a head cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum HeadError {
    #[error("{0}")]
    File(#[from] io::Error),
    #[error("it is not of the form in which it was written")]
    Malformed,
    #[error("it was authenticated with the key {0:?}, which the key ring lacks")]
    UnknownKey(String),
    #[error("it was altered")]
    Altered,
}

impl Head {
    /// Reads it and proves that it is as it was written; `None` if there is none.
    pub(super) fn read(log_file: &Path, ring: &KeyRing) -> Result<Option<Self>, HeadError> {
        let Some((head, signed)) = Self::read_unproven(log_file)? else {
            return Ok(None);
        };
        match mac::verify(ring, &head.message(), &signed) {
            Ok(()) => Ok(Some(head)),
            Err(SealError::UnknownKey { key_id }) => Err(HeadError::UnknownKey(key_id)),
            Err(SealError::Rejected { .. } | SealError::Malformed | SealError::Failed) => {
                Err(HeadError::Altered)
            }
        }
    }

    /// The identifier of the key that authenticates it; `None` if there is no head.
    pub(super) fn key_id(log_file: &Path) -> Result<Option<String>, HeadError> {
        let Some((_, signed)) = Self::read_unproven(log_file)? else {
            return Ok(None);
        };
        let key_id = seal::key_id(&signed).map_err(|_| HeadError::Malformed)?;
        Ok(Some(key_id.to_owned()))
    }

    fn read_unproven(log_file: &Path) -> Result<Option<(Self, Vec<u8>)>, HeadError> {
        let text = match fs::read_to_string(head_file(log_file)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let stored: Stored = serde_json::from_str(&text).map_err(|_| HeadError::Malformed)?;
        let link = |seq, hash: &str| from_hex(hash).map(|hash| Link { seq, hash });
        let parts = || {
            let head = Self {
                log: from_hex(&stored.log)?,
                first: link(stored.first_seq, &stored.first_hash)?,
                last: link(stored.last_seq, &stored.last_hash)?,
            };
            Some((head, bytes(&stored.mac)?))
        };
        parts().map(Some).ok_or(HeadError::Malformed)
    }

    /// Replaces the file as a whole.
    pub(super) fn write(&self, log_file: &Path, ring: &KeyRing, sync: bool) -> io::Result<()> {
        let signed = mac::sign(ring, &self.message()).map_err(io::Error::other)?;
        let stored = Stored {
            log: to_hex(&self.log),
            first_seq: self.first.seq,
            first_hash: to_hex(&self.first.hash),
            last_seq: self.last.seq,
            last_hash: to_hex(&self.last.hash),
            mac: to_hex(&signed),
        };
        let path = head_file(log_file);
        let draft = path.with_added_extension("new");
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&draft)?;
        serde_json::to_writer(&mut file, &stored)?;
        file.write_all(b"\n")?;
        if sync {
            file.sync_data()?;
        }
        fs::rename(draft, path)
    }

    fn message(&self) -> Vec<u8> {
        let mut message = b"file".to_vec();
        message.extend(self.log);
        for link in [self.first, self.last] {
            message.extend(link.seq.to_be_bytes());
            message.extend(link.hash);
        }
        message
    }
}

/// Where the head of a log is.
pub(super) fn head_file(log_file: &Path) -> PathBuf {
    log_file.with_added_extension("head")
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    if !hex.len().is_multiple_of(2) || !hex.is_ascii() {
        return None;
    }
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).ok())
        .collect()
}
