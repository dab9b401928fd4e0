//! Folders whose files may be read, judged by name and once more when all links have been followed.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

/// Folders, and files that may not be read wherever they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folders {
    within: Vec<PathBuf>,
    never: Vec<PathBuf>,
}

/// Why there is no file to read.
#[derive(Debug)]
pub(crate) enum Unfound {
    /// It is elsewhere, or one that may not be read.
    Forbidden,
    /// It or its folder is not there.
    Missing(io::Error),
}

impl Folders {
    pub(crate) const fn new(within: Vec<PathBuf>) -> Self {
        Self {
            within,
            never: Vec::new(),
        }
    }

    /// Without these files, whatever name leads to them.
    pub(crate) fn except(&mut self, files: Vec<PathBuf>) {
        self.never = files;
    }

    /// Whether a file may be in one of them, by its name alone.
    pub(crate) fn may_hold(&self, path: &Path) -> bool {
        self.holding(path).is_some()
    }

    /// The file at `path`, free of symbolic links. Looks at the disk, and may wait for it.
    pub(crate) fn find(&self, path: &Path) -> Result<PathBuf, Unfound> {
        // Whether a file is there is not told about places that are not permitted.
        let folder = self.holding(path).ok_or(Unfound::Forbidden)?;
        let real = path.canonicalize().map_err(Unfound::Missing)?;
        if !real.starts_with(folder.canonicalize().map_err(Unfound::Missing)?) {
            return Err(Unfound::Forbidden);
        }
        let found = real.metadata().map_err(Unfound::Missing)?;
        // By its number on the disk, which a hard link shares.
        let is_found = |file: &PathBuf| {
            file.metadata()
                .is_ok_and(|own| (own.dev(), own.ino()) == (found.dev(), found.ino()))
        };
        if self.never.iter().any(is_found) {
            return Err(Unfound::Forbidden);
        }
        Ok(real)
    }

    fn holding(&self, path: &Path) -> Option<&Path> {
        if !path.is_absolute() || path.components().any(|part| part == Component::ParentDir) {
            return None;
        }
        self.within
            .iter()
            .map(PathBuf::as_path)
            .find(|folder| path.starts_with(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_files_are_not_found_by_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let (own, other) = (root.join("own"), root.join("other"));
        std::fs::write(&own, "x").unwrap();
        std::fs::write(&other, "x").unwrap();
        let (hard, soft) = (root.join("hard"), root.join("soft"));
        std::fs::hard_link(&own, &hard).unwrap();
        std::os::unix::fs::symlink(&own, &soft).unwrap();
        let mut folders = Folders::new(vec![root.clone()]);
        for file in [&own, &hard, &soft] {
            assert!(folders.find(file).is_ok(), "{}", file.display());
        }
        folders.except(vec![own.clone(), root.join("not there yet")]);
        for file in [&own, &hard, &soft] {
            assert!(
                matches!(folders.find(file), Err(Unfound::Forbidden)),
                "{}",
                file.display()
            );
        }
        assert_eq!(folders.find(&other).unwrap(), other);
        assert!(matches!(
            folders.find(&root.join("none")),
            Err(Unfound::Missing(_))
        ));
    }
}
