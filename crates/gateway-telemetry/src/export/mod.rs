//! From the end of a span to the collector: a bounded queue, and a thread that empties it.
//!
//! The thread has a runtime of its own, so that a gateway that is busy still sends, and one that sends is not slowed down.

mod client;
mod grpc;
mod queue;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use gateway_core::trace::Tracer;
use opentelemetry_proto::tonic::resource::v1::Resource;
use slog::Logger;
use tokio::sync::{oneshot, watch};

use crate::tracer::RatioTracer;
use crate::{TelemetryError, TelemetrySettings};
use client::Client;
use queue::Queue;
use worker::Worker;

pub use queue::Tally;

/// What sends spans, before it begins to.
pub struct Exporter {
    client: Client,
    resource: Resource,
    sample_ratio: f64,
}

impl Exporter {
    /// Reads the files and makes the client. Nothing is sent yet, and whether the collector is there plays no part.
    ///
    /// # Errors
    ///
    /// If the settings cannot be meant.
    pub fn open(settings: &TelemetrySettings) -> Result<Self, TelemetryError> {
        Ok(Self {
            client: Client::new(settings)?,
            resource: crate::message::resource(settings),
            sample_ratio: settings.sample_ratio,
        })
    }
}

/// Traces that are being sent.
pub struct Telemetry {
    tracer: Arc<dyn Tracer>,
    queue: Arc<Queue>,
    stop: watch::Sender<bool>,
    stopped: oneshot::Receiver<()>,
}

impl Telemetry {
    /// Begins to send.
    ///
    /// # Errors
    ///
    /// [`TelemetryError::Thread`].
    pub fn start(exporter: Exporter, log: &Logger) -> Result<Self, TelemetryError> {
        let (queue, spans) = Queue::new();
        let (stop, stopping) = watch::channel(false);
        let (done, stopped) = oneshot::channel();
        let worker = Worker {
            client: exporter.client,
            resource: exporter.resource,
            spans,
            queue: Arc::clone(&queue),
            stopping,
            log: log.clone(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(TelemetryError::Thread)?;
        std::thread::Builder::new()
            .name("traces".to_owned())
            .spawn(move || {
                runtime.block_on(worker.run());
                // Nobody may be waiting any more.
                let _ = done.send(());
            })
            .map_err(TelemetryError::Thread)?;
        Ok(Self {
            tracer: Arc::new(RatioTracer::new(exporter.sample_ratio, Arc::clone(&queue) as _)),
            queue,
            stop,
            stopped,
        })
    }

    /// Decides which requests are followed.
    #[must_use]
    pub fn tracer(&self) -> Arc<dyn Tracer> {
        Arc::clone(&self.tracer)
    }

    /// Takes no more spans and sends what waits, for no longer than `limit`. What became of all the spans there were.
    pub async fn stop(self, limit: Duration) -> Tally {
        self.stop.send_replace(true);
        // What is not sent by then is in the tally.
        let _ = tokio::time::timeout(limit, self.stopped).await;
        self.queue.tally()
    }
}
