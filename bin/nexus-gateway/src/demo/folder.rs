//! The demo's folder. What is in it is made on the first start and used again on the next.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::Context;
use gateway_core::Secret;

/// Bytes of randomness in a token secret.
const SECRET_BYTES: usize = 32;

/// The demo's folder.
pub(crate) struct DemoFolder(PathBuf);

impl DemoFolder {
    /// The folder at `path`, made if it is not there, for its owner only.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .with_context(|| format!("making the folder {}", path.display()))?;
        let absolute = path
            .canonicalize()
            .with_context(|| format!("finding {}", path.display()))?;
        Ok(Self(absolute))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The embedded metadata store.
    pub(crate) fn store(&self) -> PathBuf {
        self.0.join("nexus.db")
    }

    /// The sample database.
    pub(crate) fn shop(&self) -> PathBuf {
        self.0.join("shop.db")
    }

    /// The secret that signs tokens, made on the first start.
    pub(crate) fn token_secret(&self) -> anyhow::Result<Secret> {
        let file = self.0.join("token.secret");
        match fs::read_to_string(&file) {
            Ok(text) => return Ok(Secret::new(text.trim())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("reading {}", file.display())),
        }
        let mut random = [0_u8; SECRET_BYTES];
        getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        let secret: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut out = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&file)
            .with_context(|| format!("making {}", file.display()))?;
        out.write_all(secret.as_bytes())?;
        Ok(Secret::new(secret))
    }
}
