//! A certificate for each test server, which a test may put others in place of.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Result;
use rcgen::{CertifiedKey, generate_simple_self_signed};

use crate::shell;

/// A server's files. The certificate is its own authority.
pub(super) struct Certificate(PathBuf);

impl Certificate {
    /// Makes one in the server's folder, for the server's eyes only.
    pub(super) fn make(dir: &Path) -> Result<Self> {
        let folder = dir.join("tls");
        fs::create_dir(&folder)?;
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        let made = Self(folder);
        for (file, content) in [
            (made.authority(), cert.pem()),
            (made.certificate(), cert.pem()),
            (made.key(), signing_key.serialize_pem()),
        ] {
            fs::write(&file, content)?;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?;
            shell::hand_over(&file)?;
        }
        Ok(made)
    }

    /// Who signs the certificates of clients.
    pub(super) fn authority(&self) -> PathBuf {
        self.0.join("ca.crt")
    }

    pub(super) fn certificate(&self) -> PathBuf {
        self.0.join("server.crt")
    }

    pub(super) fn key(&self) -> PathBuf {
        self.0.join("server.key")
    }

    /// The variable that tells tests where they are.
    pub(super) fn variable(&self) -> (&'static str, String) {
        ("TLS", self.0.display().to_string())
    }
}
