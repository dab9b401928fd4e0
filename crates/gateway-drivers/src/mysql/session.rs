//! One MySQL or MariaDB connection.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use gateway_core::{BoundSql, Column, Engine, StatementKind};
use mysql_async::consts::ColumnType;
use mysql_async::prelude::{Protocol, Queryable};
use mysql_async::{Conn, Opts, Params, QueryResult, Value};

use super::connection::Connection;
use super::hidden::HiddenTypes;
use super::value::Reader;
use super::{error, open, param, types, value};
use crate::{Canceller, DriverError, RowSink, RowStart, RowStep, RunEnd, ServerFacts, Session, Target};

/// A session on one server.
pub(super) struct MySqlSession {
    connection: Connection,
    opened: Instant,
    options: Opts,
    /// What ends every transaction.
    settle: &'static str,
    /// On MariaDB only.
    hidden: Option<HiddenTypes>,
    broken: bool,
}

/// Ends the connection with its statement. Ending the statement alone is not enough: the request may arrive while the
/// statement is still on its way, or its rows may be read by nobody but the client library, which would read them all before
/// it lets a connection go.
struct Kill {
    options: Opts,
    id: u32,
    opened: Instant,
}

impl Kill {
    async fn kill(&self, mut control: Conn) -> Result<(), mysql_async::Error> {
        match control.query_drop(format!("KILL {}", self.id)).await {
            Ok(()) => {}
            Err(failure) if error::is_no_such_session(&failure) => {}
            Err(failure) => return Err(failure),
        }
        control.disconnect().await
    }

    /// Whether the server has been up for as long as the session: after a restart its number may be somebody else's.
    async fn is_same_server(&self, control: &mut Conn) -> Result<bool, mysql_async::Error> {
        let status: Option<(String, u64)> = control.query_first("SHOW GLOBAL STATUS LIKE 'Uptime'").await?;
        Ok(status.is_some_and(|(_, uptime)| Duration::from_secs(uptime + 1) >= self.opened.elapsed()))
    }
}

#[async_trait]
impl Canceller for Kill {
    async fn cancel(&self) -> Result<(), DriverError> {
        let failed = |failure: mysql_async::Error| error::housekeeping("KILL", &failure);
        let control = Conn::new(self.options.clone()).await.map_err(failed)?;
        self.kill(control).await.map_err(failed)
    }

    async fn cancel_lost(&self) -> Result<(), DriverError> {
        let failed = |failure: mysql_async::Error| error::housekeeping("KILL", &failure);
        let mut control = Conn::new(self.options.clone()).await.map_err(failed)?;
        if !self.is_same_server(&mut control).await.map_err(failed)? {
            return Ok(());
        }
        self.kill(control).await.map_err(failed)
    }
}

impl MySqlSession {
    pub(super) async fn open(engine: Engine, target: &Target<'_>) -> Result<Self, DriverError> {
        let opened = Instant::now();
        let (mut connection, options) = open::connect(target).await?;
        let settle = settling(&mut connection).await?;
        for statement in pinned(engine) {
            connection
                .query_drop(statement)
                .await
                .map_err(|failure| error::connecting(&failure))?;
        }
        Ok(Self {
            connection: Connection::new(connection),
            opened,
            options,
            settle,
            hidden: (engine == Engine::MariaDb).then(HiddenTypes::default),
            broken: false,
        })
    }

    async fn stream(&mut self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, Failed> {
        let values = sql
            .values()
            .iter()
            .enumerate()
            .map(|(index, parameter)| {
                param::to_value(parameter).map_err(|message| {
                    Failed::Ours(DriverError::Parameter {
                        name: sql.label(index).to_owned(),
                        message,
                    })
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        // SHOW and its kin are not worth a place among the prepared statements, and some cannot be prepared.
        if values.is_empty() && sql.kind() != StatementKind::Query {
            return forward(self.connection.query_iter(sql.text()).await?, None, sink).await;
        }
        let text = text_for_types(sql.text(), &values);
        let parameters = if values.is_empty() {
            Params::Empty
        } else {
            Params::Positional(values)
        };
        if let Some(hidden) = &mut self.hidden {
            hidden.learn(&mut self.connection, &text).await;
        }
        match self.connection.prep(&*text).await {
            Ok(statement) => {
                let rows = self.connection.exec_iter(statement, parameters).await?;
                forward(rows, self.hidden.as_ref(), sink).await
            }
            Err(failure) if error::is_not_preparable(&failure) && sql.values().is_empty() => {
                forward(self.connection.query_iter(sql.text()).await?, None, sink).await
            }
            Err(failure) => Err(Failed::Ours(error::unsent(error::statement(&failure)))),
        }
    }
}

/// MySQL reads a value as being of the type that the first execution of a prepared statement came with, and makes a 0 of a
/// text in a number's place. So a prepared statement must serve one combination of types; the comment makes it a text of its
/// own for the client library, which finds statements by their text.
fn text_for_types<'a>(text: &'a str, values: &[Value]) -> Cow<'a, str> {
    if values.is_empty() {
        return Cow::Borrowed(text);
    }
    let types: String = values
        .iter()
        .map(|value| match value {
            Value::NULL => 'n',
            Value::Int(_) => 'i',
            Value::UInt(_) => 'u',
            Value::Float(_) | Value::Double(_) => 'd',
            Value::Bytes(_) => 's',
            Value::Date(..) | Value::Time(..) => 't',
        })
        .collect();
    Cow::Owned(format!("/*{types}*/ {text}"))
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

enum Failed {
    Server(mysql_async::Error),
    Ours(DriverError),
}

impl From<mysql_async::Error> for Failed {
    fn from(failure: mysql_async::Error) -> Self {
        Self::Server(failure)
    }
}

#[async_trait]
impl Session for MySqlSession {
    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::new(Kill {
            options: self.options.clone(),
            id: self.connection.id(),
            opened: self.opened,
        })
    }

    async fn run(&mut self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, DriverError> {
        let outcome = self.stream(sql, sink).await.map_err(|failed| match failed {
            Failed::Server(failure) => error::statement(&failure),
            Failed::Ours(error) => error,
        });
        if matches!(outcome, Ok(RunEnd::Abandoned)) {
            return outcome;
        }
        if let Err(DriverError::Lost(_) | DriverError::Stale(_)) = outcome {
            self.broken = true;
            return outcome;
        }
        // The session has autocommit off, so the statement opened a transaction, read-only like all of this session.
        self.connection
            .query_drop(self.settle)
            .await
            .map_err(|failure| error::housekeeping("ROLLBACK", &failure))?;
        if may_set_a_variable(sql.text()) {
            self.broken = true;
        }
        outcome
    }

    async fn facts(&mut self) -> Result<ServerFacts, DriverError> {
        let failed = |failure: mysql_async::Error| error::housekeeping("asking for the version", &failure);
        let version: Option<String> = self
            .connection
            .query_first("SELECT VERSION()")
            .await
            .map_err(failed)?;
        let grants: Vec<String> = self.connection.query("SHOW GRANTS").await.map_err(failed)?;
        let cipher: Option<(String, String)> = self
            .connection
            .query_first("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
            .await
            .map_err(failed)?;
        Ok(ServerFacts {
            version: version.unwrap_or_default(),
            can_write: Some(grants.iter().any(|grant| grants_writing(grant))),
            encrypted: cipher.map(|(_, cipher)| !cipher.is_empty()),
        })
    }

    async fn check(&mut self) -> Result<(), DriverError> {
        self.connection
            .ping()
            .await
            .map_err(|failure| error::unsent(error::housekeeping("PING", &failure)))
    }

    fn is_broken(&self) -> bool {
        self.broken || self.connection.is_disconnected()
    }

    async fn close(self: Box<Self>) {
        self.connection.close().await;
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
async fn settling(connection: &mut Conn) -> Result<&'static str, DriverError> {
    match connection.query_drop("DO RELEASE_ALL_LOCKS()").await {
        Ok(()) => Ok("ROLLBACK; DO RELEASE_ALL_LOCKS()"),
        Err(mysql_async::Error::Server(_)) => Ok("ROLLBACK"),
        Err(failure) => Err(error::connecting(&failure)),
    }
}

/// Pinned at connect: how text is read (so that the validator and the server agree), the time zone, that the server waits
/// for readers (how long is the gateway's business), and that nothing is ever written or committed.
fn pinned(engine: Engine) -> [&'static str; 3] {
    // The server's own defaults, but never ANSI_QUOTES, NO_BACKSLASH_ESCAPES or PIPES_AS_CONCAT.
    let modes = match engine {
        Engine::MariaDb => {
            "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', \
             time_zone = '+00:00', lock_wait_timeout = 10, net_write_timeout = 86400"
        }
        _ => {
            "SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
             ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', lock_wait_timeout = 10, net_write_timeout = 86400"
        }
    };
    [
        modes,
        "SET SESSION TRANSACTION READ ONLY",
        "SET SESSION autocommit = 0",
    ]
}

async fn forward<P: Protocol>(
    mut rows: QueryResult<'_, 'static, P>,
    hidden: Option<&HiddenTypes>,
    sink: &mut RowSink,
) -> Result<RunEnd, Failed> {
    let definitions = rows.columns_ref();
    let mut columns: Vec<Column> = definitions.iter().map(types::column).collect();
    if let Some(hidden) = hidden {
        for (definition, column) in definitions.iter().zip(&mut columns) {
            hidden.reveal(definition, column);
        }
    }
    let readers: Vec<Reader> = definitions
        .iter()
        .zip(&columns)
        .map(|(definition, column)| Reader {
            standard: column.standard_type,
            digits: column
                .scale
                .and_then(|scale| u8::try_from(scale).ok())
                .unwrap_or(6),
            is_bit: definition.column_type() == ColumnType::MYSQL_TYPE_BIT,
        })
        .collect();
    let mut next = rows.next().await?;
    if sink.columns(columns.into()).await.is_err() {
        return Ok(RunEnd::Abandoned);
    }
    while let Some(row) = next {
        match sink.begin_row() {
            RowStart::Skip => {}
            RowStart::Enough => {
                return Ok(match rows.next().await? {
                    None => RunEnd::Complete,
                    Some(_) => RunEnd::Abandoned,
                });
            }
            RowStart::Take => {
                for (index, reader) in readers.iter().enumerate() {
                    value::push(sink.cells(), *reader, row.as_ref(index).unwrap_or(&Value::NULL));
                }
                match sink.end_row() {
                    RowStep::More => {}
                    RowStep::Enough => return Ok(RunEnd::Abandoned),
                    RowStep::Flush if sink.flush().await.is_err() => return Ok(RunEnd::Abandoned),
                    RowStep::Flush => {}
                }
            }
        }
        next = rows.next().await?;
    }
    Ok(RunEnd::Complete)
}
