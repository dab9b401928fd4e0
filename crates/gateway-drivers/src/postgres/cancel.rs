//! Stopping a statement (<https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS>).

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use gateway_core::SourceConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio_postgres::{CancelToken, NoTls};

use super::error;
use crate::{Canceller, DriverError};

/// Where PostgreSQL listens unless told otherwise.
const DEFAULT_PORT: u16 = 5432;

/// Where a server takes requests.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    Tcp(String, u16),
    Unix(String),
}

impl Place {
    pub(super) fn of(config: &SourceConfig) -> Arc<Self> {
        let host = config.host.as_deref().unwrap_or("localhost");
        let port = config.port.unwrap_or(DEFAULT_PORT);
        Arc::new(if host.starts_with('/') {
            Self::Unix(format!("{host}/.s.PGSQL.{port}"))
        } else {
            Self::Tcp(host.to_owned(), port)
        })
    }
}

/// Asks the server to stop what runs on one session.
pub(super) struct CancelRequest {
    pub(super) token: CancelToken,
    pub(super) place: Arc<Place>,
}

impl CancelRequest {
    async fn send(&self) -> Result<(), tokio_postgres::Error> {
        match &*self.place {
            Place::Tcp(host, port) => {
                self.send_over(TcpStream::connect((host.as_str(), *port)).await)
                    .await
            }
            Place::Unix(path) => self.send_over(UnixStream::connect(path).await).await,
        }
    }

    async fn send_over(
        &self,
        connected: io::Result<impl AsyncRead + AsyncWrite + Unpin>,
    ) -> Result<(), tokio_postgres::Error> {
        let Ok(mut stream) = connected else {
            // The library's own attempt fails likewise, and says why.
            return self.token.cancel_query(NoTls).await;
        };
        self.token.cancel_query_raw(&mut stream, NoTls).await?;
        // The only answer is that the server closes the connection; without it the request may be lost on the way.
        let _ = stream.read(&mut [0]).await;
        Ok(())
    }
}

#[async_trait]
impl Canceller for CancelRequest {
    async fn cancel(&self) -> Result<(), DriverError> {
        self.send()
            .await
            .map_err(|failure| error::housekeeping("cancel request", &failure))
    }

    async fn cancel_lost(&self) -> Result<(), DriverError> {
        // Its secret names the session; a server that has been restarted does not know it.
        self.cancel().await
    }
}
