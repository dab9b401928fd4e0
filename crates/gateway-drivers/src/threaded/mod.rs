//! Sessions of clients whose calls block: each lives on a thread of its own, which takes commands from a channel.
//!
//! Rows go from that thread straight into the sink, whose bounded channel makes the thread wait when the reader is slow. A
//! thread whose client panics ends, and its session with it.

mod delivery;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};

use gateway_core::BoundSql;
use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot};

use crate::{DriverError, RowSink, RunEnd, ServerFacts};

pub(crate) use delivery::{Delivery, Pushed, Wanted};

/// What a client can do, on the thread that it lives on.
pub(crate) trait Blocking: 'static {
    /// Runs a statement as [`Session::run`](crate::Session::run) must.
    fn run(&mut self, sql: &BoundSql, out: &mut Delivery<'_>) -> Result<RunEnd, DriverError>;

    /// Asks the server about itself.
    fn facts(&mut self) -> Result<ServerFacts, DriverError>;

    /// Says goodbye to the server.
    fn close(self: Box<Self>);
}

type RunReply = (Box<RowSink>, Result<RunEnd, DriverError>);

enum Command {
    Run {
        sql: BoundSql,
        sink: Box<RowSink>,
        reply: oneshot::Sender<RunReply>,
    },
    Facts {
        reply: oneshot::Sender<Result<ServerFacts, DriverError>>,
    },
    Close {
        reply: oneshot::Sender<()>,
    },
}

/// The handle of a client on a thread. The thread ends after its handle has been dropped, and says goodbye then.
pub(crate) struct Threaded {
    commands: mpsc::Sender<Command>,
    broken: bool,
}

impl Threaded {
    /// Starts a thread called `name` and opens a client on it. What `open` returns beside the client comes back to the caller.
    /// `stop` wakes the thread when it waits for a reader.
    pub(crate) async fn start<C: Blocking, T: Send + 'static>(
        name: &'static str,
        stop: Arc<Notify>,
        open: impl FnOnce() -> Result<(C, T), DriverError> + Send + 'static,
    ) -> Result<(Self, T), DriverError> {
        let (opened, opening) = oneshot::channel();
        let (commands, inbox) = mpsc::channel();
        let runtime = Handle::current();
        let body = move || match guarded(open) {
            Ok(Ok((client, extra))) => {
                // The opener may have gone meanwhile; then the commands' channel is closed, too.
                let _ = opened.send(Ok(extra));
                serve(Box::new(client), &inbox, &runtime, &stop);
            }
            Ok(Err(failure)) | Err(failure) => {
                let _ = opened.send(Err(failure));
            }
        };
        let spawned = std::thread::Builder::new().name(name.into()).spawn(body);
        spawned.map_err(|failure| DriverError::Housekeeping {
            step: "starting a thread",
            message: failure.to_string(),
        })?;
        let extra = opening.await.map_err(|_| thread_gone())??;
        let broken = false;
        Ok((Self { commands, broken }, extra))
    }

    /// Runs a statement on the thread.
    pub(crate) async fn run(&mut self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, DriverError> {
        let (reply, answer) = oneshot::channel();
        let lent = Box::new(std::mem::replace(sink, RowSink::detached()));
        let command = Command::Run {
            sql: sql.clone(),
            sink: lent,
            reply,
        };
        let (returned, outcome) = self.ask(command, answer).await?;
        *sink = *returned;
        if matches!(outcome, Err(DriverError::Lost(_) | DriverError::Stale(_))) {
            self.broken = true;
        }
        outcome
    }

    /// Asks about the server on the thread.
    pub(crate) async fn facts(&mut self) -> Result<ServerFacts, DriverError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Command::Facts { reply }, answer).await?
    }

    /// Whether nothing more is to be expected of it.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Ends the client in an orderly way, and returns when that is done.
    pub(crate) async fn close(mut self) {
        let (reply, answer) = oneshot::channel();
        let _ = self.ask(Command::Close { reply }, answer).await;
    }

    async fn ask<T>(&mut self, command: Command, answer: oneshot::Receiver<T>) -> Result<T, DriverError> {
        let sent = self.commands.send(command).is_ok();
        match answer.await {
            Ok(answer) if sent => Ok(answer),
            _ => {
                self.broken = true;
                Err(thread_gone())
            }
        }
    }
}

/// Works until the handle is dropped or the client has panicked.
fn serve(mut client: Box<dyn Blocking>, inbox: &mpsc::Receiver<Command>, runtime: &Handle, stop: &Notify) {
    while let Ok(command) = inbox.recv() {
        let is_sound = match command {
            Command::Run { sql, mut sink, reply } => {
                let mut out = Delivery::new(&mut sink, runtime, stop);
                let outcome = guarded(|| client.run(&sql, &mut out));
                let is_sound = outcome.is_ok();
                let _ = reply.send((sink, outcome.unwrap_or_else(Err)));
                is_sound
            }
            Command::Facts { reply } => {
                let outcome = guarded(|| client.facts());
                let is_sound = outcome.is_ok();
                let _ = reply.send(outcome.unwrap_or_else(Err));
                is_sound
            }
            Command::Close { reply } => {
                let _ = guarded(|| client.close());
                let _ = reply.send(());
                return;
            }
        };
        if !is_sound {
            // Not even its destructor is trusted after a panic.
            let _ = guarded(|| drop(client));
            return;
        }
    }
    let _ = guarded(|| client.close());
}

/// Runs `call`, and makes a failure of a panic: a client library's fault must not end more than its session.
fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, DriverError> {
    // What it was about is not told: it could quote a value.
    catch_unwind(AssertUnwindSafe(call)).map_err(|_| DriverError::Lost("the client library panicked".into()))
}

fn thread_gone() -> DriverError {
    DriverError::Lost("the connection's thread has ended".into())
}
