//! What goes wrong on a connection, before it is known what it means for a caller.

use std::io;

use super::lengths::take;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The server would not do what it was asked.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The server says, without having been asked, why it ends the connection.
    #[error("{0}")]
    Farewell(Box<Refusal>),
    /// The network, or TLS.
    #[error(transparent)]
    Network(#[from] io::Error),
    #[error("the server does not offer TLS")]
    TlsNotOffered,
    /// By its name.
    #[error("the server asks for a way of logging in that the gateway does not have: {0:?}")]
    UnknownMethod(String),
    #[error("the server's public key cannot be used for the password")]
    UnusableKey,
    /// What came is not what the protocol has there.
    #[error("the server's answer is not what the protocol demands")]
    OutOfStep,
}

/// An error as the server puts it
/// (<https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_err_packet.html>).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("error {code} ({state}): {message}")]
pub(super) struct Refusal {
    pub(super) code: u16,
    /// SQLSTATE; empty where a server does not tell, which it need not before it knows its client.
    pub(super) state: String,
    pub(super) message: String,
}

impl Refusal {
    /// Takes an error apart, what comes after its mark. One that cannot be read is an error all the same.
    pub(super) fn parse(body: &[u8]) -> Self {
        let mut rest = body;
        let code = take(&mut rest).map(u16::from_le_bytes).unwrap_or_default();
        let (state, message) = match rest.split_first_chunk::<6>() {
            Some(([b'#', state @ ..], message)) => (&state[..], message),
            _ => (&[][..], rest),
        };
        Self {
            code,
            state: String::from_utf8_lossy(state).into_owned(),
            message: String::from_utf8_lossy(message).into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_taken_apart() {
        let known = |code, state: &str, message: &str| Refusal {
            code,
            state: state.to_owned(),
            message: message.to_owned(),
        };
        for (body, expected) in [
            (
                &b"\x7a\x04#42S02no such table"[..],
                known(1146, "42S02", "no such table"),
            ),
            (
                b"\x10\x04Too many connections",
                known(1040, "", "Too many connections"),
            ),
            (b"\x10\x04#42", known(1040, "", "#42")),
            (b"\x10", known(0, "", "\x10")),
            (b"", known(0, "", "")),
        ] {
            assert_eq!(Refusal::parse(body), expected);
        }
    }
}
