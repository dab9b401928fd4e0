//! Why traces cannot be sent at all.

use std::path::PathBuf;

/// What is wrong with the settings, found at the start. That a collector is away is no such error: it may come.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The endpoint is no URL of a collector.
    #[error("endpoint: {0}")]
    Endpoint(&'static str),
    /// The name or the value of a header cannot be sent. The value is not shown.
    #[error("headers: {0:?} or its value cannot be a header")]
    Header(String),
    /// The authorities' file cannot be read.
    #[error("ca_file: reading {}: {reason}", file.display())]
    CaFile {
        /// Which.
        file: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// No client can be made.
    #[error("making the client: {0}")]
    Client(String),
    /// No thread can be had.
    #[error("starting the thread that sends spans: {0}")]
    Thread(std::io::Error),
}
