//! One SQLite connection on a thread of its own.
//!
//! SQLite calls block, so each connection lives on a dedicated thread that takes commands from a channel. Rows go from
//! that thread straight into the sink; its bounded channel makes the thread wait when the reader is slow.

use std::path::PathBuf;
use std::sync::{Arc, mpsc as std_mpsc};

use async_trait::async_trait;
use gateway_core::{BoundSql, Column};
use rusqlite::{Connection, InterruptHandle};
use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot};

use super::{error, guard, types, value};
use crate::{Canceller, DriverError, ReaderGone, RowSink, RowStart, RowStep, RunEnd, ServerFacts, Session};

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
}

/// A session on one file.
pub(super) struct SqliteSession {
    commands: std_mpsc::Sender<Command>,
    canceller: Arc<Interrupt>,
    broken: bool,
}

struct Interrupt {
    statement: InterruptHandle,
    /// The thread may wait for its reader instead of working.
    waiting: Notify,
}

#[async_trait]
impl Canceller for Interrupt {
    async fn cancel(&self) -> Result<(), DriverError> {
        self.statement.interrupt();
        self.waiting.notify_waiters();
        Ok(())
    }

    async fn cancel_lost(&self) -> Result<(), DriverError> {
        // There is no connection that could break.
        Ok(())
    }
}

/// The thread's side of a session.
struct Worker {
    connection: Connection,
    interrupt: Arc<Interrupt>,
    runtime: Handle,
}

impl SqliteSession {
    pub(super) async fn open(path: PathBuf) -> Result<Self, DriverError> {
        let (opened, opening) = oneshot::channel();
        let (commands, inbox) = std_mpsc::channel();
        let runtime = Handle::current();
        let spawned =
            std::thread::Builder::new()
                .name("sqlite".into())
                .spawn(move || match guard::open(&path) {
                    Ok(connection) => {
                        let interrupt = Arc::new(Interrupt {
                            statement: connection.get_interrupt_handle(),
                            waiting: Notify::new(),
                        });
                        if opened.send(Ok(Arc::clone(&interrupt))).is_ok() {
                            let worker = Worker {
                                connection,
                                interrupt,
                                runtime,
                            };
                            worker.serve(&inbox);
                        }
                    }
                    Err(failure) => {
                        let _ = opened.send(Err(error::opening(&failure)));
                    }
                });
        spawned.map_err(|failure| DriverError::Housekeeping {
            step: "starting a thread",
            message: failure.to_string(),
        })?;
        let interrupt = opening.await.map_err(|_| thread_gone())??;
        Ok(Self {
            commands,
            canceller: interrupt,
            broken: false,
        })
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

#[async_trait]
impl Session for SqliteSession {
    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::clone(&self.canceller) as Arc<dyn Canceller>
    }

    async fn run(&mut self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, DriverError> {
        let (reply, answer) = oneshot::channel();
        let lent = Box::new(std::mem::replace(sink, RowSink::detached()));
        let (returned, outcome) = self
            .ask(
                Command::Run {
                    sql: sql.clone(),
                    sink: lent,
                    reply,
                },
                answer,
            )
            .await?;
        *sink = *returned;
        outcome
    }

    async fn facts(&mut self) -> Result<ServerFacts, DriverError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Command::Facts { reply }, answer).await?
    }

    fn is_broken(&self) -> bool {
        self.broken
    }

    async fn close(self: Box<Self>) {}
}

fn thread_gone() -> DriverError {
    DriverError::Lost("the connection's thread has ended".into())
}

impl Worker {
    /// Works until the session is dropped.
    fn serve(&self, inbox: &std_mpsc::Receiver<Command>) {
        while let Ok(command) = inbox.recv() {
            match command {
                Command::Run { sql, mut sink, reply } => {
                    let outcome = self.run(&sql, &mut sink);
                    let _ = reply.send((sink, outcome));
                }
                Command::Facts { reply } => {
                    let _ = reply.send(facts(&self.connection));
                }
            }
        }
    }

    fn run(&self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, DriverError> {
        execute(&self.connection, "BEGIN DEFERRED")?;
        let outcome = self.stream(sql, sink);
        execute(&self.connection, "ROLLBACK")?;
        outcome
    }

    fn stream(&self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, DriverError> {
        let of_statement = |failure: rusqlite::Error| error::statement(&failure, sql.text());
        let mut statement = self.connection.prepare_cached(sql.text()).map_err(of_statement)?;
        if !statement.readonly() {
            return Err(DriverError::Housekeeping {
                step: "the engine's own read-only check",
                message: "the statement would write".into(),
            });
        }
        bind(&mut statement, sql)?;
        let origins = types::origins(&statement, sql.text());
        let mut rows = statement.raw_query();
        let mut row = rows.next().map_err(of_statement)?;
        let columns: Vec<Column> = origins
            .into_iter()
            .enumerate()
            .map(|(index, origin)| types::column(origin, row.and_then(|row| row.get_ref(index).ok())))
            .collect();
        let readers: Vec<value::Reader> = columns
            .iter()
            .map(|column| value::Reader {
                standard: column.standard_type,
                scale: column.scale.and_then(|scale| usize::try_from(scale).ok()),
            })
            .collect();
        // Resetting the statement ends it, so stopping early always leaves the connection complete.
        if self.deliver(sink.columns(columns.into())).is_err() {
            return Ok(RunEnd::Complete);
        }
        while let Some(current) = row {
            match sink.begin_row() {
                RowStart::Skip => {}
                RowStart::Enough => return Ok(RunEnd::Complete),
                RowStart::Take => {
                    for (index, reader) in readers.iter().enumerate() {
                        value::push(
                            sink.cells(),
                            *reader,
                            current.get_ref(index).map_err(of_statement)?,
                        );
                    }
                    match sink.end_row() {
                        RowStep::More => {}
                        RowStep::Enough => return Ok(RunEnd::Complete),
                        RowStep::Flush if self.deliver(sink.flush()).is_err() => return Ok(RunEnd::Complete),
                        RowStep::Flush => {}
                    }
                }
            }
            row = rows.next().map_err(of_statement)?;
        }
        Ok(RunEnd::Complete)
    }

    /// Waits for the reader, but no longer than until the statement is cancelled.
    fn deliver(&self, delivery: impl Future<Output = Result<(), ReaderGone>>) -> Result<(), ReaderGone> {
        self.runtime.block_on(async {
            tokio::select! {
                delivered = delivery => delivered,
                () = self.interrupt.waiting.notified() => Err(ReaderGone),
            }
        })
    }
}

fn facts(connection: &Connection) -> Result<ServerFacts, DriverError> {
    let version = connection
        .query_row("SELECT sqlite_version()", [], |row| row.get::<_, String>(0))
        .map_err(|failure| error::housekeeping("asking for the version", &failure))?;
    Ok(ServerFacts {
        version: format!("SQLite {version}"),
        can_write: Some(false),
        encrypted: None,
    })
}

fn execute(connection: &Connection, sql: &'static str) -> Result<(), DriverError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute([]))
        .map(|_| ())
        .map_err(|failure| error::housekeeping(sql, &failure))
}

fn bind(statement: &mut rusqlite::CachedStatement<'_>, sql: &BoundSql) -> Result<(), DriverError> {
    for (index, parameter) in sql.values().iter().enumerate() {
        let refuse = |message| DriverError::Parameter {
            name: sql.label(index).to_owned(),
            message,
        };
        let value = value::to_sql(parameter).map_err(refuse)?;
        statement
            .raw_bind_parameter(index + 1, value)
            .map_err(|failure| error::housekeeping("binding a parameter", &failure))?;
    }
    Ok(())
}
