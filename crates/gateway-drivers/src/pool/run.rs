//! One query from lease to end. A task of its own owns the session, so that a reader who leaves, at whatever moment,
//! leaves a cancelled statement and a clean pool behind.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway_core::trace::Stage;
use gateway_core::{Classify, Frame, QueryRequest, QuerySummary};
use tokio::sync::mpsc;

use super::activity::Running;
use super::signal::Signal;
use super::{Lease, SourcePool, traced};
use crate::stream::{CHANNEL_FRAMES, FrameResult};
use crate::{CancelCause, Canceller, DriverError, RowSink, RunEnd};

/// How long a cancelled statement may take to acknowledge before it is told again.
const CANCEL_REPEAT: Duration = Duration::from_millis(100);

/// How long cancelling may take in all before the connection is simply cut.
const CANCEL_LIMIT: Duration = Duration::from_secs(3);

/// A running query, seen from its reader.
#[derive(Debug)]
pub struct QueryStream {
    frames: mpsc::Receiver<FrameResult>,
    canceller: QueryCanceller,
}

impl QueryStream {
    /// The next frame; `None` after the end frame or an error.
    pub async fn next(&mut self) -> Option<Result<Frame, DriverError>> {
        self.frames.recv().await
    }

    /// [`QueryStream::next`] in the form that hand-written streams need.
    pub fn poll_next(
        &mut self,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame, DriverError>>> {
        self.frames.poll_recv(context)
    }

    /// A handle that cancels this query from anywhere.
    #[must_use]
    pub fn canceller(&self) -> QueryCanceller {
        self.canceller.clone()
    }
}

/// Cancels one query.
#[derive(Debug, Clone)]
pub struct QueryCanceller(Arc<Signal>);

impl QueryCanceller {
    /// Stops the query on the server; its stream ends with [`DriverError::Cancelled`]. Harmless after its end.
    pub fn cancel(&self) {
        self.0.give();
    }
}

pub(super) fn start(pool: SourcePool, lease: Lease, request: QueryRequest, started: Instant) -> QueryStream {
    let (frames, reader) = mpsc::channel(CHANNEL_FRAMES);
    let cancelled = Arc::new(Signal::default());
    let running = pool.activity.enter();
    let executing = traced::begin(&request);
    tokio::spawn(
        Run {
            pool,
            request,
            frames,
            cancelled: Arc::clone(&cancelled),
            started,
            running,
            executing,
        }
        .drive(lease),
    );
    QueryStream {
        frames: reader,
        canceller: QueryCanceller(cancelled),
    }
}

struct Run {
    pool: SourcePool,
    request: QueryRequest,
    frames: mpsc::Sender<FrameResult>,
    cancelled: Arc<Signal>,
    started: Instant,
    running: Running,
    executing: Stage,
}

/// Why the statement is not running any more.
enum Stop {
    /// The session says so.
    Ended(Result<RunEnd, DriverError>),
    /// We say so, and the server must be told.
    Cut(DriverError),
}

impl Run {
    async fn drive(mut self, mut lease: Lease) {
        let mut sink = RowSink::new(self.frames.clone(), self.request.limits).styled(self.request.style);
        let mut stop = self.attempt(&mut lease, &mut sink).await;
        if !sink.has_delivered() && is_stale(&stop, &lease) {
            // The server was restarted behind our back. The statement never reached it, so once more on a new session.
            discard(lease);
            self.pool.drop_idle();
            self.executing.event("session was stale");
            lease = match self.pool.lease(self.request.limits.deadline).await {
                Ok(lease) => lease,
                Err(error) => {
                    std::mem::take(&mut self.executing).failed(error.kind().code());
                    return self.fail(error).await;
                }
            };
            stop = self.attempt(&mut lease, &mut sink).await;
        }
        if is_answer(&stop) {
            self.pool.sessions.manager().pulse.answered();
        }
        let outcome = match settle(lease, stop, sink.has_columns()) {
            Err(DriverError::Deadline) if sink.keeps_rows_at_deadline() => Ok(()),
            outcome => outcome,
        };
        let has_reader = !self.frames.is_closed();
        traced::end(
            std::mem::take(&mut self.executing),
            &outcome,
            sink.counts(),
            has_reader,
        );
        match outcome {
            Ok(()) => self.finish(&mut sink).await,
            Err(error) => self.fail(error).await,
        }
    }

    /// Runs the statement once; tells the server to stop unless it is certain that it has.
    async fn attempt(&mut self, lease: &mut Lease, sink: &mut RowSink) -> Stop {
        lease.counted.is_sound = false;
        let canceller = lease.session.canceller();
        let deadline = tokio::time::sleep_until(self.request.limits.deadline.into());
        let mut running = lease.session.run(&self.request.sql, sink);
        let cut = tokio::select! {
            biased;
            ended = &mut running => match ended {
                Ok(RunEnd::Complete) => return Stop::Ended(Ok(RunEnd::Complete)),
                // The session has stopped reading, the server has perhaps not stopped sending.
                Ok(RunEnd::Abandoned) => None,
                Err(error) => {
                    if matches!(error, DriverError::Lost(_)) {
                        self.pool.sessions.manager().pulse.lost(&error);
                        self.pool.stop_lost(canceller);
                    }
                    return Stop::Ended(Err(error));
                }
            },
            () = deadline => Some(DriverError::Deadline),
            () = self.cancelled.given() => Some(DriverError::Cancelled(CancelCause::Requested)),
            () = self.running.told_to_stop() => Some(DriverError::Cancelled(CancelCause::ShuttingDown)),
            () = self.frames.closed() => Some(DriverError::Cancelled(CancelCause::ReaderLeft)),
        };
        // A session that waits for its reader cannot acknowledge, and its statement has certainly begun: once is enough.
        let is_stalled = self.frames.capacity() == 0;
        match cut {
            None => {
                self.told(tell(&*canceller).await, canceller);
                Stop::Ended(Ok(RunEnd::Abandoned))
            }
            Some(error) if is_stalled => {
                self.told(tell(&*canceller).await, canceller);
                Stop::Cut(error)
            }
            Some(error) => {
                let stopping = tokio::time::timeout(CANCEL_LIMIT, stop_on_server(&*canceller, running));
                self.told(stopping.await.unwrap_or(false), canceller);
                Stop::Cut(error)
            }
        }
    }

    /// A server that could not be told is told later: the network may come back while the statement still runs.
    fn told(&self, is_told: bool, canceller: Arc<dyn Canceller>) {
        if !is_told {
            self.pool.stop_lost(canceller);
        }
    }

    async fn finish(&self, sink: &mut RowSink) {
        let counts = sink.counts();
        let summary = QuerySummary {
            rows: counts.rows,
            bytes: counts.bytes,
            truncated_by: counts.truncated_by,
            elapsed: self.started.elapsed(),
        };
        if sink.flush().await.is_ok() {
            // A reader that has gone needs no end.
            let _ = self.frames.send(Ok(Frame::End(summary))).await;
        }
    }

    async fn fail(&self, error: DriverError) {
        let _ = self.frames.send(Err(error)).await;
    }
}

/// Tells the server to stop, once; whether that could be delivered.
async fn tell(canceller: &dyn Canceller) -> bool {
    let told = tokio::time::timeout(CANCEL_LIMIT, canceller.cancel()).await;
    told.is_ok_and(|outcome| outcome.is_ok())
}

/// Tells the server to stop until the session reports that it has; whether it did. Once is not enough: a request that arrives
/// between two steps of a statement, say after it was prepared and before it is executed, stops nothing. And a session whose
/// connection broke meanwhile reports nothing: the statement may still run, unless the server has confirmed that it stopped it.
async fn stop_on_server(
    canceller: &dyn Canceller,
    mut running: impl Future<Output = Result<RunEnd, DriverError>> + Unpin,
) -> bool {
    loop {
        let told = canceller.cancel().await;
        match tokio::time::timeout(CANCEL_REPEAT, &mut running).await {
            Ok(Err(DriverError::Lost(_))) => return told.is_ok() && canceller.is_confirmed(),
            Ok(Ok(_) | Err(_)) => return true,
            Err(_) if told.is_err() => return false,
            Err(_) => {}
        }
    }
}

/// How often a server that cannot be reached is told to stop what a broken connection left running. The pauses between double,
/// so that this goes on for one or two minutes.
const LOST_ATTEMPTS: u32 = 7;

/// How often a server is told that does not confirm it.
const UNCONFIRMED: u32 = 3;

/// Tells a server to stop what a broken connection left running.
pub(super) async fn stop_lost(canceller: &dyn Canceller) {
    let mut wanted = if canceller.is_confirmed() { 1 } else { UNCONFIRMED };
    for attempt in 0..LOST_ATTEMPTS {
        // A server that is merely slow needs more time, not more attempts.
        let patience = CANCEL_LIMIT * (attempt + 1);
        let told = tokio::time::timeout(patience, canceller.cancel_lost()).await;
        if told.is_ok_and(|outcome| outcome.is_ok()) {
            wanted -= 1;
        }
        if wanted == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(500) * 2_u32.pow(attempt)).await;
    }
}

/// Returns the session to the pool if it is certainly as it was, and discards it otherwise. This comes before the last
/// frame is sent: a reader that does not read must not keep a session.
fn settle(mut lease: Lease, stop: Stop, gave_columns: bool) -> Result<(), DriverError> {
    match stop {
        Stop::Ended(Ok(RunEnd::Complete)) if gave_columns => {
            lease.rest();
            Ok(())
        }
        Stop::Ended(Ok(RunEnd::Complete | RunEnd::Abandoned)) => {
            discard(lease);
            Ok(())
        }
        Stop::Ended(Err(error)) => {
            if error.leaves_session_usable() {
                lease.rest();
            } else {
                discard(lease);
            }
            Err(error)
        }
        Stop::Cut(error) => {
            discard(lease);
            Err(error)
        }
    }
}

/// Takes the session out of the pool for good. Dropping it closes its connection.
pub(super) fn discard(lease: Lease) {
    Lease::take(lease).give_up();
}

/// Whether the session was dead before the statement was sent on it. A session that was opened for this statement cannot be.
fn is_stale(stop: &Stop, lease: &Lease) -> bool {
    matches!(stop, Stop::Ended(Err(DriverError::Stale(_)))) && Lease::metrics(lease).recycle_count > 0
}

/// Whether the database has said something.
fn is_answer(stop: &Stop) -> bool {
    match stop {
        Stop::Ended(Ok(_) | Err(DriverError::Statement(_))) => true,
        Stop::Ended(Err(_)) | Stop::Cut(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use async_trait::async_trait;

    use super::*;

    /// A server that can be told, or not, and confirms it, or not.
    #[derive(Default)]
    struct Server {
        is_near: bool,
        confirms: bool,
        asked: AtomicU32,
    }

    #[async_trait]
    impl Canceller for Server {
        async fn cancel(&self) -> Result<(), DriverError> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            match self.is_near {
                true => Ok(()),
                false => Err(DriverError::Lost("no way to it".to_owned())),
            }
        }

        async fn cancel_lost(&self) -> Result<(), DriverError> {
            self.cancel().await
        }

        fn is_confirmed(&self) -> bool {
            self.confirms
        }
    }

    fn server(is_near: bool, confirms: bool) -> Server {
        Server {
            is_near,
            confirms,
            ..Server::default()
        }
    }

    #[tokio::test]
    async fn a_broken_connection_is_no_sign_that_a_statement_has_stopped() {
        let lost = || Err(DriverError::Lost("cut".to_owned()));
        let refused = || Err(DriverError::Cancelled(CancelCause::Requested));
        for (is_near, confirms, ended, has_stopped) in [
            (false, true, lost(), false),
            (true, true, lost(), true),
            (true, false, lost(), false),
            (false, true, refused(), true),
            (true, false, refused(), true),
            (false, false, Ok(RunEnd::Complete), true),
        ] {
            let stopped = stop_on_server(&server(is_near, confirms), std::future::ready(ended)).await;
            assert_eq!(stopped, has_stopped);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_is_told_again_until_it_is_likely_that_it_was() {
        for (is_near, confirms, times) in [
            (true, true, 1),
            (true, false, 3),
            (false, true, 7),
            (false, false, 7),
        ] {
            let server = server(is_near, confirms);
            stop_lost(&server).await;
            assert_eq!(server.asked.load(Ordering::SeqCst), times);
        }
    }
}
