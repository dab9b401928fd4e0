//! How things end before they are done.

use std::fmt;
use std::io;

/// An error of the database, which the client is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OraError {
    /// Its number.
    pub code: u32,
    /// Its text, without the number.
    pub message: String,
    /// Where in the statement it is, in bytes.
    pub position: usize,
}

impl OraError {
    /// An error at the statement's start.
    #[must_use]
    pub fn new(code: u32, message: &str) -> Self {
        Self {
            code,
            message: message.to_owned(),
            position: 0,
        }
    }

    /// The same error at another place.
    #[must_use]
    pub fn at(self, position: usize) -> Self {
        Self { position, ..self }
    }

    /// ORA-01013.
    pub(super) fn cancelled() -> Self {
        Self::new(1013, "user requested cancel of current operation")
    }
}

impl fmt::Display for OraError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ORA-{:05}: {}", self.code, self.message)
    }
}

impl std::error::Error for OraError {}

/// Why a call, or all, ends early.
#[derive(Debug)]
pub(super) enum Halt {
    /// The client is told, and calls again.
    Ora(OraError),
    /// The client has sent a marker of that type.
    Broken(u8),
    /// The client is told, and that was it.
    Killed(OraError),
    /// The connection is closed, or the client does not keep to the protocol.
    Gone(io::Error),
    /// The connection is to be reset.
    Reset,
}

impl From<OraError> for Halt {
    fn from(failure: OraError) -> Self {
        Self::Ora(failure)
    }
}

impl From<io::Error> for Halt {
    fn from(failure: io::Error) -> Self {
        Self::Gone(failure)
    }
}

/// The outcome of a step.
pub(super) type Flow<T> = Result<T, Halt>;
