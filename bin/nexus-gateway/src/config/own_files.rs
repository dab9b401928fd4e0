//! The gateway's own files: no source may read them, neither as a database nor in place of a password.

use std::path::{Path, PathBuf};

use anyhow::bail;

/// Files of the gateway, by names that lead to them from anywhere.
#[derive(Debug, Default)]
pub(super) struct OwnFiles(Vec<PathBuf>);

impl OwnFiles {
    pub(super) fn new(files: impl IntoIterator<Item = PathBuf>) -> Self {
        Self(files.into_iter().map(|file| real(&file)).collect())
    }

    /// Refuses `folder`, which the setting `named` opens to sources, if one of them is in it.
    pub(super) fn keep_out_of(&self, folder: &Path, named: &str) -> anyhow::Result<()> {
        let within = real(folder);
        let Some(file) = self.0.iter().find(|file| file.starts_with(&within)) else {
            return Ok(());
        };
        bail!(
            "{named} must not hold the gateway's own files, as {} does: whoever may register a source could read {}",
            folder.display(),
            file.display()
        )
    }

    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.0.clone()
    }
}

/// `path` without symbolic links, as far as it is there: a store's file may still have to be made.
fn real(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if let Ok(real) = absolute.canonicalize() {
        return real;
    }
    match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) => real(parent).join(name),
        _ => absolute,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_hold_them_are_refused_by_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("state/deep")).unwrap();
        std::fs::create_dir(root.join("shop")).unwrap();
        std::os::unix::fs::symlink(root.join("state"), root.join("link")).unwrap();
        for file in [
            "state/deep/nexus.db",
            "link/deep/nexus.db",
            "state/../link/deep/nexus.db",
        ] {
            // The store is made later.
            let own = OwnFiles::new([root.join(file)]);
            for name in ["", "state", "link", "state/deep", "link/deep"] {
                let message = own
                    .keep_out_of(&root.join(name), "x.folders")
                    .unwrap_err()
                    .to_string();
                assert!(
                    message.contains("x.folders") && message.contains("own files"),
                    "{message}"
                );
            }
            own.keep_out_of(&root.join("shop"), "x.folders").unwrap();
        }
    }
}
