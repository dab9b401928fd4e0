//! One PostgreSQL connection.

use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::future::{maybe_done, poll_fn};
use gateway_core::BoundSql;
use tokio::task::AbortHandle;
use tokio_postgres::types::{FromSql, Type};
use tokio_postgres::{Client, Config, Row, RowStream};

use super::cancel::{CancelRequest, Line};
use super::param::{self, Param};
use super::prepared::{Cache, Prepared};
use super::tls::Tls;
use super::{error, value};
use crate::{
    Canceller, ConnectFailure, DriverError, Place, RowSink, RowStart, RowStep, RunEnd, ServerFacts, Session,
    Target,
};

/// Where PostgreSQL listens unless told otherwise.
const DEFAULT_PORT: u16 = 5432;

/// Pinned at connect: how text is read (so that the validator and the server agree), how values are shown, and a second
/// lock on writing that holds outside our own transactions too.
const PINNED: &str = "SET standard_conforming_strings = on; SET backslash_quote = safe_encoding; \
     SET client_encoding = 'UTF8'; SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601'; \
     SET extra_float_digits = 1; SET bytea_output = 'hex'; SET xmloption = 'content'; \
     SET default_transaction_read_only = on; SET lock_timeout = '10s'";

/// Ends every transaction: nothing stays of it, and nothing of what outlives a transaction and a query could leave.
const SETTLE: &str = "ROLLBACK; SELECT pg_advisory_unlock_all()";

/// A session on one server.
pub(super) struct PostgresSession {
    client: Client,
    statements: Cache,
    wire: Wire,
    line: Arc<Line>,
}

/// The task that owns the socket. Left to itself it reads what the server still has to send, however long that takes, before
/// it closes; a session that is dropped and not closed cuts it off.
struct Wire(Option<AbortHandle>);

impl Drop for Wire {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

impl PostgresSession {
    pub(super) async fn open(target: &Target<'_>) -> Result<Self, DriverError> {
        let tls = Tls::of(target).await?;
        let (options, line) = options(target, &tls)?;
        let (client, connection) = options
            .connect(tls)
            .await
            .map_err(|failure| error::connecting(&failure))?;
        let task = tokio::spawn(async move {
            // What goes wrong here also ends the request it concerns, where it is reported.
            let _ = connection.await;
        });
        let wire = Wire(Some(task.abort_handle()));
        client
            .batch_execute(PINNED)
            .await
            .map_err(|failure| error::connecting(&failure))?;
        Ok(Self {
            client,
            statements: Cache::new(),
            wire,
            line: Arc::new(line),
        })
    }

    async fn stream(&mut self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, Failed> {
        let prepared = self
            .statements
            .get(&self.client, sql)
            .await
            .map_err(Failed::Preparation)?;
        let begin = maybe_done(self.client.batch_execute("BEGIN READ ONLY"));
        let rows = maybe_done(
            self.client
                .query_raw(&prepared.statement, sql.values().iter().map(Param)),
        );
        let rollback = maybe_done(self.client.batch_execute(SETTLE));
        let (mut begin, mut rows, mut rollback) = (pin!(begin), pin!(rows), pin!(rollback));
        // Requests are sent when first polled and answered in order, so polling all three puts them in one flight. The
        // answer to the last comes after the rows and is awaited then.
        let mut sent = false;
        poll_fn(|context| {
            let begun = begin.as_mut().poll(context).is_ready();
            let started = rows.as_mut().poll(context).is_ready();
            if !sent {
                sent = true;
                let _ = rollback.as_mut().poll(context);
            }
            if begun && started {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        let outcome = match (begin.take_output(), rows.take_output()) {
            (Some(Ok(())), Some(Ok(rows))) => forward(rows, &prepared, sink).await,
            (Some(Ok(())), Some(Err(failure))) => Err(Failed::Statement(failure)),
            (Some(Err(failure)), _) => Err(Failed::Housekeeping("BEGIN READ ONLY", failure)),
            (None, _) | (_, None) => unreachable!("both are awaited above"),
        };
        match outcome {
            // The server may still be sending; the session is discarded, and with it the answer to ROLLBACK.
            Ok(RunEnd::Abandoned) => Ok(RunEnd::Abandoned),
            outcome => {
                rollback.as_mut().await;
                match rollback.take_output() {
                    Some(Err(failure)) => Err(Failed::Housekeeping("ROLLBACK", failure)),
                    Some(Ok(())) | None => outcome,
                }
            }
        }
    }
}

/// A failure before it is known whether it deserves a second attempt.
enum Failed {
    /// Before the statement was sent.
    Preparation(tokio_postgres::Error),
    Statement(tokio_postgres::Error),
    Housekeeping(&'static str, tokio_postgres::Error),
    Malformed,
}

impl From<tokio_postgres::Error> for Failed {
    fn from(failure: tokio_postgres::Error) -> Self {
        Self::Statement(failure)
    }
}

#[async_trait]
impl Session for PostgresSession {
    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::new(CancelRequest {
            token: self.client.cancel_token(),
            line: Arc::clone(&self.line),
        })
    }

    async fn run(&mut self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, DriverError> {
        let mut outcome = self.stream(sql, sink).await;
        if let Err(Failed::Statement(failure) | Failed::Preparation(failure)) = &outcome
            && error::is_stale_plan(failure)
            && !sink.has_delivered()
        {
            self.statements.forget(sql);
            outcome = self.stream(sql, sink).await;
        }
        outcome.map_err(|failed| match failed {
            Failed::Preparation(failure) => match refusal(&failure, sql) {
                DriverError::Lost(message) => DriverError::Stale(message),
                other => other,
            },
            Failed::Statement(failure) => refusal(&failure, sql),
            Failed::Housekeeping(step, failure) => error::housekeeping(step, &failure),
            Failed::Malformed => DriverError::Housekeeping {
                step: "decoding a row",
                message: "the server sent a value in an unknown format".into(),
            },
        })
    }

    async fn facts(&mut self) -> Result<ServerFacts, DriverError> {
        const ASK: &str = "SELECT version(), \
             (SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user) \
             OR has_database_privilege(current_database(), 'CREATE') \
             OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') \
                AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')), \
             (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid())";
        let row = self
            .client
            .query_one(ASK, &[])
            .await
            .map_err(|failure| error::housekeeping("asking for the version", &failure))?;
        Ok(ServerFacts {
            version: row.get(0),
            can_write: row.get(1),
            encrypted: row.get(2),
        })
    }

    async fn check(&mut self) -> Result<(), DriverError> {
        self.client
            .batch_execute("")
            .await
            .map_err(|failure| error::housekeeping("a sign of life", &failure))
    }

    fn is_broken(&self) -> bool {
        self.client.is_closed()
    }

    async fn close(mut self: Box<Self>) {
        self.wire.0 = None;
        // Dropping the client makes its connection task say goodbye.
    }
}

fn refusal(failure: &tokio_postgres::Error, sql: &BoundSql) -> DriverError {
    param::refusal(failure, sql).unwrap_or_else(|| error::statement(failure, sql))
}

/// How to connect, and where cancel requests go.
fn options(target: &Target<'_>, tls: &Tls) -> Result<(Config, Line), DriverError> {
    let config = target.config;
    let mut options = Config::new();
    options
        .user(config.username.as_deref().unwrap_or_default())
        .dbname(config.database.as_deref().unwrap_or_default())
        .ssl_mode(tls.mode())
        // No connect timeout of the library's: the pool's covers more, and tells it from a refusal.
        .application_name("nexus-gateway");
    if let Some(password) = target.password {
        options.password(password.expose());
    }
    let line = match target.place {
        Place::Tcp(address) => {
            let host = config.host.clone().unwrap_or_default();
            // The name is for certificates; the address is where the connection goes.
            options.host(&host).hostaddr(address.ip()).port(address.port());
            Line::Tcp {
                address: *address,
                host,
                tls: tls.clone(),
            }
        }
        Place::Socket(folder) => {
            let port = config.port.unwrap_or(DEFAULT_PORT);
            options.host_path(folder).port(port);
            Line::Unix(folder.join(format!(".s.PGSQL.{port}")))
        }
        Place::File(_) => {
            return Err(DriverError::Connect {
                reason: ConnectFailure::Unreachable,
                message: "no host configured".into(),
            });
        }
    };
    Ok((options, line))
}

async fn forward(rows: RowStream, prepared: &Prepared, sink: &mut RowSink) -> Result<RunEnd, Failed> {
    let mut rows = pin!(rows);
    let mut next = rows.next().await.transpose()?;
    // Not before the first row: a failure at the very start can still be repaired unseen.
    if sink.columns(Arc::clone(&prepared.columns)).await.is_err() {
        return Ok(RunEnd::Abandoned);
    }
    while let Some(row) = next {
        match sink.begin_row() {
            RowStart::Skip => {}
            RowStart::Enough => return Ok(end_of(rows.next().await.transpose()?.is_none())),
            RowStart::Take => {
                push_row(&row, prepared, sink)?;
                match sink.end_row() {
                    RowStep::More => {}
                    RowStep::Enough => return Ok(RunEnd::Abandoned),
                    RowStep::Flush if sink.flush().await.is_err() => return Ok(RunEnd::Abandoned),
                    RowStep::Flush => {}
                }
            }
        }
        next = rows.next().await.transpose()?;
    }
    Ok(RunEnd::Complete)
}

const fn end_of(exhausted: bool) -> RunEnd {
    if exhausted {
        RunEnd::Complete
    } else {
        RunEnd::Abandoned
    }
}

fn push_row(row: &Row, prepared: &Prepared, sink: &mut RowSink) -> Result<(), Failed> {
    let style = sink.style();
    for (index, reader) in prepared.readers.iter().enumerate() {
        let Raw(raw) = row.try_get(index)?;
        value::push(sink.cells(), reader, style, raw).map_err(|value::Malformed| Failed::Malformed)?;
    }
    Ok(())
}

/// The bytes of any value.
struct Raw<'a>(Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
