//! One SQLite connection on a thread of its own.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use gateway_core::{BoundSql, Column};
use rusqlite::{Connection, InterruptHandle};
use tokio::sync::Notify;

use super::{error, guard, types, value};
use crate::threaded::{Blocking, Delivery, Pushed, Threaded, Wanted};
use crate::{Canceller, DriverError, RowSink, RunEnd, ServerFacts, Session};

/// A session on one file.
pub(super) struct SqliteSession {
    thread: Threaded,
    canceller: Arc<Interrupt>,
}

struct Interrupt {
    statement: InterruptHandle,
    /// The thread may wait for its reader instead of working.
    waiting: Arc<Notify>,
}

#[async_trait]
impl Canceller for Interrupt {
    async fn cancel(&self) -> Result<(), DriverError> {
        self.statement.interrupt();
        // Kept for a thread that is about to wait; the session runs nothing after this.
        self.waiting.notify_one();
        Ok(())
    }

    async fn cancel_lost(&self) -> Result<(), DriverError> {
        // There is no connection that could break.
        Ok(())
    }
}

impl SqliteSession {
    pub(super) async fn open(path: PathBuf) -> Result<Self, DriverError> {
        let waiting = Arc::new(Notify::new());
        let open = move || {
            let connection = guard::open(&path).map_err(|failure| error::opening(&failure))?;
            let interrupt = connection.get_interrupt_handle();
            Ok((File { connection }, interrupt))
        };
        let (thread, statement) = Threaded::start("sqlite", Arc::clone(&waiting), open).await?;
        let canceller = Arc::new(Interrupt { statement, waiting });
        Ok(Self { thread, canceller })
    }
}

#[async_trait]
impl Session for SqliteSession {
    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::clone(&self.canceller) as Arc<dyn Canceller>
    }

    async fn run(&mut self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, DriverError> {
        self.thread.run(sql, sink).await
    }

    async fn facts(&mut self) -> Result<ServerFacts, DriverError> {
        self.thread.facts().await
    }

    fn is_broken(&self) -> bool {
        self.thread.is_broken()
    }

    async fn close(self: Box<Self>) {
        self.thread.close().await;
    }
}

/// The thread's side of a session.
struct File {
    connection: Connection,
}

impl Blocking for File {
    fn run(&mut self, sql: &BoundSql, out: &mut Delivery<'_>) -> Result<RunEnd, DriverError> {
        execute(&self.connection, "BEGIN DEFERRED")?;
        let outcome = self.stream(sql, out);
        execute(&self.connection, "ROLLBACK")?;
        outcome
    }

    fn facts(&mut self) -> Result<ServerFacts, DriverError> {
        facts(&self.connection)
    }

    fn close(self: Box<Self>) {}
}

impl File {
    fn stream(&self, sql: &BoundSql, out: &mut Delivery<'_>) -> Result<RunEnd, DriverError> {
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
        if out.columns(columns) == Wanted::Enough {
            return Ok(RunEnd::Complete);
        }
        while let Some(current) = row {
            let wanted = out.row(readers.len(), |out, index| {
                let value = current.get_ref(index).map_err(of_statement)?;
                value::push(out.cells(), readers[index], value);
                Ok::<_, DriverError>(Pushed::Whole)
            })?;
            if wanted == Wanted::Enough {
                return Ok(RunEnd::Complete);
            }
            row = rows.next().map_err(of_statement)?;
        }
        Ok(RunEnd::Complete)
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
