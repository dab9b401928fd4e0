//! Oracle's client library (OCI), by way of sibyl in its blocking mode, on its thread.
//!
//! It stands in for the client in Rust behind the same relay, so that where it connects to, how that is encrypted and how its
//! calls are stopped is the same. What it can do beyond is what happens inside the packets: Oracle's own encryption of the
//! network, and logins as they were before 12c. What it cannot: see `docs/adr/0014`.

mod binds;
mod columns;
mod environment;
mod failures;
mod numbers;
mod values;

use std::path::PathBuf;
use std::time::Duration;

use gateway_core::BoundSql;
use sibyl::{FromSql, Rows, Session, ToSql};

use self::columns::Reader;
use super::connect::Plan;
use super::relay::Relay;
use super::thin::{ACTION, BEGIN, CAN_WRITE, MODULE, PINS};
use crate::threaded::{Blocking, Delivery, Wanted};
use crate::{DriverError, RunEnd, ServerFacts};

/// Rows that come with each answer; sibyl hands them out one by one.
const ROWS: u32 = 256;

/// How much longer than a statement a call may take, before the client library itself gives it up. What is to end earlier is
/// ended from outside.
const CALL_GRACE: Duration = Duration::from_secs(5);

/// What the database keeps its text in decides whether a text can outgrow the room that sibyl has for it.
const CHARSET: &str = "SELECT value FROM nls_database_parameters WHERE parameter = 'NLS_CHARACTERSET'";

const VERSION: &str =
    "SELECT version FROM product_component_version WHERE product LIKE 'Oracle%' AND ROWNUM = 1";

/// Whether Oracle's own encryption is in use, which the relay cannot see.
const ENCRYPTED: &str = "SELECT COUNT(*) FROM v$session_connect_info WHERE sid = SYS_CONTEXT('USERENV', 'SID') \
     AND network_service_banner LIKE '%ncryption service adapter%'";

/// What is needed to open a client.
pub(super) struct Setup {
    pub(super) plan: Plan,
    /// Where the client library is; `None` to look where the system's loader does.
    pub(super) folder: Option<PathBuf>,
    /// How long a statement may run.
    pub(super) query_timeout: Duration,
}

/// A logged-in client.
pub(super) struct OciClient {
    session: Session<'static>,
    /// Whether a text of the database has as many bytes here as there.
    is_utf8: bool,
    relay: Relay,
}

impl OciClient {
    /// Loads the client library if that has not been done, logs in and pins the session's settings.
    pub(super) fn open(setup: &Setup, relay: Relay) -> Result<Self, DriverError> {
        let environment = environment::get(setup.folder.as_deref())?;
        let session = setup
            .plan
            .log_in_by(|descriptor, user, password| environment.connect(descriptor, user, password))
            .map_err(|failure| failures::connecting(&failure))?;
        let timeout = setup.query_timeout.saturating_add(CALL_GRACE).as_millis();
        let prepared = || -> sibyl::Result<String> {
            session.set_call_timeout(u32::try_from(timeout).unwrap_or(u32::MAX))?;
            session.set_module(MODULE)?;
            session.set_action(ACTION)?;
            session.set_client_identifier(MODULE)?;
            execute(&session, PINS)?;
            one(&session, CHARSET)
        };
        let charset = prepared().map_err(|failure| failures::connecting(&failure))?;
        Ok(Self {
            is_utf8: ["AL32UTF8", "UTF8", "US7ASCII"].contains(&charset.as_str()),
            session,
            relay,
        })
    }

    fn stream(&self, sql: &BoundSql, out: &mut Delivery<'_>) -> Result<(), DriverError> {
        let mut values = binds::values(sql, &self.session)?;
        let mut statement = self
            .session
            .prepare(sql.text())
            .map_err(|failure| failures::statement(&failure))?;
        statement.set_max_long_size(values::long_room(out.max_cell_bytes()));
        statement
            .set_prefetch_rows(ROWS)
            .map_err(|failure| failures::statement(&failure))?;
        let binds: Vec<&mut dyn ToSql> = values
            .iter_mut()
            .map(|value| value.as_mut() as &mut dyn ToSql)
            .collect();
        // Refused by sibyl unless it is a query: DDL would commit, and then be executed outside the transaction.
        let rows = statement
            .query(binds)
            .map_err(|failure| failures::statement(&failure))?;
        let (columns, readers) = columns::describe(&statement, self.is_utf8)?;
        if out.columns(columns) == Wanted::Enough {
            return Ok(());
        }
        self.deliver(&rows, &readers, out)
    }

    fn deliver(
        &self,
        rows: &Rows<'_>,
        readers: &[Reader],
        out: &mut Delivery<'_>,
    ) -> Result<(), DriverError> {
        while let Some(row) = rows.next().map_err(|failure| failures::statement(&failure))? {
            let wanted = out.row(readers.len(), |out, index| {
                values::push(out, readers[index], &row, index, &self.session)
            })?;
            if wanted == Wanted::Enough {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Blocking for OciClient {
    fn run(&mut self, sql: &BoundSql, out: &mut Delivery<'_>) -> Result<RunEnd, DriverError> {
        execute(&self.session, BEGIN).map_err(|failure| failures::housekeeping(BEGIN, &failure).unsent())?;
        let outcome = self.stream(sql, out);
        if matches!(outcome, Err(DriverError::Lost(_))) {
            return outcome.map(|()| RunEnd::Complete);
        }
        self.session
            .rollback()
            .map_err(|failure| failures::housekeeping("ROLLBACK", &failure))?;
        outcome.map(|()| RunEnd::Complete)
    }

    fn facts(&mut self) -> Result<ServerFacts, DriverError> {
        let version: String = one(&self.session, VERSION)
            .map_err(|failure| failures::housekeeping("asking for the version", &failure))?;
        // An account without a right to these views is not told.
        let can_write = one::<i64>(&self.session, CAN_WRITE).map(|found| found > 0).ok();
        let encrypted = if self.relay.is_encrypted() {
            Some(true)
        } else {
            one::<i64>(&self.session, ENCRYPTED).map(|found| found > 0).ok()
        };
        Ok(ServerFacts {
            version: format!("Oracle Database {version}"),
            can_write,
            encrypted,
        })
    }

    fn close(self: Box<Self>) {
        // Dropped, the session says goodbye, and then the relay ends.
        let Self { session, relay, .. } = *self;
        drop(session);
        drop(relay);
    }
}

fn execute(session: &Session<'_>, sql: &str) -> sibyl::Result<()> {
    session.prepare(sql)?.execute(()).map(|_| ())
}

/// The first value of the first row of a query of ours.
fn one<T: for<'r> FromSql<'r>>(session: &Session<'_>, sql: &str) -> sibyl::Result<T> {
    let statement = session.prepare(sql)?;
    match statement.query_single(())? {
        Some(row) => row.get(0),
        None => Err(sibyl::Error::Interface("no row".to_owned())),
    }
}
