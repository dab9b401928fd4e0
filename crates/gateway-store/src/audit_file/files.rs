//! The files of a log: the one that is written, and older ones under its name with a number.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::line::{self, Link};

/// How much is read at once from the end of a file.
const TAIL: u64 = 64 << 10;

/// `FILE.number`; 0 is the file itself.
pub(super) fn numbered(path: &Path, number: u32) -> PathBuf {
    match number {
        0 => path.to_owned(),
        number => path.with_added_extension(number.to_string()),
    }
}

/// The numbers of the older files that are there, ascending: the higher, the older.
pub(super) fn older(path: &Path) -> io::Result<Vec<u32>> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Ok(Vec::new());
    };
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let found = entry?.file_name();
        let number = found
            .to_str()
            .and_then(|found| found.strip_prefix(name)?.strip_prefix('.')?.parse::<u32>().ok());
        numbers.extend(number.filter(|number| *number > 0));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Opens every file, the oldest first. Files that move up while they are opened are opened once.
pub(super) fn open_all(path: &Path) -> io::Result<Vec<(PathBuf, File)>> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    // The newest is opened first: what moves up meanwhile is then found a second time instead of not at all.
    for number in [0].into_iter().chain(older(path)?) {
        let path = numbered(path, number);
        match File::open(&path) {
            Ok(file) => {
                if seen.insert(identity(&file)?) {
                    found.push((path, file));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    found.reverse();
    Ok(found)
}

#[cfg(unix)]
fn identity(file: &File) -> io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = file.metadata()?;
    Ok((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(file: &File) -> io::Result<(std::time::SystemTime, u64)> {
    let metadata = file.metadata()?;
    Ok((metadata.created()?, metadata.len()))
}

/// The bytes up to the end of the last whole line, and the link of that line, if there is one.
pub(super) fn end(file: &mut File) -> io::Result<(u64, Option<Link>)> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut from = length;
    let mut tail = Vec::new();
    loop {
        let ends: Vec<usize> = tail
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .map(|(at, _)| at)
            .collect();
        let last = ends.last().copied();
        let before = ends.len().checked_sub(2).map(|at| ends[at] + 1);
        let begin = if from == 0 { Some(0) } else { None };
        match (last, before.or(begin)) {
            (Some(last), Some(start)) => {
                let text = String::from_utf8_lossy(&tail[start..last]);
                let link = line::read(&text).map(|found| found.link);
                return Ok((from + last as u64 + 1, link));
            }
            (None, Some(_)) => return Ok((0, None)),
            (_, None) => {}
        }
        let more = TAIL.min(from);
        from -= more;
        file.seek(SeekFrom::Start(from))?;
        let mut block = vec![0; usize::try_from(more).unwrap_or(0)];
        file.read_exact(&mut block)?;
        block.extend(tail);
        tail = block;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn the_end_of_a_file_is_found_whatever_is_behind_it() {
        let text = |seq: u64| {
            let hash = "00".repeat(32);
            let long = "x".repeat(100_000);
            format!(r#"{{"seq":{seq},"prev":"{hash}","hash":"{hash}","record":{{"x":"{long}"}}}}"#)
        };
        for (content, length, seq) in [
            (String::new(), 0, None),
            ("half".to_owned(), 0, None),
            (format!("{}\n", text(1)), text(1).len() + 1, Some(1)),
            (
                format!("{}\n{}\n{{\"se", text(1), text(2)),
                text(1).len() + text(2).len() + 2,
                Some(2),
            ),
        ] {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(content.as_bytes()).unwrap();
            let (end, link) = end(&mut file).unwrap();
            assert_eq!((end, link.map(|link| link.seq)), (length as u64, seq));
        }
    }
}
