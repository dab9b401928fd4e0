//! Pooled connections. One that is not given back in a known state is closed, not reused, and at once: it might hold
//! the lock that every change needs.

use std::time::Duration;

use deadpool::managed::{self, Metrics, Object, Pool, RecycleError, RecycleResult};
use gateway_core::Secret;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, OptsBuilder};

use super::error::{failed, failed_getting};
use crate::StoreError;
use crate::url::MySqlAddress;

/// How long a connection may be silent before the system asks whether the server is still there.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Makes and checks connections.
pub(super) struct Manager {
    address: MySqlAddress,
}

impl Manager {
    pub(super) fn new(address: &MySqlAddress) -> Self {
        Self {
            address: address.clone(),
        }
    }

    fn opts(&self) -> Opts {
        let address = &self.address;
        OptsBuilder::default()
            .ip_or_hostname(address.host.clone())
            .tcp_port(address.port)
            .user(Some(address.user.clone()))
            .pass(address.password.as_ref().map(Secret::expose))
            .db_name(Some(address.database.clone()))
            // A socket found by itself would go round the address that was given.
            .prefer_socket(false)
            .tcp_keepalive(Some(KEEPALIVE))
            .setup(vec![
                "SET SESSION sql_mode = 'TRADITIONAL'",
                "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            ])
            .into()
    }
}

impl managed::Manager for Manager {
    type Type = Conn;
    type Error = mysql_async::Error;

    async fn create(&self) -> Result<Conn, mysql_async::Error> {
        Conn::new(self.opts()).await
    }

    async fn recycle(&self, connection: &mut Conn, _: &Metrics) -> RecycleResult<mysql_async::Error> {
        connection.ping().await.map_err(RecycleError::Backend)
    }
}

/// A connection on loan. Unless it is given back it is closed.
pub(super) struct Lease {
    /// Present until the end.
    object: Option<Object<Manager>>,
}

impl Lease {
    /// Waits for a connection.
    pub(super) async fn take(pool: &Pool<Manager>) -> Result<Self, StoreError> {
        let object = pool.get().await.map_err(failed_getting)?;
        Ok(Self { object: Some(object) })
    }

    /// The connection.
    pub(super) fn connection(&mut self) -> Result<&mut Conn, StoreError> {
        match &mut self.object {
            Some(object) => Ok(object),
            None => Err(StoreError::Unavailable {
                reason: "the connection was given back".to_owned(),
            }),
        }
    }

    /// Begins a transaction.
    pub(super) async fn begin(&mut self, statement: &str) -> Result<(), StoreError> {
        self.connection()?.query_drop(statement).await.map_err(failed)
    }

    /// Commits if `result` is a success, else rolls back; then gives the connection back.
    pub(super) async fn finish<T>(mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        let end = if result.is_ok() { "COMMIT" } else { "ROLLBACK" };
        match (self.connection()?.query_drop(end).await, result) {
            (Ok(()), result) => {
                self.give_back();
                result
            }
            // The cause matters more than that the connection is lost, which undoes the change as well.
            (Err(_), Err(cause)) => Err(cause),
            (Err(error), Ok(_)) => Err(failed(error)),
        }
    }

    /// Gives the connection back for reuse: it is outside any transaction, with no answer outstanding.
    pub(super) fn give_back(mut self) {
        self.object = None;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(object) = self.object.take() {
            drop(Object::take(object));
        }
    }
}
