//! Where a session's server takes connections, and how they are protected.

use std::net::SocketAddr;
use std::path::PathBuf;

use postgres_protocol::message::frontend;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::either::Either;

use super::binding;
use crate::postgres::refusal::Failure;
use crate::transport::{Socket, Tls, Transport};

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

impl Line {
    /// A connection, protected as it should be, on which nothing has been said.
    pub(super) async fn connect(&self) -> Result<Transport, Failure> {
        match self {
            Self::Tcp { address, host, tls } => secured(Socket::tcp(*address).await?, host, tls).await,
            Self::Unix(path) => Ok(Either::Left(Socket::unix(path).await?)),
        }
    }
}

/// Asks the server for TLS, if the source wants it, and goes over to it. After a server has said yes there is no way on without
/// (<https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL>).
async fn secured(mut socket: Socket, host: &str, tls: &Tls) -> Result<Transport, Failure> {
    if !tls.is_wanted() {
        return Ok(Either::Left(socket));
    }
    let mut request = bytes::BytesMut::new();
    frontend::ssl_request(&mut request);
    socket.write_all(&request).await?;
    // This one byte and no more: what follows it in the clear must not be taken for something that was encrypted.
    match socket.read_u8().await? {
        b'S' => Ok(tls.over(socket, host).await?),
        _ if tls.is_demanded() => Err(Failure::TlsNotOffered),
        _ => Ok(Either::Left(socket)),
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
