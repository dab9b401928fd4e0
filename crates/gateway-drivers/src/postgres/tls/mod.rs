//! TLS for the client library, by rustls.

mod binding;

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::TryFutureExt;
use futures_util::future::{Either, MapOk, Ready, ready};
use gateway_core::TlsMode;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::client::TlsStream as Encrypted;
use tokio_rustls::{Connect, TlsConnector};

use crate::tls::client_config;
use crate::{DriverError, Target};

/// Makes TLS connections as a source wants them, or none.
#[derive(Clone)]
pub(super) struct Tls {
    mode: TlsMode,
    config: Option<Arc<ClientConfig>>,
}

impl Tls {
    pub(super) async fn of(target: &Target<'_>) -> Result<Self, DriverError> {
        Ok(Self {
            mode: target.config.tls,
            config: client_config(target).await?,
        })
    }

    /// When to ask the server for TLS. After a server has said yes, the library never goes on without.
    pub(super) fn mode(&self) -> SslMode {
        match self.mode {
            TlsMode::Disable => SslMode::Disable,
            TlsMode::Prefer => SslMode::Prefer,
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
        }
    }
}

/// [`Tls`] for one host.
pub(super) struct HostTls {
    config: Option<Arc<ClientConfig>>,
    name: Option<ServerName<'static>>,
}

impl Tls {
    pub(super) fn for_host(&self, host: &str) -> HostTls {
        HostTls {
            config: self.config.clone(),
            name: ServerName::try_from(host.to_owned()).ok(),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> MakeTlsConnect<S> for Tls {
    type Stream = Stream<S>;
    type TlsConnect = HostTls;
    type Error = io::Error;

    fn make_tls_connect(&mut self, domain: &str) -> io::Result<HostTls> {
        Ok(self.for_host(domain))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> TlsConnect<S> for HostTls {
    type Stream = Stream<S>;
    type Error = io::Error;
    type Future = Either<MapOk<Connect<S>, fn(Encrypted<S>) -> Stream<S>>, Ready<io::Result<Stream<S>>>>;

    fn connect(self, stream: S) -> Self::Future {
        let (Some(config), Some(name)) = (self.config, self.name) else {
            let failure = io::Error::new(io::ErrorKind::InvalidInput, "no host name for TLS");
            return Either::Right(ready(Err(failure)));
        };
        let encrypted: fn(Encrypted<S>) -> Stream<S> = Stream;
        Either::Left(TlsConnector::from(config).connect(name, stream).map_ok(encrypted))
    }
}

/// An encrypted connection.
pub(super) struct Stream<S>(Encrypted<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Stream<S> {
    fn channel_binding(&self) -> ChannelBinding {
        let (_, connection) = self.0.get_ref();
        let certificate = connection.peer_certificates().and_then(<[_]>::first);
        match certificate.and_then(|certificate| binding::end_point(certificate)) {
            Some(hash) => ChannelBinding::tls_server_end_point(hash),
            None => ChannelBinding::none(),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
