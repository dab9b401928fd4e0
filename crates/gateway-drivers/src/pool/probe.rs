//! What a connection test found.

use std::time::Duration;

use crate::ServerFacts;

/// What a connection test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What the server says.
    pub facts: ServerFacts,
    /// Time to establish the connection.
    pub connect_time: Duration,
    /// Time of one round trip on it.
    pub round_trip: Duration,
}

impl Probe {
    /// What works and should be better, as sentences for the source's owner.
    #[must_use]
    pub fn warnings(&self) -> Vec<&'static str> {
        let can_write = (self.facts.can_write == Some(true)).then_some(
            "This account may write. The gateway lets nothing be written; an account that may only read is a lock of its own",
        );
        let in_the_open = (self.facts.encrypted == Some(false)).then_some(
            "The connection is not encrypted: set config.tls to verify-full, or at least to require",
        );
        can_write.into_iter().chain(in_the_open).collect()
    }
}
