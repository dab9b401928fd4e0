//! Listening: HTTP/1.1 and HTTP/2, with and without TLS, on one port.
//!
//! actix serves HTTP/1.1. HTTP/2 is served here: actix's own dispatcher runs a handler to its end even if the client has
//! reset the stream, and a query must not outlive its reader.

mod connection;
mod h2;
mod io;
mod metrics;
mod tls;
mod translate;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_server::{Server, ServerBuilder};
use actix_service::fn_factory;

use crate::AppState;
use connection::Connections;
pub(crate) use metrics::TEXT_FORMAT;
pub use metrics::serve_metrics;
pub use tls::{ClientAuth, ListenerTls, TlsFailure, TlsSettings};

/// How connections are treated.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// Threads that answer requests.
    pub workers: usize,
    /// Time a client has to complete the TLS handshake and to send a request's head.
    pub request_timeout: Duration,
    /// Time a client may go without taking anything of an answer that waits for it.
    pub stall_timeout: Duration,
    /// Seconds that answers have to reach their clients at shutdown.
    pub shutdown_secs: u64,
    /// Certificate and key; without them connections are in the clear.
    pub tls: Option<TlsSettings>,
}

/// How long a connection without requests is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Time a client has to close its side of a connection that was shut down.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// A server on `listener` that answers every request of the contract; it runs once it is awaited.
///
/// # Errors
///
/// If the listener is not usable.
pub fn serve(
    listener: TcpListener,
    state: AppState,
    options: &ServerOptions,
    tls: Option<Arc<ListenerTls>>,
) -> Result<Server, TlsFailure> {
    let address = listener.local_addr().map_err(TlsFailure::Listener)?;
    let builder = ServerBuilder::new()
        .workers(options.workers)
        .shutdown_timeout(options.shutdown_secs)
        .disable_signals();
    let stopping = builder.graceful_shutdown_signal();
    let times = connection::Times {
        request: options.request_timeout,
        stall: options.stall_timeout,
        keep_alive: KEEP_ALIVE,
        disconnect: DISCONNECT_TIMEOUT,
    };
    let builder = builder
        .listen("nexus-gateway", listener, move || {
            let (state, tls, stopping) = (state.clone(), tls.clone(), stopping.clone());
            fn_factory(move || {
                Connections::start(state.clone(), tls.clone(), stopping.clone(), address, times)
            })
        })
        .map_err(TlsFailure::Listener)?;
    Ok(builder.run())
}
