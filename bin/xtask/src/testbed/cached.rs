//! What is installed once from a list, and again only when the list changes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::env_file;
use crate::paths;

/// The list it was made from, kept in it once it is complete.
const MADE_FROM: &str = "made-from.txt";

/// The cache's folder `name`, made anew by `make` unless it was made from `wanted`.
pub(super) fn folder(name: &str, wanted: &str, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let cache = paths::cache()?;
    fs::create_dir_all(&cache)?;
    let _lock = env_file::lock(&cache)?;
    let folder = cache.join(name);
    let made_from = fs::read_to_string(folder.join(MADE_FROM)).unwrap_or_default();
    if made_from != wanted {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        make(&folder)?;
        fs::write(folder.join(MADE_FROM), wanted)?;
    }
    Ok(folder)
}
