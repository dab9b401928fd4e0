//! Stopping a statement (<https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS>).

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::{TcpStream, UnixStream};
use tokio_postgres::{CancelToken, NoTls};

use super::error;
use super::tls::Tls;
use crate::{Canceller, DriverError};

/// Where a session's server takes requests, and how: where the session itself goes, by the same rules.
pub(super) enum Line {
    Tcp {
        address: SocketAddr,
        host: String,
        tls: Tls,
    },
    /// Nobody encrypts what does not leave the machine.
    Unix(PathBuf),
}

/// Asks the server to stop what runs on one session.
pub(super) struct CancelRequest {
    pub(super) token: CancelToken,
    pub(super) line: Arc<Line>,
}

impl CancelRequest {
    async fn send(&self) -> Result<(), DriverError> {
        let asked = |failure: tokio_postgres::Error| error::housekeeping("cancel request", &failure);
        match &*self.line {
            Line::Tcp { address, host, tls } => {
                let mut stream = TcpStream::connect(address)
                    .await
                    .map_err(|failure| lost(&failure))?;
                let asking = self.token.cancel_query_raw(&mut stream, tls.for_host(host));
                asking.await.map_err(asked)?;
                until_closed(&mut stream).await;
            }
            Line::Unix(path) => {
                let mut stream = UnixStream::connect(path)
                    .await
                    .map_err(|failure| lost(&failure))?;
                let asking = self.token.cancel_query_raw(&mut stream, NoTls);
                asking.await.map_err(asked)?;
                until_closed(&mut stream).await;
            }
        }
        Ok(())
    }
}

fn lost(failure: &io::Error) -> DriverError {
    DriverError::Lost(format!("no connection for a cancel request: {failure}"))
}

/// The only answer is that the server closes the connection; without it the request may be lost on the way. What TLS says
/// before, its session tickets and its farewell, is passed over.
async fn until_closed(stream: &mut (impl AsyncRead + Unpin)) {
    let mut passed_over = [0; 1024];
    while let Ok(1..) = stream.read(&mut passed_over).await {}
}

#[async_trait]
impl Canceller for CancelRequest {
    async fn cancel(&self) -> Result<(), DriverError> {
        self.send().await
    }

    async fn cancel_lost(&self) -> Result<(), DriverError> {
        // Its secret names the session; a server that has been restarted does not know it.
        self.cancel().await
    }

    fn is_confirmed(&self) -> bool {
        false
    }
}
