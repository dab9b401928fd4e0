//! The thread's work: gathering spans and sending them.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::trace::Span;
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;
use slog::{Logger, info, warn};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::client::{Client, SendError};
use super::queue::Queue;

/// Most spans sent at once.
const BATCH: usize = 512;

/// How long a batch may take to fill.
const GATHERING: Duration = Duration::from_secs(1);

/// The first pause before a batch is sent again; each is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// How often, at most, the log says that the collector does not take spans.
const TOLD_EVERY: Duration = Duration::from_mins(1);

pub(super) struct Worker {
    pub(super) client: Client,
    pub(super) resource: Resource,
    pub(super) spans: mpsc::Receiver<Span>,
    pub(super) queue: Arc<Queue>,
    /// Becomes true when only what waits is to be sent.
    pub(super) stopping: watch::Receiver<bool>,
    pub(super) log: Logger,
}

impl Worker {
    pub(super) async fn run(mut self) {
        let mut trouble = Trouble::default();
        let mut batch = Vec::with_capacity(BATCH);
        while self.gather(&mut batch).await {
            let count = batch.len() as u64;
            let message = crate::message::request(&self.resource, std::mem::take(&mut batch));
            match self.send(&message.encode_to_vec()).await {
                Ok(refused) => {
                    let refused = refused.min(count);
                    self.queue.count_sent(count - refused);
                    self.queue.count_failed(refused);
                    trouble.over(&self.log);
                }
                Err(error) => {
                    self.queue.count_failed(count);
                    trouble.tell(&self.log, &error, self.queue.tally().dropped);
                }
            }
        }
    }

    /// Waits for spans, and then a moment for more of them. False when there will be none.
    async fn gather(&mut self, batch: &mut Vec<Span>) -> bool {
        let mut until = None;
        while batch.len() < BATCH {
            // A sender that is gone cannot say so any more.
            let is_stopping = *self.stopping.borrow() || self.stopping.has_changed().is_err();
            if is_stopping {
                self.spans.close();
            }
            let pause = async {
                match until {
                    Some(until) => tokio::time::sleep_until(until).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                taken = self.spans.recv_many(batch, BATCH) => {
                    if taken == 0 {
                        break;
                    }
                    until.get_or_insert_with(|| Instant::now() + GATHERING);
                }
                _ = self.stopping.changed(), if !is_stopping => {}
                () = pause => break,
            }
        }
        !batch.is_empty()
    }

    /// Sends a batch, again and again while there is hope and time. How many of its spans the collector did not want.
    async fn send(&mut self, message: &[u8]) -> Result<u64, SendError> {
        let until = Instant::now() + self.client.timeout();
        let mut pause = FIRST_PAUSE;
        loop {
            let error = match self.client.send(message, until).await {
                Ok(refused) => return Ok(refused),
                Err(error) => error,
            };
            let wait = error.retry_after().unwrap_or(pause).max(pause);
            let is_late = Instant::now() + wait >= until;
            if !error.is_passing() || is_late || self.is_told_to_stop_within(wait).await {
                return Err(error);
            }
            pause *= 2;
        }
    }

    async fn is_told_to_stop_within(&mut self, wait: Duration) -> bool {
        let told = self.stopping.wait_for(|stopping| *stopping);
        tokio::time::timeout(wait, told).await.is_ok()
    }
}

/// Whether the collector takes spans, as far as the log knows.
#[derive(Default)]
struct Trouble {
    told: Option<Instant>,
}

impl Trouble {
    fn tell(&mut self, log: &Logger, error: &SendError, dropped: u64) {
        if self.told.is_some_and(|told| told.elapsed() < TOLD_EVERY) {
            return;
        }
        self.told = Some(Instant::now());
        warn!(log, "traces cannot be sent; requests go on without them"; "error" => %error, "dropped" => dropped);
    }

    fn over(&mut self, log: &Logger) {
        if self.told.take().is_some() {
            info!(log, "traces are sent again");
        }
    }
}
