//! What a store can do.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::{
    AuditAction, AuditDecision, AuditRecord, DataSource, DataSourceId, Engine, IdentifiedBy, Secret,
    SourceDraft, SourceStatus, UnixMicros,
};

use crate::{AccessStore, AuditVerdict, KeyUse, Keys, StoreError};

/// Which sources a list shows; `None` everywhere shows all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceFilter {
    /// Only those whose name contains this text, without regard to case. No character is special.
    pub name: Option<String>,
    /// Only those of this engine.
    pub engine: Option<Engine>,
    /// Only those in this state.
    pub status: Option<SourceStatus>,
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Most sources to give; values outside 1 to [`Page::MAX_LIMIT`] are brought into that range.
    pub limit: u32,
    /// Where the previous page ended ([`SourcePage::next_cursor`]); `None` for the first page.
    pub cursor: Option<String>,
}

impl Page {
    /// The largest page.
    pub const MAX_LIMIT: u32 = 1000;
}

impl Default for Page {
    fn default() -> Self {
        Self {
            limit: 100,
            cursor: None,
        }
    }
}

/// A part of a list, in the order of the names without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcePage {
    /// The sources.
    pub items: Vec<DataSource>,
    /// Where the next page begins; `None` if this is the last. Opaque, and good for any filter.
    pub next_cursor: Option<String>,
}

/// Everything a store holds, as of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The store's revision at that moment.
    pub revision: u64,
    /// All sources with their passwords, in the order of the names.
    pub sources: Vec<(DataSource, Option<Secret>)>,
}

/// How a store is opened and used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreOptions {
    /// Most connections to a MySQL store (default 8). SQLite always uses one.
    pub max_connections: usize,
    /// Longest time to establish one connection, and to wait for a free one (default 5 s each).
    pub connect_timeout: Duration,
    /// Longest time one operation on a MySQL store may take in all (default 15 s).
    pub operation_timeout: Duration,
    /// Whether to bring the tables up to date when the store is opened (default); otherwise outdated tables are refused.
    pub migrate: bool,
    /// Whether to prove that the key ring opens what is sealed in the store (default). Without it, things that do not open
    /// fail where they are met.
    pub check_keys: bool,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            max_connections: 8,
            connect_timeout: Duration::from_secs(5),
            operation_timeout: Duration::from_secs(15),
            migrate: true,
            check_keys: true,
        }
    }
}

/// Registered data sources.
///
/// Drafts are stored as they are: whoever calls checks them first ([`SourceDraft::problems`]). A change that fails
/// changes nothing. A future that is dropped before its end leaves the change either wholly made or not made.
#[async_trait]
pub trait DataSourceStore: Send + Sync {
    /// Registers a source under a new identifier, with version 1.
    ///
    /// # Errors
    ///
    /// [`StoreError::NameTaken`] if a source has that name, without regard to case.
    async fn create(&self, draft: &SourceDraft) -> Result<DataSource, StoreError>;

    /// The source `id`, if there is one.
    async fn get(&self, id: DataSourceId) -> Result<Option<DataSource>, StoreError>;

    /// A page of the sources that `filter` lets through.
    ///
    /// # Errors
    ///
    /// [`StoreError::BadCursor`] if the page's cursor is not one that this method gave.
    async fn list(&self, filter: &SourceFilter, page: &Page) -> Result<SourcePage, StoreError>;

    /// Replaces the source `id` by `draft` and adds one to its version. A draft without a password keeps the stored one.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none, [`StoreError::VersionMismatch`] if `expected` is given and is not its
    /// version, [`StoreError::NameTaken`] if another source has the name.
    async fn update(
        &self,
        id: DataSourceId,
        draft: &SourceDraft,
        expected: Option<u64>,
    ) -> Result<DataSource, StoreError>;

    /// Removes the source `id` and its password.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none, [`StoreError::VersionMismatch`] if `expected` is given and is not its
    /// version.
    async fn delete(&self, id: DataSourceId, expected: Option<u64>) -> Result<(), StoreError>;

    /// The opened password of the source `id`; `None` if it has none.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such source, [`StoreError::Credential`] if its password cannot be opened.
    async fn password(&self, id: DataSourceId) -> Result<Option<Secret>, StoreError>;
}

/// Which audit records are wanted; `None` everywhere wants all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only this caller's.
    pub subject: Option<String>,
    /// Only callers who were identified in this way.
    pub identified_by: Option<IdentifiedBy>,
    /// Only those about this data source.
    pub source: Option<DataSourceId>,
    /// Only those about this, which is not a data source.
    pub target: Option<String>,
    /// Only this action.
    pub action: Option<AuditAction>,
    /// Only this decision.
    pub decision: Option<AuditDecision>,
    /// Only this error code.
    pub code: Option<String>,
    /// Only this rule of the validator.
    pub rule: Option<String>,
    /// Only this request's.
    pub correlation_id: Option<String>,
    /// Only from this moment on.
    pub from: Option<UnixMicros>,
    /// Only before this moment.
    pub to: Option<UnixMicros>,
}

/// A part of the audit log, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// The records.
    pub items: Vec<AuditRecord>,
    /// Where the next page begins; `None` if this is the last.
    pub next_cursor: Option<String>,
}

/// Where audit records are written.
#[async_trait]
pub trait AuditSink: Send + Sync {
    /// Adds records, all or none, so that they survive a crash from here on. Records whose adding failed may be given once
    /// more: were they added after all, they are not added twice. None at all is an occasion to authenticate with a newer key.
    async fn append(&self, records: Arc<[AuditRecord]>) -> Result<(), StoreError>;
}

/// The audit log. Records are never changed; those that have reached their age are removed.
#[async_trait]
pub trait AuditStore: AuditSink {
    /// A page of the records that `filter` lets through, newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::BadCursor`] if the page's cursor is not one that this method gave.
    async fn audit(&self, filter: &AuditFilter, page: &Page) -> Result<AuditPage, StoreError>;

    /// Removes records from before `moment`, the oldest first and at most `most`; answers how many. Records that are not as
    /// they were written stay.
    async fn forget_audit(&self, moment: UnixMicros, most: u32) -> Result<u64, StoreError>;

    /// Proves that the records are those that were written. `progress` is told how many have been verified so far.
    async fn verify_audit(&self, progress: &(dyn Fn(u64) + Sync)) -> Result<AuditVerdict, StoreError>;
}

/// The keys with which things in the store are sealed or authenticated.
///
/// A rotation is: add a key to the ring, [`KeyStore::announce_keys`], then [`KeyStore::reseal`] until nothing is left. A key
/// may leave the ring after [`KeyStore::retire_keys`], once [`KeyStore::key_uses`] finds nothing that needs it.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// The key ring in use.
    fn keys(&self) -> Arc<Keys>;

    /// Every key of the ring and every key that something in the store needs.
    async fn key_uses(&self) -> Result<Vec<KeyUse>, StoreError>;

    /// Has every process that uses the store read its key ring again, within the time in which it sees any change.
    async fn announce_keys(&self) -> Result<(), StoreError>;

    /// Seals and authenticates with the newest key, in one small transaction, some of what is not; answers how much. 0 if
    /// nothing is left.
    ///
    /// # Errors
    ///
    /// [`StoreError::Credential`] if something does not open; it stays as it is.
    async fn reseal(&self) -> Result<u64, StoreError>;

    /// Permits no more sealing with any key but the newest: changes that would are refused from here on.
    async fn retire_keys(&self) -> Result<(), StoreError>;
}

/// The whole store. `dyn Store` is what the rest of the gateway holds.
#[async_trait]
pub trait Store: DataSourceStore + AuditStore + AccessStore + KeyStore {
    /// Everything, as of one moment.
    ///
    /// # Errors
    ///
    /// [`StoreError::Credential`] if any password cannot be opened: a source with a broken password is never handed out.
    async fn load_all(&self) -> Result<Snapshot, StoreError>;

    /// The number of changes ever made; reads one row.
    async fn revision(&self) -> Result<u64, StoreError>;

    /// Succeeds if the store answers.
    async fn ping(&self) -> Result<(), StoreError>;
}
