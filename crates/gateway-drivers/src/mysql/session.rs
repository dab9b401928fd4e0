//! One MySQL or MariaDB connection.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use gateway_core::{BatchBuilder, BoundSql, Engine, StatementKind};
use mysql_common::constants::Command;

use super::cancel::Kill;
use super::failed::Failed;
use super::hidden::HiddenTypes;
use super::prepared::{Cache, Prepared};
use super::refusal::Failure;
use super::shape::Shape;
use super::value::{Malformed, Reader, push_row, push_row_of_words};
use super::wire::{Account, Line, Wire};
use super::{error, param};
use crate::transport::Tls;
use crate::{
    Canceller, ConnectFailure, DriverError, Place, RowSink, RowStart, RowStep, RunEnd, ServerFacts, Session,
    Target,
};

/// A session on one server.
pub(super) struct MySqlSession {
    wire: Wire,
    statements: Cache,
    /// On MariaDB only.
    hidden: Option<HiddenTypes>,
    canceller: Arc<Kill>,
    /// What ends every transaction.
    settle: &'static str,
    broken: bool,
}

impl MySqlSession {
    pub(super) async fn open(engine: Engine, target: &Target<'_>) -> Result<Self, DriverError> {
        let opened = Instant::now();
        let Place::Tcp(address) = target.place else {
            return Err(DriverError::Connect {
                reason: ConnectFailure::Unreachable,
                message: "only TCP is supported".into(),
            });
        };
        let line = Line {
            address: *address,
            host: target.config.host.clone().unwrap_or_default(),
            tls: Tls::of(target).await?,
        };
        let account = Account {
            user: target.config.username.clone().unwrap_or_default(),
            password: target.password.cloned(),
            database: target.config.database.clone(),
        };
        Self::enter(engine, line, account, opened)
            .await
            .map_err(|failure| error::connecting(&failure))
    }

    async fn enter(engine: Engine, line: Line, account: Account, opened: Instant) -> Result<Self, Failure> {
        let mut wire = Wire::open(&line, &account).await?;
        let settle = settling(&mut wire).await?;
        wire.run(pinned(engine)).await?;
        let id = wire.id();
        Ok(Self {
            wire,
            statements: Cache::new(),
            hidden: (engine == Engine::MariaDb).then(HiddenTypes::default),
            canceller: Arc::new(Kill {
                line,
                account,
                id,
                opened,
            }),
            settle,
            broken: false,
        })
    }

    async fn stream(&mut self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, Failed> {
        self.wire.begin().await.map_err(Failed::Stale)?;
        // SHOW and its kin are not worth a place among the prepared statements, and some cannot be prepared.
        if sql.values().is_empty() && sql.kind() != StatementKind::Query {
            return stream_words(&mut self.wire, sql, sink).await;
        }
        match self
            .statements
            .get(&mut self.wire, self.hidden.as_mut(), sql)
            .await
        {
            Ok(prepared) => execute(&mut self.wire, prepared, self.hidden.as_ref(), sql, sink).await,
            Err(failure) if error::is_not_preparable(&failure) && sql.values().is_empty() => {
                stream_words(&mut self.wire, sql, sink).await
            }
            Err(failure) => Err(Failed::Preparation(failure)),
        }
    }

    /// Ends the transaction: the session has autocommit off, so the statement opened one, read-only like all of this session.
    async fn settle(&mut self, sql: &BoundSql) {
        self.statements.close_unwanted(&mut self.wire);
        let settled = self.wire.settle(self.settle).await;
        self.broken |= settled.is_err() || may_set_a_variable(sql.text());
    }
}

/// Whether a query could leave a value in its session: a user variable, or the argument of LAST_INSERT_ID. The validator
/// permits neither; this look at the bare text does not rely on it. A false alarm costs a session and nothing else.
fn may_set_a_variable(text: &str) -> bool {
    const NAME: &[u8] = b"last_insert_id";
    let bytes = text.as_bytes();
    bytes.windows(2).any(|pair| pair == b":=")
        || bytes
            .windows(NAME.len())
            .any(|word| word.eq_ignore_ascii_case(NAME))
}

#[async_trait]
impl Session for MySqlSession {
    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::clone(&self.canceller) as Arc<dyn Canceller>
    }

    async fn run(&mut self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, DriverError> {
        let outcome = self.stream(sql, sink).await;
        let outcome = outcome.map_err(|failed| failed.into_error(sql));
        match &outcome {
            // The server may still be sending; the session is discarded.
            Ok(RunEnd::Abandoned) => {}
            Ok(RunEnd::Complete) if sink.has_columns() => self.settle(sql).await,
            // Nothing that may be approved gives no result; what it has done to the session may show in its end.
            Ok(RunEnd::Complete) => {
                self.broken = true;
                let settled = self.wire.run(self.settle).await;
                settled.map_err(|failure| error::housekeeping("ROLLBACK", &failure))?;
            }
            Err(failure) if failure.leaves_session_usable() => self.settle(sql).await,
            Err(_) => self.broken = true,
        }
        outcome
    }

    async fn facts(&mut self) -> Result<ServerFacts, DriverError> {
        let failed = |failure: Failure| error::housekeeping("asking for the version", &failure);
        let wire = &mut self.wire;
        wire.begin().await.map_err(failed)?;
        let version = wire.ask("SELECT VERSION()").await.map_err(failed)?;
        let grants = wire.ask("SHOW GRANTS").await.map_err(failed)?;
        let cipher = wire
            .ask("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
            .await
            .map_err(failed)?;
        Ok(ServerFacts {
            version: version.into_iter().flatten().next().flatten().unwrap_or_default(),
            can_write: Some(
                grants
                    .iter()
                    .flatten()
                    .flatten()
                    .any(|grant| grants_writing(grant)),
            ),
            encrypted: match cipher.first().map(Vec::as_slice) {
                Some([_, Some(cipher)]) => Some(!cipher.is_empty()),
                _ => None,
            },
        })
    }

    async fn check(&mut self) -> Result<(), DriverError> {
        let failed = |failure: Failure| error::housekeeping("PING", &failure).unsent();
        self.wire.begin().await.map_err(failed)?;
        self.wire.ping().await.map_err(failed)
    }

    fn is_broken(&self) -> bool {
        self.broken || self.wire.has_ended()
    }

    async fn close(self: Box<Self>) {
        self.wire.close().await;
    }
}

/// Whether a line of SHOW GRANTS lets the account change something. Anything but a plain read counts.
fn grants_writing(grant: &str) -> bool {
    const HARMLESS: [&str; 6] = [
        "USAGE",
        "SELECT",
        "SHOW VIEW",
        "SHOW DATABASES",
        "PROCESS",
        "REPLICATION CLIENT",
    ];
    let Some(rest) = grant.strip_prefix("GRANT ") else {
        return false;
    };
    let Some((privileges, _)) = rest.split_once(" ON ") else {
        return true;
    };
    !privileges
        .split(", ")
        .all(|privilege| HARMLESS.contains(&privilege.trim()))
}

/// What ends every transaction. A named lock outlives it and could be left by a query, so it is given back too, where the
/// server can do that (MySQL 5.7, MariaDB 10.5.2 and later).
async fn settling(wire: &mut Wire) -> Result<&'static str, Failure> {
    match wire.run("DO RELEASE_ALL_LOCKS()").await {
        Ok(()) => Ok("ROLLBACK; DO RELEASE_ALL_LOCKS()"),
        Err(Failure::Refused(_)) => Ok("ROLLBACK"),
        Err(failure) => Err(failure),
    }
}

/// What is pinned in every session after its modes.
macro_rules! read_only {
    () => {
        "time_zone = '+00:00', lock_wait_timeout = 10, net_write_timeout = 86400; \
         SET SESSION TRANSACTION READ ONLY; SET SESSION autocommit = 0"
    };
}

/// Pinned at connect: how text is read (so that the validator and the server agree), the time zone, that the server waits
/// for readers (how long is the gateway's business), and that nothing is ever written or committed.
fn pinned(engine: Engine) -> &'static str {
    // The server's own defaults, but never ANSI_QUOTES, NO_BACKSLASH_ESCAPES or PIPES_AS_CONCAT.
    match engine {
        Engine::MariaDb => concat!(
            "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', ",
            read_only!()
        ),
        _ => concat!(
            "SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
             ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', ",
            read_only!()
        ),
    }
}

/// Runs a prepared statement.
async fn execute(
    wire: &mut Wire,
    prepared: &mut Prepared,
    hidden: Option<&HiddenTypes>,
    sql: &BoundSql,
    sink: &mut RowSink,
) -> Result<RunEnd, Failed> {
    let (given, wanted) = (sql.values().len(), prepared.parameters);
    if given != wanted {
        return Err(Failed::Arity { given, wanted });
    }
    let written = wire.write_command(Command::COM_STMT_EXECUTE, |out| {
        param::write(out, prepared.id, sql.values())
    });
    if let Err(unfit) = written {
        wire.take_back();
        return Err(Failed::Unfit(unfit));
    }
    let columns = wire.result().await?;
    prepared.shape.refresh(wire, columns, hidden).await?;
    forward(wire, &prepared.shape, push_row, sink).await
}

/// Runs a statement by the text protocol.
async fn stream_words(wire: &mut Wire, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, Failed> {
    wire.write_query(sql.text());
    let columns = wire.result().await?;
    let mut shape = Shape::default();
    shape.refresh(wire, columns, None).await?;
    forward(wire, &shape, push_row_of_words, sink).await
}

/// Takes a row apart.
type PushRow = fn(&mut BatchBuilder, &[Reader], &[u8]) -> Result<(), Malformed>;

async fn forward(
    wire: &mut Wire,
    shape: &Shape,
    push: PushRow,
    sink: &mut RowSink,
) -> Result<RunEnd, Failed> {
    let columns = Arc::clone(&shape.columns);
    if columns.is_empty() {
        // It has done something else than to give a result, and costs its session.
        return Ok(match sink.columns(columns).await {
            Ok(()) => RunEnd::Complete,
            Err(_) => RunEnd::Abandoned,
        });
    }
    // Not before the first row: a failure at the very start can still be repaired unseen.
    let mut next = wire.row().await?;
    if sink.columns(columns).await.is_err() {
        return Ok(RunEnd::Abandoned);
    }
    while let Some(row) = next {
        match sink.begin_row() {
            RowStart::Skip => {}
            RowStart::Enough => {
                return Ok(match wire.row().await? {
                    None => RunEnd::Complete,
                    Some(_) => RunEnd::Abandoned,
                });
            }
            RowStart::Take => {
                push(sink.cells(), &shape.readers, row)?;
                match sink.end_row() {
                    RowStep::More => {}
                    RowStep::Enough => return Ok(RunEnd::Abandoned),
                    RowStep::Flush if sink.flush().await.is_err() => return Ok(RunEnd::Abandoned),
                    RowStep::Flush => {}
                }
            }
        }
        next = wire.row().await?;
    }
    Ok(RunEnd::Complete)
}
