//! One PostgreSQL connection.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use gateway_core::BoundSql;
use postgres_protocol::message::frontend::{self, BindError};

use super::cancel::CancelRequest;
use super::failed::Failed;
use super::param;
use super::prepared::{Cache, Prepared};
use super::refusal::Failure;
use super::value::Malformed;
use super::wire::{Account, Line, Wire, tag};
use super::{error, value};
use crate::transport::Tls;
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

/// From version 14 on, the server looks from time to time whether anybody still waits for a statement that computes. A gateway
/// that was killed cannot cancel anything.
const NOTICE_OUR_END: &str = "SET client_connection_check_interval = '10s'";

/// The first version that can.
const NOTICES_SINCE: u32 = 14;

/// What goes before the caller's statement and after it, prepared once in a session: the transaction, and giving back what
/// could outlive it. That comes first, because it needs no transaction of its own then.
const BEGIN: (&str, &str) = ("begin", "BEGIN READ ONLY");
const UNLOCK: (&str, &str) = ("unlock", "SELECT pg_catalog.pg_advisory_unlock_all()");
const ROLLBACK: (&str, &str) = ("rollback", "ROLLBACK");

/// The same where the caller's statement failed and took the rest of the flight with it.
const SETTLE: &str = "ROLLBACK; SELECT pg_catalog.pg_advisory_unlock_all()";

/// A session on one server.
pub(super) struct PostgresSession {
    wire: Wire,
    statements: Cache,
    canceller: Arc<CancelRequest>,
    frame: Frame,
    broken: bool,
}

/// The messages that stand around every statement's own.
struct Frame {
    opening: Bytes,
    closing: Bytes,
}

impl Frame {
    fn new() -> Result<Self, Failure> {
        let mut opening = BytesMut::new();
        execute(BEGIN.0, &mut opening)?;
        let mut closing = BytesMut::new();
        execute(UNLOCK.0, &mut closing)?;
        execute(ROLLBACK.0, &mut closing)?;
        frontend::sync(&mut closing);
        Ok(Self {
            opening: opening.freeze(),
            closing: closing.freeze(),
        })
    }
}

/// Writes what executes a statement of ours, which has no parameters.
fn execute(name: &str, out: &mut BytesMut) -> Result<(), Failure> {
    let values: [(); 0] = [];
    frontend::bind(
        "",
        name,
        [],
        values,
        |(), _| Ok(postgres_protocol::IsNull::Yes),
        [],
        out,
    )
    .map_err(|_| Failure::OutOfStep)?;
    Ok(frontend::execute("", 0, out)?)
}

impl PostgresSession {
    pub(super) async fn open(target: &Target<'_>) -> Result<Self, DriverError> {
        let line = line(target).await?;
        let account = Account {
            user: target.config.username.as_deref().unwrap_or_default(),
            database: target.config.database.as_deref().unwrap_or_default(),
            password: target.password,
        };
        Self::enter(line, &account)
            .await
            .map_err(|failure| error::connecting(&failure))
    }

    async fn enter(line: Line, account: &Account<'_>) -> Result<Self, Failure> {
        let (mut wire, key) = Wire::open(&line, account).await?;
        let can_notice = wire.version().is_some_and(|version| version >= NOTICES_SINCE);
        wire.write_run(PINNED)?;
        if can_notice {
            wire.write_run(NOTICE_OUR_END)?;
        }
        wire.write_kept(&[BEGIN, UNLOCK, ROLLBACK])?;
        wire.pass_over().await?;
        if can_notice {
            match wire.pass_over().await {
                // Not every operating system lets the server look.
                Ok(()) | Err(Failure::Refused(_)) => {}
                Err(failure) => return Err(failure),
            }
        }
        wire.pass_over().await?;
        Ok(Self {
            wire,
            statements: Cache::new(),
            canceller: Arc::new(CancelRequest { key, line }),
            frame: Frame::new()?,
            broken: false,
        })
    }

    async fn stream(&mut self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, Failed> {
        self.wire.begin().map_err(Failed::Stale)?;
        let prepared = self
            .statements
            .get(&mut self.wire, sql)
            .await
            .map_err(Failed::Preparation)?;
        self.write(&prepared, sql)?;
        match self.forward(&prepared, sink).await {
            // The server may still be sending; the session is discarded.
            Ok(RunEnd::Abandoned) => Ok(RunEnd::Abandoned),
            Ok(RunEnd::Complete) => self.close_frame().await,
            Err(failed) => {
                if failed.leaves_the_server_ready() {
                    self.settle().await?;
                }
                Err(failed)
            }
        }
    }

    /// One flight: the transaction, the statement in it, and its end.
    fn write(&mut self, prepared: &Prepared, sql: &BoundSql) -> Result<(), Failed> {
        let (given, wanted) = (sql.values().len(), prepared.parameters.len());
        if given != wanted {
            return Err(Failed::Arity { given, wanted });
        }
        self.statements
            .close_unwanted(&mut self.wire)
            .map_err(Failed::Statement)?;
        let out = self.wire.outgoing();
        out.extend_from_slice(&self.frame.opening);
        let values = sql.values().iter().zip(&prepared.parameters).enumerate();
        let mut unfit = None;
        let bound = frontend::bind(
            "",
            &prepared.name,
            [],
            values,
            |(index, (value, ty)), out| {
                param::encode(value, ty, out).map_err(|refused| {
                    unfit = Some((index, refused));
                    "unfit".into()
                })
            },
            [BINARY],
            out,
        );
        if let Err(failure) = bound {
            // Half a flight must not stay there.
            out.clear();
            return Err(match (unfit, failure) {
                (Some((index, refused)), _) => Failed::Unfit { index, refused },
                (None, BindError::Serialization(_) | BindError::Conversion(_)) => {
                    Failed::Statement(Failure::Unsendable)
                }
            });
        }
        frontend::execute("", 0, out).map_err(|failure| Failed::Statement(failure.into()))?;
        out.extend_from_slice(&self.frame.closing);
        Ok(())
    }

    async fn forward(&mut self, prepared: &Prepared, sink: &mut RowSink) -> Result<RunEnd, Failed> {
        let wire = &mut self.wire;
        for expected in [tag::BIND_COMPLETE, tag::COMMAND_COMPLETE] {
            let message = wire.next().await;
            if message.map_err(|failure| Failed::Frame(BEGIN.1, failure))?.tag != expected {
                return Err(Failed::Malformed);
            }
        }
        if wire.next().await?.tag != tag::BIND_COMPLETE {
            return Err(Failed::Malformed);
        }
        // Not before the first row: a failure at the very start can still be repaired unseen.
        let mut next = wire.next().await?;
        if sink.columns(Arc::clone(&prepared.columns)).await.is_err() {
            return Ok(RunEnd::Abandoned);
        }
        while next.tag == tag::DATA_ROW {
            match sink.begin_row() {
                RowStart::Skip => {}
                RowStart::Enough => {
                    let has_more = wire.next().await?.tag == tag::DATA_ROW;
                    return Ok(if has_more {
                        RunEnd::Abandoned
                    } else {
                        RunEnd::Complete
                    });
                }
                RowStart::Take => {
                    push_row(next.body, prepared, sink).map_err(|Malformed| Failed::Malformed)?;
                    match sink.end_row() {
                        RowStep::More => {}
                        RowStep::Enough => return Ok(RunEnd::Abandoned),
                        RowStep::Flush if sink.flush().await.is_err() => return Ok(RunEnd::Abandoned),
                        RowStep::Flush => {}
                    }
                }
            }
            next = wire.next().await?;
        }
        match next.tag {
            tag::COMMAND_COMPLETE => Ok(RunEnd::Complete),
            // What goes on in another way than by rows, such as COPY, is nothing that may be approved.
            _ => Err(Failed::Malformed),
        }
    }

    /// Reads what comes after the statement in the same flight.
    async fn close_frame(&mut self) -> Result<RunEnd, Failed> {
        loop {
            let message = self.wire.next().await;
            if message.map_err(|failure| Failed::Frame(ROLLBACK.1, failure))?.tag == tag::READY {
                self.wire.rest();
                return Ok(RunEnd::Complete);
            }
        }
    }

    /// Ends the transaction of a statement that failed.
    async fn settle(&mut self) -> Result<(), Failed> {
        let settled = match self.wire.settle().await {
            Ok(()) => self.wire.run(SETTLE).await,
            Err(failure) => Err(failure),
        };
        settled.map_err(|failure| Failed::Frame(ROLLBACK.1, failure))
    }
}

/// The format of results.
const BINARY: i16 = 1;

#[async_trait]
impl Session for PostgresSession {
    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::clone(&self.canceller) as Arc<dyn Canceller>
    }

    async fn run(&mut self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, DriverError> {
        let mut outcome = self.stream(sql, sink).await;
        if outcome.as_ref().is_err_and(Failed::is_stale_plan) && !sink.has_delivered() {
            self.statements.forget(sql);
            outcome = self.stream(sql, sink).await;
        }
        let outcome = outcome.map_err(|failed| failed.into_error(sql));
        self.broken |= matches!(outcome, Err(DriverError::Lost(_) | DriverError::Stale(_)));
        outcome
    }

    async fn facts(&mut self) -> Result<ServerFacts, DriverError> {
        const ASK: &str = "SELECT version(), \
             (SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user) \
             OR has_database_privilege(current_database(), 'CREATE') \
             OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') \
                AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')), \
             (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid())";
        let failed = |failure: Failure| error::housekeeping("asking for the version", &failure);
        let answer = self.wire.ask(ASK, &[]).await.map_err(failed)?;
        let Some([version, can_write, encrypted]) = answer.first().map(Vec::as_slice) else {
            return Err(failed(Failure::OutOfStep));
        };
        let truth = |word: &Option<String>| word.as_ref().map(|word| word == "t");
        Ok(ServerFacts {
            version: version.clone().unwrap_or_default(),
            can_write: truth(can_write),
            encrypted: truth(encrypted),
        })
    }

    async fn check(&mut self) -> Result<(), DriverError> {
        let failed = |failure: Failure| error::housekeeping("a sign of life", &failure);
        self.wire.begin().map_err(failed)?;
        self.wire.run("").await.map_err(failed)
    }

    fn is_broken(&self) -> bool {
        self.broken || self.wire.has_ended()
    }

    async fn close(self: Box<Self>) {
        self.wire.close().await;
    }
}

/// Where the target's server takes connections, and how.
async fn line(target: &Target<'_>) -> Result<Line, DriverError> {
    match target.place {
        Place::Tcp(address) => Ok(Line::Tcp {
            address: *address,
            host: target.config.host.clone().unwrap_or_default(),
            tls: Tls::of(target).await?,
        }),
        Place::Socket(folder) => {
            let port = target.config.port.unwrap_or(DEFAULT_PORT);
            Ok(Line::Unix(folder.join(format!(".s.PGSQL.{port}"))))
        }
        Place::File(_) => Err(DriverError::Connect {
            reason: ConnectFailure::Unreachable,
            message: "no host configured".into(),
        }),
    }
}

/// A row: how many values, then each with its length; -1 is NULL.
fn push_row(body: &[u8], prepared: &Prepared, sink: &mut RowSink) -> Result<(), Malformed> {
    let style = sink.style();
    let (count, mut rest) = body.split_first_chunk::<2>().ok_or(Malformed)?;
    if usize::from(u16::from_be_bytes(*count)) != prepared.readers.len() {
        return Err(Malformed);
    }
    for reader in &prepared.readers {
        let length = value::take_i32(&mut rest)?;
        let raw = match usize::try_from(length) {
            Ok(length) => {
                let (raw, after) = rest.split_at_checked(length).ok_or(Malformed)?;
                rest = after;
                Some(raw)
            }
            Err(_) => None,
        };
        value::push(sink.cells(), reader, style, raw)?;
    }
    Ok(())
}
