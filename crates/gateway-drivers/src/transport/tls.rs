//! Going over to TLS in the middle of a conversation, as the engines' protocols do.

use std::io;
use std::sync::Arc;

use gateway_core::TlsMode;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio_rustls::TlsConnector;
use tokio_util::either::Either;

use super::{Socket, Transport};
use crate::tls::client_config;
use crate::{DriverError, Target};

/// Makes TLS connections as a source wants them, or none.
pub(crate) struct Tls {
    config: Option<Arc<ClientConfig>>,
    is_demanded: bool,
}

impl Tls {
    pub(crate) async fn of(target: &Target<'_>) -> Result<Self, DriverError> {
        Ok(Self {
            config: client_config(target).await?,
            is_demanded: match target.config.tls {
                TlsMode::Disable | TlsMode::Prefer => false,
                TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => true,
            },
        })
    }

    /// Whether the server is to be asked for TLS.
    pub(crate) fn is_wanted(&self) -> bool {
        self.config.is_some()
    }

    /// Whether a server that does not offer TLS is not to be spoken to.
    pub(crate) fn is_demanded(&self) -> bool {
        self.is_demanded
    }

    /// Goes over to TLS, with a server that has agreed to it. There is no way on without: one whose handshake fails may be an
    /// attacker's.
    pub(crate) async fn over(&self, socket: Socket, host: &str) -> io::Result<Transport> {
        let Some(config) = &self.config else {
            return Ok(Either::Left(socket));
        };
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "no host name for TLS"))?;
        let stream = TlsConnector::from(Arc::clone(config))
            .connect(name, socket)
            .await?;
        Ok(Either::Right(Box::new(stream)))
    }
}
