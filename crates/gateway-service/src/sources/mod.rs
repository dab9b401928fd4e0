//! Managing data sources.

mod last_seen;
mod testing;

use std::sync::Arc;
use std::time::Duration;

use arc_swap::{ArcSwap, Guard};
use gateway_core::{
    AuditAction, DataSource, DataSourceId, Engine, FieldProblem, Principal, Scope, SourceDraft, SourceStatus,
    TlsMode,
};
use gateway_drivers::{AbsentDriver, Activity, Capabilities, DriverError, Drivers, SourcePool};
use gateway_store::{Page, SourceFilter, SourcePage, Store};
use tokio::sync::Mutex;

use last_seen::LastSeen;

use crate::live::{LiveSource, LiveSources, PoolReport, SourceHealth, Workshop};
use crate::meters::{SourceMeters, timed};
use crate::{Auditor, Caller, ServiceError, query::UNKNOWN};

/// How long a store that has answered is believed to be there. Longer than the pauses between two looks for changes.
const BELIEVED_FOR: Duration = Duration::from_secs(1);

/// Manages data sources and keeps those in use in step with the store.
pub struct SourceService {
    store: Arc<dyn Store>,
    workshop: Workshop,
    auditor: Auditor,
    live: ArcSwap<LiveSources>,
    refreshing: Mutex<()>,
    store_seen: LastSeen,
}

impl SourceService {
    /// A service over `store` that puts every change on record. Nothing is loaded before the first
    /// [`SourceService::refresh`].
    #[must_use]
    pub fn new(store: Arc<dyn Store>, drivers: Drivers, auditor: Auditor) -> Self {
        Self {
            store,
            auditor,
            workshop: Workshop {
                drivers,
                activity: Activity::default(),
            },
            live: ArcSwap::default(),
            refreshing: Mutex::new(()),
            store_seen: LastSeen::default(),
        }
    }

    /// Brings the sources in use to the store's present state.
    ///
    /// # Errors
    ///
    /// If the store cannot be read; the sources in use stay as they were.
    pub async fn refresh(&self) -> Result<(), ServiceError> {
        let _one_at_a_time = self.refreshing.lock().await;
        let snapshot = timed("load", self.store.load_all()).await?;
        let current = self.live.load();
        let next = Arc::new(current.advance(snapshot, &self.workshop));
        self.live.store(Arc::clone(&next));
        current.retire_in_favour_of(&next);
        Ok(())
    }

    /// Refreshes if another replica has changed something.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub async fn refresh_if_changed(&self) -> Result<(), ServiceError> {
        let revision = timed("revision", self.store.revision()).await?;
        self.store_seen.now();
        if revision == self.live.load().revision {
            return Ok(());
        }
        self.refresh().await
    }

    /// The sources in use.
    pub(crate) fn live(&self) -> Guard<Arc<LiveSources>> {
        self.live.load()
    }

    /// How many sources there are of each status.
    #[must_use]
    pub fn count_by_status(&self) -> [(SourceStatus, usize); 2] {
        let live = self.live.load();
        let active = live.iter().filter(|source| source.is_active()).count();
        let all = live.iter().count();
        [
            (SourceStatus::Active, active),
            (SourceStatus::Inactive, all - active),
        ]
    }

    /// How many queries have a task at work, whatever their readers do.
    #[must_use]
    pub fn running(&self) -> usize {
        self.workshop.activity.running()
    }

    /// Waits up to `grace` for running queries to end, then cancels the rest. Returns how many were cancelled.
    pub async fn drain(&self, grace: std::time::Duration) -> usize {
        self.workshop.activity.drain(grace).await
    }

    /// Whether the store answers. One that has just answered is not asked again: anybody may ask this, and often.
    ///
    /// # Errors
    ///
    /// If it does not.
    pub async fn ping(&self) -> Result<(), ServiceError> {
        if self.store_seen.is_within(BELIEVED_FOR) {
            return Ok(());
        }
        timed("ping", self.store.ping()).await?;
        self.store_seen.now();
        Ok(())
    }

    /// The sessions of a source.
    ///
    /// # Errors
    ///
    /// If there is no driver for its engine.
    pub(crate) fn pool<'a>(&self, live: &'a LiveSource) -> Result<&'a SourcePool, ServiceError> {
        let pool = live.pool(&self.workshop);
        Ok(pool.map_err(|absent| DriverError::Unsupported(absent.reason.to_owned()))?)
    }

    /// The active source `id`, if the caller may use it.
    ///
    /// # Errors
    ///
    /// [`ServiceError::UnknownSource`] in every other case.
    pub fn usable(&self, caller: &Principal, id: DataSourceId) -> Result<Arc<LiveSource>, ServiceError> {
        if !caller.may_on(Scope::Query, id) {
            return Err(UNKNOWN);
        }
        match self.live.load().get(id) {
            Some(live) if live.is_active() => Ok(Arc::clone(live)),
            _ => Err(UNKNOWN),
        }
    }

    /// Where what happens on a source is counted, whoever asks.
    pub(crate) fn meters(&self, id: DataSourceId) -> Option<Arc<SourceMeters>> {
        self.live.load().get(id).map(|live| live.meters())
    }

    /// Most sessions that a source may have; 0 if it is not there or has no driver.
    pub(crate) fn sessions_of(&self, id: DataSourceId) -> usize {
        let live = self.live.load();
        live.get(id).map_or(0, |source| source.most_sessions())
    }

    /// Registers a source.
    ///
    /// # Errors
    ///
    /// [`ServiceError::Fields`] for a draft that breaks the rules; the store's errors, among them a taken name.
    pub async fn create(&self, caller: &Caller, draft: SourceDraft) -> Result<DataSource, ServiceError> {
        let mut record = self.auditor.open(caller, AuditAction::SourceCreate)?;
        let adding = async {
            require_all(&caller.principal)?;
            self.check(&draft)?;
            let created = self.store.create(&draft).await?;
            record.about(created.id);
            self.take_up().await;
            Ok(created)
        };
        let outcome = adding.await;
        record.close(outcome).await
    }

    /// Brings into use what the store has committed. Should that fail, the change is made all the same: whoever asked for it
    /// is told so, and [`watch_store`](crate::watch_store) makes up for it, and logs that the store does not answer.
    async fn take_up(&self) {
        drop(self.refresh().await);
    }

    /// One source.
    ///
    /// # Errors
    ///
    /// [`ServiceError::UnknownSource`] if it does not exist or is hidden from the caller.
    pub async fn get(&self, caller: &Principal, id: DataSourceId) -> Result<DataSource, ServiceError> {
        self.find(caller, Scope::SourcesRead, id).await
    }

    /// The source `id`, if the caller has `scope` there.
    async fn find(
        &self,
        caller: &Principal,
        scope: Scope,
        id: DataSourceId,
    ) -> Result<DataSource, ServiceError> {
        if !caller.may_on(scope, id) {
            return Err(UNKNOWN);
        }
        self.store.get(id).await?.ok_or(UNKNOWN)
    }

    /// The sources that the caller may see, a page at a time.
    ///
    /// # Errors
    ///
    /// If the cursor is not one of ours or the store fails.
    pub async fn list(
        &self,
        caller: &Principal,
        filter: &SourceFilter,
        page: &Page,
    ) -> Result<SourcePage, ServiceError> {
        let mut listed = self.store.list(filter, page).await?;
        listed
            .items
            .retain(|source| caller.may_on(Scope::SourcesRead, source.id));
        Ok(listed)
    }

    /// Changes a source to what `edit` makes of its present state.
    ///
    /// # Errors
    ///
    /// As for [`SourceService::create`]; a stale `expected` version, or a change by somebody else in between.
    pub async fn change(
        &self,
        caller: &Caller,
        id: DataSourceId,
        expected: Option<u64>,
        edit: impl FnOnce(&DataSource) -> SourceDraft,
    ) -> Result<DataSource, ServiceError> {
        let mut record = self.auditor.open(caller, AuditAction::SourceChange)?;
        record.about(id);
        let changing = async {
            let current = self.find(&caller.principal, Scope::SourcesWrite, id).await?;
            let draft = edit(&current);
            // What was read above is what is changed, so a change in between must not be overwritten unseen.
            self.write(&current, draft, expected.unwrap_or(current.version))
                .await
        };
        record.close(changing.await).await
    }

    async fn write(
        &self,
        current: &DataSource,
        draft: SourceDraft,
        expected: u64,
    ) -> Result<DataSource, ServiceError> {
        if draft.engine != current.engine {
            return Err(ServiceError::Field {
                field: "type",
                message: format!(
                    "cannot be changed from {}; register a new source instead",
                    current.engine
                ),
            });
        }
        self.check(&draft)?;
        check_password_destination(current, &draft)?;
        let updated = self.store.update(current.id, &draft, Some(expected)).await?;
        self.take_up().await;
        Ok(updated)
    }

    /// Removes a source. Running queries end as they would have.
    ///
    /// # Errors
    ///
    /// [`ServiceError::UnknownSource`] if it is not there; a stale `expected` version.
    pub async fn delete(
        &self,
        caller: &Caller,
        id: DataSourceId,
        expected: Option<u64>,
    ) -> Result<(), ServiceError> {
        let mut record = self.auditor.open(caller, AuditAction::SourceDelete)?;
        record.about(id);
        let deleting = async {
            self.find(&caller.principal, Scope::SourcesWrite, id).await?;
            self.store.delete(id, expected).await?;
            self.take_up().await;
            Ok(())
        };
        record.close(deleting.await).await
    }

    /// Every rule that a draft breaks, those of the operator included.
    fn check(&self, draft: &SourceDraft) -> Result<(), ServiceError> {
        let rules = self.workshop.drivers.rules();
        let mut problems = draft.problems();
        problems.extend(rules.problems(&draft.config, draft.password.as_ref()));
        if problems.is_empty() {
            Ok(())
        } else {
            Err(ServiceError::Fields(problems))
        }
    }

    /// What each engine can do, or why it is absent.
    #[must_use]
    pub fn drivers(&self) -> Vec<(Engine, Result<Capabilities, AbsentDriver>)> {
        let of = |engine| {
            self.workshop
                .drivers
                .find(engine)
                .map(|driver| driver.capabilities())
        };
        Engine::ALL
            .into_iter()
            .map(|engine| (engine, of(engine)))
            .collect()
    }

    /// The pools of the sources that the caller may see, in the order of their names.
    #[must_use]
    pub fn health(&self, caller: &Principal) -> Vec<(DataSource, SourceHealth)> {
        let live = self.live.load();
        let mut found: Vec<_> = live
            .iter()
            .filter(|live| caller.may_on(Scope::SourcesRead, live.source().id))
            .map(|live| (live.source().clone(), live.health()))
            .collect();
        found.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
        found
    }

    /// The pools of the active sources in numbers, for metrics, in no order. Takes no lock of a pool for longer than it takes to
    /// read three numbers.
    #[must_use]
    pub fn pools(&self) -> Vec<PoolReport> {
        self.live
            .load()
            .iter()
            .filter(|live| live.is_active())
            .filter_map(|live| live.report())
            .collect()
    }
}

/// A source that is not there yet cannot be among those that limited credentials name.
fn require_all(caller: &Principal) -> Result<(), ServiceError> {
    if caller.may_on_all(Scope::SourcesWrite) {
        return Ok(());
    }
    Err(ServiceError::Forbidden(
        "Your credentials are limited to certain data sources",
    ))
}

/// A stored password goes only where it was entered for. Otherwise whoever may change a source, but does not know its
/// password, could have it sent to a server of their own.
fn check_password_destination(current: &DataSource, draft: &SourceDraft) -> Result<(), ServiceError> {
    let (old, new) = (&current.config, &draft.config);
    let same = old.host == new.host
        && old.port.or(current.engine.default_port()) == new.port.or(current.engine.default_port())
        && old.username == new.username
        && old.connect_descriptor == new.connect_descriptor
        && new.tls >= old.tls
        && (old.tls_ca == new.tls_ca || (old.tls_ca.is_none() && old.tls < TlsMode::VerifyCa));
    if !current.password_set || draft.password.is_some() || same {
        return Ok(());
    }
    Err(ServiceError::Fields(vec![FieldProblem {
        field: "config.password",
        message:
            "must be given again when the address, the account or the protection of the connection changes"
                .into(),
    }]))
}
