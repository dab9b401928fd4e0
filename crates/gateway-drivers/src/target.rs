//! What a driver is given to open one session.

use gateway_core::{Secret, SourceConfig};

use crate::{NetworkPolicy, Place};

/// One session to open. The place has been judged by the [`NetworkPolicy`](crate::NetworkPolicy), and secrets have been read: a
/// driver goes exactly there, and resolves nothing itself.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// How the source is used.
    pub config: &'a SourceConfig,
    /// The server's name or address as the source has it, which its certificate must be for; `None` where there is no network.
    pub host: Option<&'a str>,
    /// Where to go.
    pub place: &'a Place,
    /// What judges further addresses, for engines whose servers send their clients elsewhere.
    pub network: &'a NetworkPolicy,
    /// The account's password.
    pub password: Option<&'a Secret>,
    /// The private key of `config.tls_cert`, as PEM.
    pub tls_key: Option<&'a Secret>,
}
