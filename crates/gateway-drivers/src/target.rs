//! What a driver is given to open one session.

use gateway_core::{Secret, SourceConfig};

use crate::Place;

/// One session to open. The place has been judged by the [`NetworkPolicy`](crate::NetworkPolicy), and secrets have been read: a
/// driver goes exactly there, and resolves nothing itself.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// How the source is used. Its host is for checking certificates, not for connecting.
    pub config: &'a SourceConfig,
    /// Where to go.
    pub place: &'a Place,
    /// The account's password.
    pub password: Option<&'a Secret>,
    /// The private key of `config.tls_cert`, as PEM.
    pub tls_key: Option<&'a Secret>,
}
