//! What a double answers from: a database of SQLite in a file of its own, spoken to in Oracle's words.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Statement};
use tempfile::TempDir;

use super::facts::{Board, Profile};
use super::functions::{self, Asker};
use super::inbox::Inbox;
use super::rewrite::rewrite;
use super::{Mode, OraError, dictionary, failure};

/// Instructions of SQLite's machine between two looks for a break.
const BETWEEN_LOOKS: i32 = 1000;
/// How long one session waits for another's lock.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// The file, which goes with it.
#[derive(Debug)]
pub(super) struct Database {
    _folder: TempDir,
    path: PathBuf,
    mode: Mode,
    board: Arc<Board>,
}

impl Database {
    pub(super) fn create(mode: Mode, board: Arc<Board>) -> rusqlite::Result<Self> {
        let folder =
            TempDir::new().map_err(|failure| rusqlite::Error::ToSqlConversionFailure(failure.into()))?;
        let path = folder.path().join("oracle.db");
        let connection = Connection::open(&path)?;
        // Readers and a writer do not wait for each other, as in Oracle.
        connection.execute_batch(
            "PRAGMA journal_mode = wal; CREATE TABLE dual (dummy VARCHAR2(1)); INSERT INTO dual VALUES ('X');",
        )?;
        connection.execute_batch(dictionary::VIEWS)?;
        Ok(Self {
            _folder: folder,
            path,
            mode,
            board,
        })
    }

    /// A connection for a session, or for nobody.
    pub(super) fn connect(&self, session: Option<(Profile, Arc<Inbox>)>) -> rusqlite::Result<Connection> {
        let mut connection = Connection::open(&self.path)?;
        connection.busy_timeout(LOCK_WAIT)?;
        connection.execute_batch(
            "PRAGMA synchronous = off; PRAGMA case_sensitive_like = on; PRAGMA temp_store = memory;",
        )?;
        // What is in double quotes is a name.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        if let Some((_, inbox)) = &session {
            let inbox = Arc::clone(inbox);
            connection.progress_handler(BETWEEN_LOOKS, Some(move || inbox.is_disturbed()))?;
        }
        let asker = Asker {
            mode: self.mode,
            board: Arc::clone(&self.board),
            session,
        };
        functions::register(&connection, &asker)?;
        Ok(connection)
    }

    /// Runs a statement behind the scenes.
    pub(super) fn execute(&self, sql: &str) -> Result<(), OraError> {
        self.look(sql, |mut statement| {
            if statement.column_count() == 0 {
                statement.raw_execute()?;
            } else {
                let mut rows = statement.raw_query();
                while rows.next()?.is_some() {}
            }
            Ok(())
        })
    }

    /// The first column of the first row, as text; empty if it is NULL or there is none.
    pub(super) fn ask(&self, sql: &str) -> Result<String, OraError> {
        self.look(sql, |mut statement| {
            let mut rows = statement.raw_query();
            let Some(row) = rows.next()? else {
                return Ok(String::new());
            };
            Ok(match row.get::<_, Sql>(0)? {
                Sql::Null => String::new(),
                Sql::Integer(number) => number.to_string(),
                Sql::Real(number) => number.to_string(),
                Sql::Text(text) => text,
                Sql::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            })
        })
    }

    fn look<T>(
        &self,
        sql: &str,
        run: impl FnOnce(Statement<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, OraError> {
        let rewritten = rewrite(sql);
        let connection = self
            .connect(None)
            .map_err(|failure| failure::translate(&failure, sql))?;
        let outcome = connection.prepare(&rewritten.text).and_then(run);
        outcome.map_err(|failure| failure::translate(&failure, sql))
    }
}
