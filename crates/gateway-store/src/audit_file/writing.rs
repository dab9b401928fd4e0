//! Adding lines, and putting files aside.

use std::fs::{self, File, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use gateway_core::AuditRecord;

use super::files::{end, numbered, older};
use super::head::{Head, HeadError, head_file};
use super::line::{self, Link};
use super::{AuditFileOptions, failed};
use crate::StoreError;
use crate::keys::Keys;

/// An open log.
pub(super) struct Writing {
    options: AuditFileOptions,
    keys: Arc<Keys>,
    file: File,
    /// Bytes of the file that count as written; what is behind them is of an attempt that failed.
    length: u64,
    head: Head,
    /// The key that authenticates the head.
    signed_with: String,
    _lock: File,
}

impl Writing {
    pub(super) fn open(options: AuditFileOptions, keys: Arc<Keys>) -> Result<Self, StoreError> {
        let path = options.path.as_path();
        let lock = lock(path)?;
        let mut file = open_private(path).map_err(|error| failed(path, error))?;
        let (length, last) = end(&mut file).map_err(|error| failed(path, error))?;
        let last = match last {
            None if length == 0 => last_put_aside(path).map_err(|error| failed(path, error))?,
            found => found,
        };
        let ring = keys.ring();
        let head = match Head::read(path, &ring) {
            Ok(Some(head)) => going_on(head, last),
            Ok(None) if length == 0 && last.is_none() => new_log().map_err(|error| failed(path, error))?,
            Ok(None) => {
                let reason = format!(
                    "it has records, and {} is gone: find out why, and move the records away to begin a new log",
                    head_file(path).display()
                );
                return Err(failed(path, reason));
            }
            Err(error @ (HeadError::Altered | HeadError::Malformed)) => {
                let reason = format!(
                    "{} is not to be trusted: {error}; find out why, and move the log away to begin a new one",
                    head_file(path).display()
                );
                return Err(failed(path, reason));
            }
            Err(error) => return Err(failed(&head_file(path), error)),
        };
        let signed_with = ring.sealing_key_id().to_owned();
        let mut writing = Self {
            keys,
            file,
            length,
            head,
            signed_with,
            _lock: lock,
            options,
        };
        writing.write_head(head).map_err(|error| writing.failed(error))?;
        Ok(writing)
    }

    /// Adds a line for each record. With none, the head is authenticated anew if there is a newer key.
    pub(super) fn append(&mut self, records: &[AuditRecord]) -> Result<(), StoreError> {
        if records.is_empty() && self.signed_with == self.keys.ring().sealing_key_id() {
            return Ok(());
        }
        self.add(records).map_err(|error| self.failed(error))
    }

    fn add(&mut self, records: &[AuditRecord]) -> io::Result<()> {
        if self.length >= self.options.max_bytes {
            self.put_aside()?;
        }
        let mut out = Vec::new();
        let mut link = self.head.last;
        for record in records {
            link = line::write(&mut out, &link, record)?;
        }
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(&out)?;
        if self.options.sync {
            self.file.sync_data()?;
        }
        // The lines are first: a head that is behind them is completed from them, one before them would miss some.
        self.write_head(Head {
            last: link,
            ..self.head
        })?;
        self.length += out.len() as u64;
        Ok(())
    }

    fn write_head(&mut self, head: Head) -> io::Result<()> {
        let ring = self.keys.ring();
        head.write(&self.options.path, &ring, self.options.sync)?;
        self.head = head;
        self.signed_with = ring.sealing_key_id().to_owned();
        Ok(())
    }

    /// Puts the file aside and begins another. An attempt that is cut off is completed by the next.
    fn put_aside(&mut self) -> io::Result<()> {
        let path = self.options.path.clone();
        self.file.set_len(self.length)?;
        // An attempt that moved the file and could not begin another has left only that to do, as has whoever moved it from
        // outside.
        if path.try_exists()? {
            self.make_room(&path)?;
            if self.options.keep > 0 {
                fs::rename(&path, numbered(&path, 1))?;
            }
        }
        self.file = open_private(&path)?;
        self.length = 0;
        Ok(())
    }

    /// Removes what is too old to be kept, and frees the number 1.
    fn make_room(&mut self, path: &Path) -> io::Result<()> {
        let numbers = older(path)?;
        // With the file that is put aside now, one less of the others may stay.
        let stay = usize::try_from(self.options.keep).unwrap_or(usize::MAX);
        let (kept, surplus) = numbers.split_at(numbers.len().min(stay.saturating_sub(1)));
        let mut gone: Vec<u32> = surplus.to_vec();
        if stay == 0 {
            gone.insert(0, 0);
        }
        // The beginning moves first: lines before it may be there or not.
        if let Some(newest) = gone.first() {
            let first = end(&mut File::open(numbered(path, *newest))?)?.1;
            let first = first.unwrap_or(self.head.first);
            self.write_head(Head { first, ..self.head })?;
        }
        for number in gone.iter().rev() {
            fs::remove_file(numbered(path, *number))?;
        }
        for number in in_the_way(kept).iter().rev() {
            fs::rename(numbered(path, *number), numbered(path, number + 1))?;
        }
        Ok(())
    }

    fn failed(&self, error: impl std::fmt::Display) -> StoreError {
        failed(&self.options.path, error)
    }
}

/// Those of `kept` that must move up to free the number 1: none above a number that is free already, so that an attempt
/// after one that was cut off moves nothing twice.
fn in_the_way(kept: &[u32]) -> &[u32] {
    let run = (1..).zip(kept).take_while(|(free, number)| free == *number);
    &kept[..run.count()]
}

/// The chain goes on where it was left. Were its last lines taken away, it goes on after them, so that the gap stays.
fn going_on(head: Head, last: Option<Link>) -> Head {
    match last {
        Some(last) if last.seq > head.last.seq => Head { last, ..head },
        Some(_) | None => head,
    }
}

fn new_log() -> io::Result<Head> {
    let mut log = [0; 16];
    let mut hash = [0; 32];
    getrandom::fill(&mut log).map_err(io::Error::other)?;
    getrandom::fill(&mut hash).map_err(io::Error::other)?;
    let start = Link { seq: 0, hash };
    Ok(Head {
        log,
        first: start,
        last: start,
    })
}

/// The last line of the newest file that was put aside.
fn last_put_aside(path: &Path) -> io::Result<Option<Link>> {
    match older(path)?.first() {
        Some(number) => Ok(end(&mut File::open(numbered(path, *number))?)?.1),
        None => Ok(None),
    }
}

fn open_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn lock(path: &Path) -> Result<File, StoreError> {
    let name = path.with_added_extension("lock");
    let file = open_private(&name).map_err(|error| failed(&name, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(failed(path, "another process writes it")),
        Err(TryLockError::Error(error)) => Err(failed(&name, error)),
    }
}
