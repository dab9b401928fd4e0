//! Ending well: the first signal lets running queries end, the second does not wait.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use gateway_http::{Lifecycle, Phase};
use gateway_service::{FetchService, SourceService};
use slog::{Logger, info, warn};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What has to happen before the process may end.
pub(crate) struct Shutdown {
    pub(crate) server: ServerHandle,
    pub(crate) sources: Arc<SourceService>,
    pub(crate) fetches: Arc<FetchService>,
    pub(crate) lifecycle: Lifecycle,
    /// How long work is still taken after readiness has ended.
    pub(crate) drain_delay: Duration,
    /// How long running queries may go on.
    pub(crate) grace: Duration,
    pub(crate) log: Logger,
}

/// Ends the gateway when the process is told to.
///
/// First only readiness ends, for as long as load balancers may take to notice; then new work is refused. While queries end
/// the listener stays, so that refusals are clear ones.
pub(crate) fn on_signal(shutdown: Shutdown) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    actix_web::rt::spawn(async move {
        let Shutdown {
            server,
            sources,
            fetches,
            lifecycle,
            drain_delay,
            grace,
            log,
        } = shutdown;
        either(&mut terminate, &mut interrupt).await;
        info!(
            log,
            "shutting down; running queries may end, a second signal does not wait for them"
        );
        lifecycle.advance(Phase::Leaving);
        let is_hurried = tokio::select! {
            () = tokio::time::sleep(drain_delay) => false,
            () = either(&mut terminate, &mut interrupt) => true,
        };
        lifecycle.advance(Phase::Closed);
        // Nobody will come for their next page any more.
        fetches.close();
        let cancelled = tokio::select! {
            cancelled = sources.drain(if is_hurried { Duration::ZERO } else { grace }) => cancelled,
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
