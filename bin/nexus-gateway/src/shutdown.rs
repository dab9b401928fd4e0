//! Ending well: the first signal lets running queries end, the second does not wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::dev::ServerHandle;
use slog::{Logger, info, warn};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Stops `server` when the process is told to end.
pub(crate) fn on_signal(server: ServerHandle, draining: Arc<AtomicBool>, log: Logger) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    actix_web::rt::spawn(async move {
        either(&mut terminate, &mut interrupt).await;
        info!(
            log,
            "shutting down; running queries may end, a second signal does not wait for them"
        );
        draining.store(true, Ordering::Relaxed);
        let graceful = server.stop(true);
        tokio::select! {
            () = graceful => {}
            () = either(&mut terminate, &mut interrupt) => {
                warn!(log, "shutting down now");
                server.stop(false).await;
            }
        }
    });
    Ok(())
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}
