//! What goes wrong on a connection, before it is known what it means for a caller.

use std::io;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The server would not.
    #[error("{}", .0.message)]
    Refused(Box<Refusal>),
    /// The network, or TLS.
    #[error(transparent)]
    Network(#[from] io::Error),
    #[error("the server does not offer TLS")]
    TlsNotOffered,
    #[error("the server asks for a password, and there is none")]
    NoPassword,
    /// With what the owner of a source should know.
    #[error("{0}")]
    Unsupported(&'static str),
    /// The caller's statement cannot be put into a message.
    #[error("the statement holds a zero byte, or is too long")]
    Unsendable,
    /// What came is not what the protocol has there.
    #[error("the server's answer is not what the protocol demands")]
    OutOfStep,
}

impl Failure {
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// An error as the server puts it (<https://www.postgresql.org/docs/current/protocol-error-fields.html>).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    /// SQLSTATE.
    pub(super) code: String,
    pub(super) message: String,
    pub(super) detail: Option<String>,
    pub(super) hint: Option<String>,
    /// In characters from 1, in the text that the server was sent.
    pub(super) position: Option<usize>,
    /// Where the server was: lines from the inside out.
    pub(super) context: Option<String>,
    /// The server's own function that reported it.
    pub(super) routine: Option<String>,
}

impl Refusal {
    /// Takes a message apart. What is missing or unknown stays empty: an error that cannot be read is an error all the same.
    pub(super) fn parse(body: &[u8]) -> Self {
        let mut refusal = Self::default();
        for field in body.split(|byte| *byte == 0) {
            let Some((kind, value)) = field.split_first() else {
                break;
            };
            let value = String::from_utf8_lossy(value).into_owned();
            match kind {
                b'C' => refusal.code = value,
                b'M' => refusal.message = value,
                b'D' => refusal.detail = Some(value),
                b'H' => refusal.hint = Some(value),
                b'P' => refusal.position = value.parse().ok(),
                b'W' => refusal.context = Some(value),
                b'R' => refusal.routine = Some(value),
                _ => {}
            }
        }
        refusal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_taken_apart() {
        let refusal = Refusal::parse(b"SERROR\0C42P01\0Mno such table\0P15\0Xnew\0Rparser\0\0");
        assert_eq!(
            refusal,
            Refusal {
                code: "42P01".into(),
                message: "no such table".into(),
                position: Some(15),
                routine: Some("parser".into()),
                ..Refusal::default()
            }
        );
        assert_eq!(Refusal::parse(b""), Refusal::default());
    }
}
