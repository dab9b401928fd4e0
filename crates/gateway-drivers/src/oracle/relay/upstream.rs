//! The relay's connection to the server, plain or encrypted.

use std::net::SocketAddr;
use std::sync::Arc;

use gateway_core::OracleClient;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

use crate::tls::{cause_in, settings};
use crate::{ConnectFailure, DriverError, NetworkPolicy, TlsFailure};

/// Opens connections to one source's servers.
pub(super) struct Dialer {
    network: NetworkPolicy,
    tls: Option<Arc<ClientConfig>>,
    client: OracleClient,
}

impl Dialer {
    pub(super) fn new(network: NetworkPolicy, tls: Option<Arc<ClientConfig>>, client: OracleClient) -> Self {
        Self { network, tls, client }
    }

    /// Who the connections are for.
    pub(super) fn client(&self) -> OracleClient {
        self.client
    }

    /// Whether connections are encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.tls.is_some()
    }

    /// Connects to an address that has been judged; `host` is what its certificate must be for.
    pub(super) async fn dial(&self, address: SocketAddr, host: &str) -> Result<Upstream, DriverError> {
        let plain = TcpStream::connect(address)
            .await
            .map_err(|failure| unreachable(&failure.to_string()))?;
        plain
            .set_nodelay(true)
            .map_err(|failure| unreachable(&failure.to_string()))?;
        self.secure(plain, host).await
    }

    /// Connects to where a server sends its clients, if sources may go there.
    pub(super) async fn redirect(&self, host: &str, port: u16) -> Result<Upstream, DriverError> {
        let mut failed = unreachable("no address");
        for address in self.network.resolve(host, port).await? {
            match self.dial(address, host).await {
                Ok(upstream) => return Ok(upstream),
                Err(failure) => failed = failure,
            }
        }
        Err(failed)
    }

    /// Begins TLS, anew if the connection has it already, as a server may ask for.
    pub(super) async fn secure_again(&self, upstream: Upstream, host: &str) -> Result<Upstream, DriverError> {
        match upstream {
            Either::Left(plain) => Ok(Either::Left(plain)),
            Either::Right(encrypted) => self.secure(encrypted.into_inner().0, host).await,
        }
    }

    async fn secure(&self, plain: TcpStream, host: &str) -> Result<Upstream, DriverError> {
        let Some(config) = &self.tls else {
            return Ok(Either::Left(plain));
        };
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| settings("the host is no name that a certificate could be for"))?;
        let connecting = TlsConnector::from(Arc::clone(config)).connect(name, plain);
        match connecting.await {
            Ok(encrypted) => Ok(Either::Right(Box::new(encrypted))),
            Err(failure) => Err(DriverError::Connect {
                // A listener without TLS does not answer the greeting; it hangs up.
                reason: ConnectFailure::Tls(cause_in(&failure).unwrap_or(TlsFailure::NotOffered)),
                message: failure.to_string(),
            }),
        }
    }
}

pub(super) fn unreachable(message: &str) -> DriverError {
    DriverError::Connect {
        reason: ConnectFailure::Unreachable,
        message: message.to_owned(),
    }
}

/// A connection to a server, plain or encrypted.
pub(super) type Upstream = Either<TcpStream, Box<TlsStream<TcpStream>>>;
