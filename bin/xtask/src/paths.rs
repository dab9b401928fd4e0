//! Where things are: the workspace, the build folder, the cache that outlives both.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::shell;

/// The workspace's root.
pub(crate) fn workspace() -> Result<PathBuf> {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    let root = here
        .ancestors()
        .nth(2)
        .context("the workspace's root is two folders up")?;
    Ok(root.to_owned())
}

/// The folder of build results.
pub(crate) fn target() -> Result<PathBuf> {
    let root = workspace()?;
    Ok(match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root.join(dir),
        None => root.join("target"),
    })
}

/// The folder of what is downloaded once: `~/.cache/nexus-gateway`, or `/var/cache/nexus-gateway` for root, whose home
/// the unprivileged account that runs the servers may not enter.
pub(crate) fn cache() -> Result<PathBuf> {
    if shell::is_root() {
        return Ok("/var/cache/nexus-gateway".into());
    }
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
        .context("neither XDG_CACHE_HOME nor HOME is set")?;
    Ok(base.join("nexus-gateway"))
}
