//! The gateway's own files: no source may read them, neither as a database nor in place of a password.

use std::path::{Path, PathBuf};

use super::faults::Faults;

/// Files of the gateway, by names that lead to them from anywhere.
#[derive(Debug, Default)]
pub(super) struct OwnFiles(Vec<PathBuf>);

impl OwnFiles {
    pub(super) fn new(files: impl IntoIterator<Item = PathBuf>) -> Self {
        Self(files.into_iter().map(|file| real(&file)).collect())
    }

    /// Notes a fault if `folder`, which the setting `key` opens to sources, is not absolute or has one of them in it.
    pub(super) fn keep_out_of(&self, folder: &Path, key: &str, faults: &mut Faults) {
        let (shown, within) = (folder.display(), real(folder));
        let rule = format_args!("must be absolute paths, not {shown}");
        faults.require(folder.is_absolute(), key, rule);
        if let Some(file) = self.0.iter().find(|file| file.starts_with(&within)) {
            let rule = format_args!(
                "must not hold the gateway's own files, as {shown} does: whoever may register a source could read {}",
                file.display()
            );
            faults.require(false, key, rule);
        }
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

    fn refusal(own: &OwnFiles, folder: &Path) -> String {
        let mut faults = Faults::default();
        own.keep_out_of(folder, "x.folders", &mut faults);
        let told = faults.into_result(|_| None);
        told.err().map(|error| error.to_string()).unwrap_or_default()
    }

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
                let message = refusal(&own, &root.join(name));
                assert!(
                    message.contains("x.folders") && message.contains("own files"),
                    "{message}"
                );
            }
            assert_eq!(refusal(&own, &root.join("shop")), "");
        }
    }
}
