//! Ending well: the first signal lets running queries end, the second does not wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use std::time::Duration;

use actix_web::dev::ServerHandle;
use gateway_service::{FetchService, SourceService};
use slog::{Logger, info, warn};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What has to happen before the process may end.
pub(crate) struct Shutdown {
    pub(crate) server: ServerHandle,
    pub(crate) sources: Arc<SourceService>,
    pub(crate) fetches: Arc<FetchService>,
    pub(crate) draining: Arc<AtomicBool>,
    /// How long running queries may go on.
    pub(crate) grace: Duration,
    pub(crate) log: Logger,
}

/// Ends the gateway when the process is told to.
///
/// While queries end, the listener stays: new work is answered with a clear refusal, and whoever asks for readiness is
/// told that there is none.
pub(crate) fn on_signal(shutdown: Shutdown) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    actix_web::rt::spawn(async move {
        let Shutdown {
            server,
            sources,
            fetches,
            draining,
            grace,
            log,
        } = shutdown;
        either(&mut terminate, &mut interrupt).await;
        info!(
            log,
            "shutting down; running queries may end, a second signal does not wait for them"
        );
        draining.store(true, Ordering::Relaxed);
        // Nobody will come for their next page any more.
        fetches.close();
        let cancelled = tokio::select! {
            cancelled = sources.drain(grace) => cancelled,
            () = either(&mut terminate, &mut interrupt) => {
                warn!(log, "shutting down now");
                sources.drain(Duration::ZERO).await
            }
        };
        if cancelled > 0 {
            warn!(log, "cancelled what still ran"; "queries" => cancelled);
        }
        server.stop(true).await;
    });
    Ok(())
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}
