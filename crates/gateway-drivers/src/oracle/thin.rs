//! Oracle's client in Rust, on its thread.

use std::cell::Cell;

use gateway_core::{BoundSql, Column};
use oracledb::{Connection, Cursor, FromDbValue};

use super::connect::Plan;
use super::relay::Relay;
use super::{error, param, types, value};
use crate::threaded::{Blocking, Delivery, Wanted};
use crate::{DriverError, RunEnd, ServerFacts, StatementFailure};

/// Rows that come with the first answer, and with each one after.
const FIRST_ROWS: u32 = 64;
const MORE_ROWS: u32 = 256;

/// What database administrators see of our sessions.
pub(super) const MODULE: &str = "nexus-gateway";
pub(super) const ACTION: &str = "query";

/// Text forms, order and time zone do not depend on the server's settings.
pub(super) const PINS: &str = "ALTER SESSION SET \
     NLS_LANGUAGE = 'AMERICAN' NLS_TERRITORY = 'AMERICA' NLS_SORT = 'BINARY' NLS_COMP = 'BINARY' \
     NLS_NUMERIC_CHARACTERS = '.,' NLS_DATE_FORMAT = 'YYYY-MM-DD\"T\"HH24:MI:SS' \
     NLS_TIMESTAMP_FORMAT = 'YYYY-MM-DD\"T\"HH24:MI:SS.FF' \
     NLS_TIMESTAMP_TZ_FORMAT = 'YYYY-MM-DD\"T\"HH24:MI:SS.FFTZH:TZM' TIME_ZONE = '+00:00'";

/// What every statement runs in.
pub(super) const BEGIN: &str = "SET TRANSACTION READ ONLY";

/// A logged-in client.
pub(super) struct ThinClient {
    connection: Connection,
    /// Seconds that the database's own time zone is ahead of UTC, in which it keeps local timestamps; `None` if it is a region.
    zone: Option<i32>,
    relay: Relay,
    /// Whether the client and the server agree about what was answered.
    in_step: Cell<bool>,
}

impl ThinClient {
    /// Logs in and pins the session's settings.
    pub(super) fn open(plan: &Plan, relay: Relay) -> Result<Self, DriverError> {
        let connection = plan.log_in()?;
        let prepared = || {
            // These go out together with the next call.
            connection.set_module(MODULE)?;
            connection.set_action(ACTION)?;
            connection.set_client_identifier(MODULE)?;
            connection.execute(PINS, &[])?;
            only::<String>(&connection, "SELECT DBTIMEZONE FROM DUAL")
        };
        let zone = prepared().map_err(|failure| error::connecting(&failure))?;
        Ok(Self {
            connection,
            zone: zone.as_deref().and_then(seconds),
            relay,
            in_step: Cell::new(true),
        })
    }

    fn failed(&self, failure: &oracledb::Error, sql: &BoundSql) -> DriverError {
        if !error::leaves_in_step(failure) {
            self.in_step.set(false);
        }
        error::statement(failure, sql)
    }

    fn stream(&self, sql: &BoundSql, out: &mut Delivery<'_>) -> Result<(), DriverError> {
        let of_statement = |failure: oracledb::Error| self.failed(&failure, sql);
        let values = param::named(sql)?;
        let built = self.connection.statement(sql.text()).and_then(|builder| {
            builder
                .prefetch_rows(FIRST_ROWS)
                .fetch_array_size(MORE_ROWS)
                .fetch_lobs()
                .build()
        });
        let statement = built.map_err(of_statement)?;
        // DDL would commit, and then be executed outside the transaction.
        if !statement.is_query() {
            return Err(DriverError::Statement(Box::new(StatementFailure {
                message: "Only queries are run on Oracle".to_owned(),
                ..StatementFailure::default()
            })));
        }
        let named: Vec<(&str, &dyn oracledb::ToDbValue)> = values
            .iter()
            .map(|(name, value)| (name.as_str(), &**value))
            .collect();
        let cursor = statement.query_named(&named).map_err(of_statement)?;
        self.deliver(cursor, sql, out)
    }

    fn deliver(&self, cursor: Cursor, sql: &BoundSql, out: &mut Delivery<'_>) -> Result<(), DriverError> {
        let readers = types::readers(cursor.columns(), self.zone)?;
        let columns: Vec<Column> = cursor.columns().iter().map(types::column).collect();
        if out.columns(columns) == Wanted::Enough {
            return Ok(());
        }
        for row in cursor {
            let mut row = row.map_err(|failure| self.failed(&failure, sql))?;
            let wanted = out.row(readers.len(), |out, index| {
                let pushed = value::push(out, readers[index], &mut row, index);
                pushed.map_err(|unread| unread.of(|failure| self.failed(failure, sql)))
            })?;
            if wanted == Wanted::Enough {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Blocking for ThinClient {
    fn run(&mut self, sql: &BoundSql, out: &mut Delivery<'_>) -> Result<RunEnd, DriverError> {
        if !self.in_step.get() {
            return Err(DriverError::Stale("out of step with the server".into()));
        }
        let own = |step, failure: oracledb::Error| error::housekeeping(step, &failure);
        self.connection
            .execute(BEGIN, &[])
            .map_err(|failure| own(BEGIN, failure).unsent())?;
        let outcome = self.stream(sql, out);
        if self.relay.answer().is_too_large() {
            return Err(error::too_large());
        }
        if matches!(outcome, Err(DriverError::Lost(_))) || !self.in_step.get() {
            self.relay.close();
            return outcome.map(|()| RunEnd::Complete);
        }
        self.connection
            .rollback()
            .map_err(|failure| own("ROLLBACK", failure))?;
        outcome.map(|()| RunEnd::Complete)
    }

    fn facts(&mut self) -> Result<ServerFacts, DriverError> {
        let version = self
            .connection
            .version()
            .map_err(|failure| error::housekeeping("asking for the version", &failure))?;
        Ok(ServerFacts {
            version: format!("Oracle Database {version}"),
            // An account without a right to these views is not told.
            can_write: only::<i64>(&self.connection, CAN_WRITE)
                .ok()
                .flatten()
                .map(|found| found > 0),
            encrypted: Some(self.relay.is_encrypted()),
        })
    }

    fn close(self: Box<Self>) {
        // Dropped, the connection says goodbye, and then the relay ends.
        let Self {
            connection, relay, ..
        } = *self;
        drop(connection);
        drop(relay);
    }
}

/// The only value of the only row of a statement, which is fetched to its end: a cursor that is not stays open.
fn only<T: for<'r> FromDbValue<'r>>(
    connection: &Connection,
    sql: &str,
) -> Result<Option<T>, oracledb::Error> {
    let mut rows = connection.query(sql, &[])?;
    let first = rows.next().transpose()?;
    while rows.next().transpose()?.is_some() {}
    first.map(|mut row| row.take(0)).transpose()
}

/// Rights with which an account could change data: those on any table, on tables of its own, and on others' tables.
pub(super) const CAN_WRITE: &str = "SELECT (SELECT COUNT(*) FROM SESSION_PRIVS WHERE PRIVILEGE LIKE 'INSERT %' OR PRIVILEGE LIKE 'UPDATE %' \
      OR PRIVILEGE LIKE 'DELETE %' OR PRIVILEGE LIKE 'CREATE %TABLE' OR PRIVILEGE LIKE 'DROP %' \
      OR PRIVILEGE LIKE 'ALTER %' AND PRIVILEGE <> 'ALTER SESSION') \
    + (SELECT COUNT(*) FROM USER_TABLES) \
    + (SELECT COUNT(*) FROM USER_TAB_PRIVS_RECD WHERE PRIVILEGE IN ('INSERT', 'UPDATE', 'DELETE', 'ALTER')) \
    + (SELECT COUNT(*) FROM ROLE_TAB_PRIVS WHERE PRIVILEGE IN ('INSERT', 'UPDATE', 'DELETE', 'ALTER')) FROM DUAL";

/// `+05:30` in seconds.
fn seconds(zone: &str) -> Option<i32> {
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    Some(sign * (hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60))
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn zones_are_offsets_or_regions() {
        assert_eq!(seconds("+00:00"), Some(0));
        assert_eq!(seconds("-03:30"), Some(-12_600));
        assert_eq!(seconds("Europe/Zurich"), None);
        assert_eq!(seconds(""), None);
    }
}
