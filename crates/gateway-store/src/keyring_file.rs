//! Key rings in files: changed as a whole or not at all, readable as before.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use crate::keyring::{file_failed, write_private};
use crate::{KeyRing, KeyRingError};

impl KeyRing {
    /// Replaces `path` by this ring, with the permissions that the file had. A reader finds the old ring or this one, and a
    /// crash leaves one of them.
    ///
    /// # Errors
    ///
    /// [`KeyRingError::File`].
    pub fn replace_file(&self, path: &Path) -> Result<(), KeyRingError> {
        let failed = |error| file_failed(path, error);
        let permissions = fs::metadata(path).map_err(failed)?.permissions();
        let mut draft = path.as_os_str().to_owned();
        draft.push(format!(".{}.new", self.sealing_key_id()));
        let draft = Path::new(&draft);
        // Left by an attempt that was cut off.
        match fs::remove_file(draft) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            Ok(()) | Err(_) => {}
        }
        let replaced = write_private(draft, &self.to_text())
            .and_then(|()| fs::set_permissions(draft, permissions))
            .and_then(|()| fs::rename(draft, path))
            .and_then(|()| sync_folder(path));
        replaced.map_err(failed)
    }

    /// Takes the right to change the ring's file, which ends with the returned value.
    ///
    /// # Errors
    ///
    /// [`KeyRingError::Locked`] if somebody else has it; [`KeyRingError::File`].
    pub fn lock_file(path: &Path) -> Result<RingLock, KeyRingError> {
        let failed = |error| file_failed(path, error);
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(Path::new(&name)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(RingLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(KeyRingError::Locked {
                path: path.to_owned(),
            }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// The right to change a ring's file.
#[derive(Debug)]
pub struct RingLock {
    /// The system gives the lock back when it closes the file, however the process ends.
    _file: File,
}

/// Makes a renaming last.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_grows_and_shrinks_in_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let one = KeyRing::generate_file(&path).unwrap();
        let two = one.with_new_key().unwrap();
        two.replace_file(&path).unwrap();
        let found = KeyRing::load_file(&path).unwrap();
        let ids: Vec<_> = found.key_ids().collect();
        assert_eq!(ids, [one.sealing_key_id(), two.sealing_key_id()]);
        two.newest_only().replace_file(&path).unwrap();
        let found = KeyRing::load_file(&path).unwrap();
        assert_eq!(found.key_ids().collect::<Vec<_>>(), [two.sealing_key_id()]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn one_at_a_time_may_change_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let lock = KeyRing::lock_file(&path).unwrap();
        assert!(matches!(
            KeyRing::lock_file(&path),
            Err(KeyRingError::Locked { .. })
        ));
        drop(lock);
        KeyRing::lock_file(&path).unwrap();
    }
}
