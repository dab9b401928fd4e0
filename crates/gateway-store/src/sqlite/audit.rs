//! The audit log in SQLite.

use std::sync::Arc;

use async_trait::async_trait;
use gateway_core::{AuditRecord, UnixMicros};

use super::SqliteStore;
use crate::{AuditFilter, AuditPage, AuditSink, AuditStore, AuditVerdict, Page, StoreError};

#[async_trait]
impl AuditSink for SqliteStore {
    async fn append(&self, records: Arc<[AuditRecord]>) -> Result<(), StoreError> {
        self.audit.append(&records).await
    }
}

#[async_trait]
impl AuditStore for SqliteStore {
    async fn audit(&self, filter: &AuditFilter, page: &Page) -> Result<AuditPage, StoreError> {
        self.audit.page(filter, page).await
    }

    async fn forget_audit(&self, moment: UnixMicros, most: u32) -> Result<u64, StoreError> {
        self.audit.forget(moment, most).await
    }

    async fn verify_audit(&self, progress: &(dyn Fn(u64) + Sync)) -> Result<AuditVerdict, StoreError> {
        self.audit.verify(progress).await
    }
}
