//! The audit log, written once for both kinds of store.
//!
//! Every process that writes has a chain of its own: each record carries a number and a hash over itself and the hash before
//! it. Where a chain begins and ends is kept beside it, authenticated with a key that is not in the store, and changed in the
//! transaction that adds or removes records. So a record that was altered, removed or put in between shows, at the ends too.

mod append;
mod chain;
mod forget;

mod query;
mod resign;
mod row;
mod verify;

use std::sync::Arc;

use gateway_core::AuditRecord;
use tokio::sync::Mutex;

use crate::keys::Keys;
use crate::sql::{Database, Transaction};
use crate::{AuditFilter, AuditPage, Page, StoreError};
use append::OwnChain;
use query::AuditQuery;

pub(crate) use resign::resign;
pub use verify::{AuditVerdict, BrokenChain};

/// The audit log in a database.
pub(crate) struct AuditLog<D> {
    database: D,
    keys: Arc<Keys>,
    /// The chain that this process adds to, once it has.
    own: Mutex<Option<OwnChain>>,
}

impl<D: Database> AuditLog<D> {
    pub(crate) fn new(database: D, keys: Arc<Keys>) -> Self {
        Self {
            database,
            keys,
            own: Mutex::new(None),
        }
    }

    pub(crate) fn database(&self) -> &D {
        &self.database
    }

    pub(crate) async fn append(&self, records: &[AuditRecord]) -> Result<(), StoreError> {
        let mut own = self.own.lock().await;
        append::append(&self.database, &self.keys.ring(), &mut own, records).await
    }

    pub(crate) async fn page(&self, filter: &AuditFilter, page: &Page) -> Result<AuditPage, StoreError> {
        let query = AuditQuery::new(filter, page)?;
        let mut reading = self.database.begin_reading().await?;
        let rows = reading.rows(&query.sql, query.values.clone()).await?;
        reading.commit().await?;
        query.page(rows)
    }
}
