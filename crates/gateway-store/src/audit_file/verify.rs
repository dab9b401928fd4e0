//! Proving that the lines are those that were written.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::failed;
use super::files::open_all;
use super::head::{Head, HeadError};
use super::line::{self, Link};
use crate::{AuditVerdict, BrokenChain, KeyRing, StoreError};

/// How often the log is read again because files were removed from under the reading.
const ATTEMPTS: u32 = 5;

/// How many lines between two reports of progress.
const REPORT_EVERY: u64 = 1000;

/// Reads the whole log at `path`, the files that were put aside included. `progress` is told how many records have been
/// verified so far. Lines may be added meanwhile.
///
/// # Errors
///
/// [`StoreError::AuditFile`] if it cannot be read.
pub fn verify_audit_file(
    path: &Path,
    ring: &KeyRing,
    progress: &dyn Fn(u64),
) -> Result<AuditVerdict, StoreError> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let head = match Head::read(path, ring) {
            Ok(Some(head)) => head,
            Ok(None) => return Ok(broken(0, fault("its head is gone", None))),
            Err(HeadError::File(error)) => return Err(failed(path, error)),
            Err(error) => return Ok(broken(0, fault(format!("its head: {error}"), None))),
        };
        let files = open_all(path).map_err(|error| failed(path, error))?;
        let verdict = walk(&head, files, progress).map_err(|error| failed(path, error))?;
        let moved = || matches!(Head::read(path, ring), Ok(Some(now)) if now.first != head.first);
        if verdict.broken.is_empty() || attempts == ATTEMPTS || !moved() {
            return Ok(verdict);
        }
    }
}

fn walk(head: &Head, files: Vec<(PathBuf, File)>, progress: &dyn Fn(u64)) -> io::Result<AuditVerdict> {
    let mut link = head.first;
    let count = |link: &Link| link.seq - head.first.seq;
    for (path, file) in files {
        let mut reader = BufReader::new(file);
        for number in 1_u64.. {
            let mut text = Vec::new();
            if reader.read_until(b'\n', &mut text)? == 0 {
                break;
            }
            let is_whole = text.pop_if(|byte| *byte == b'\n').is_some();
            // The beginning of a line that is being written, or that a crash has cut off.
            if !is_whole && link.seq >= head.last.seq {
                break;
            }
            let place = format!("{}:{number}", path.display());
            let found = std::str::from_utf8(&text).ok().and_then(line::read);
            let Some(found) = found else {
                let fault = fault(format!("{place} was altered"), Some(link.seq + 1));
                return Ok(broken(count(&link), fault));
            };
            if found.link.seq <= head.first.seq {
                continue;
            }
            if found.link.seq != link.seq + 1 {
                let reason = format!("is missing: {place} has number {}", found.link.seq);
                let fault = fault(reason, Some(link.seq + 1));
                return Ok(broken(count(&link), named(fault, &found.record)));
            }
            let next = link.next(&found.record);
            if next != found.link || found.prev != link.hash {
                let fault = fault(format!("{place} was altered"), Some(next.seq));
                return Ok(broken(count(&link), named(fault, &found.record)));
            }
            if next.seq == head.last.seq && next != head.last {
                let fault = fault(format!("{place} is not what was written last"), Some(next.seq));
                return Ok(broken(count(&link), named(fault, &found.record)));
            }
            link = next;
            if count(&link).is_multiple_of(REPORT_EVERY) {
                progress(count(&link));
            }
        }
    }
    progress(count(&link));
    if link.seq < head.last.seq {
        let reason = format!("and all up to number {} are missing", head.last.seq);
        return Ok(broken(count(&link), fault(reason, Some(link.seq + 1))));
    }
    Ok(AuditVerdict {
        chains: 1,
        records: count(&link),
        ..AuditVerdict::default()
    })
}

fn broken(records: u64, fault: BrokenChain) -> AuditVerdict {
    AuditVerdict {
        records,
        broken: vec![fault],
        ..AuditVerdict::default()
    }
}

fn fault(reason: impl Into<String>, seq: Option<u64>) -> BrokenChain {
    BrokenChain {
        chain: None,
        seq: seq.and_then(|seq| i64::try_from(seq).ok()),
        record: None,
        reason: reason.into(),
    }
}

fn named(fault: BrokenChain, record: &str) -> BrokenChain {
    BrokenChain {
        record: line::record_id(record),
        ..fault
    }
}
