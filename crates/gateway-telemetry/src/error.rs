//! Why traces cannot be sent at all.

use std::path::PathBuf;

/// What is wrong with the settings, found at the start, and with which of them. That a collector is away is no such error: it
/// may come.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The endpoint is no URL of a collector.
    #[error("{0}")]
    Endpoint(&'static str),
    /// The name or the value of a header cannot be sent. The value is not shown.
    #[error("{0:?} or its value cannot be a header")]
    Header(String),
    /// The authorities' file cannot be read.
    #[error("reading {}: {reason}", file.display())]
    CaFile {
        /// Which.
        file: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// What the authorities' file holds are no certificates.
    #[error("{}: no certificate in it, or one that cannot be read", .0.display())]
    NoAuthority(PathBuf),
    /// No client can be made.
    #[error("making the client: {0}")]
    Client(String),
    /// No thread can be had.
    #[error("starting the thread that sends spans: {0}")]
    Thread(std::io::Error),
}

impl TelemetryError {
    /// Which of the [settings](crate::TelemetrySettings) is wrong, if it is one of them.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Endpoint(_) => Some("endpoint"),
            Self::Header(_) => Some("headers"),
            Self::CaFile { .. } | Self::NoAuthority(_) => Some("ca_file"),
            Self::Client(_) | Self::Thread(_) => None,
        }
    }
}
