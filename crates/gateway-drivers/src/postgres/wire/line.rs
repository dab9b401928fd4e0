//! Where a session's server takes connections, and how they are protected.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use gateway_core::TlsMode;
use postgres_protocol::message::frontend;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;
use tokio_util::either::Either;

use super::socket::Socket;
use super::{Transport, binding};
use crate::postgres::refusal::Failure;
use crate::tls::client_config;
use crate::{DriverError, Target};

/// Where a session's server takes connections: the session's own, and those for requests to cancel.
pub(in super::super) enum Line {
    /// Over the network. The name is for certificates, the address is where connections go.
    Tcp {
        address: SocketAddr,
        host: String,
        tls: Tls,
    },
    /// Nobody encrypts what does not leave the machine.
    Unix(PathBuf),
}

/// Makes TLS connections as a source wants them, or none.
pub(in super::super) struct Tls {
    mode: TlsMode,
    config: Option<Arc<ClientConfig>>,
}

impl Tls {
    pub(in super::super) async fn of(target: &Target<'_>) -> Result<Self, DriverError> {
        Ok(Self {
            mode: target.config.tls,
            config: client_config(target).await?,
        })
    }

    /// Asks the server for TLS, if the source wants it, and goes over to it. After a server has said yes there is no way on
    /// without (<https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL>).
    async fn over(&self, mut socket: Socket, host: &str) -> Result<Transport, Failure> {
        let must = match self.mode {
            TlsMode::Disable => return Ok(Either::Left(socket)),
            TlsMode::Prefer => false,
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => true,
        };
        let Some(config) = &self.config else {
            return Ok(Either::Left(socket));
        };
        let mut request = bytes::BytesMut::new();
        frontend::ssl_request(&mut request);
        socket.write_all(&request).await?;
        // This one byte and no more: what follows it in the clear must not be taken for something that was encrypted.
        match socket.read_u8().await? {
            b'S' => {}
            _ if must => return Err(Failure::TlsNotOffered),
            _ => return Ok(Either::Left(socket)),
        }
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "no host name for TLS"))?;
        let stream = TlsConnector::from(Arc::clone(config))
            .connect(name, socket)
            .await?;
        Ok(Either::Right(Box::new(stream)))
    }
}

impl Line {
    /// A connection, protected as it should be, on which nothing has been said.
    pub(super) async fn connect(&self) -> Result<Transport, Failure> {
        match self {
            Self::Tcp { address, host, tls } => tls.over(Socket::tcp(*address).await?, host).await,
            Self::Unix(path) => Ok(Either::Left(Socket::unix(path).await?)),
        }
    }
}

/// What a password's proof is bound to, so that it holds on this connection only.
pub(super) fn end_point(transport: &Transport) -> Option<Vec<u8>> {
    let Either::Right(stream) = transport else {
        return None;
    };
    let (_, connection) = stream.get_ref();
    binding::end_point(connection.peer_certificates()?.first()?)
}
