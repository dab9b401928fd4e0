//! Putting on record what callers do.
//!
//! A place in the queue is reserved *before* anything happens, so that whatever happens can be recorded; when there is no
//! place, because records are not taken fast enough or at all, the request is refused, or its record's loss counted, as the
//! operator has decided. A task writes the queue in batches, so no request waits for the log, unless the operator wants that
//! too.

mod logins;
mod record;
#[cfg(test)]
mod tests;
mod values;
mod writer;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gateway_core::trace::Trace;
use gateway_core::{
    AuditAction, AuditDecision, AuditId, AuditRecord, ErrorKind, IdentifiedBy, Principal, Scope,
};
use gateway_store::{AuditFilter, AuditPage, AuditSink, Page, Store};
use slog::Logger;
use tokio::sync::{mpsc, oneshot};

use crate::{ServiceError, meters};
use logins::{Logins, Verdict};
use record::Place;

pub(crate) use record::{OpenRecord, Recorded};
pub use values::StatementRecord;

/// The longest reason that is kept of a failed login, in characters.
const LONGEST_REASON: usize = 64;

/// The subject of what the gateway does without being asked by a caller.
const SYSTEM: &str = "system";

/// The subject of those who have not shown who they are.
const UNIDENTIFIED: &str = "unidentified";

/// When an answer may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// When its record waits to be written. A crash loses the records that wait.
    Queued,
    /// When its record is written, so that it survives a crash.
    Written,
}

/// What happens while records cannot be written and no more can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// Requests that must be on record are refused.
    Refuse,
    /// Requests go on; the records that are lost are counted, and the log says how many they were.
    Count,
}

/// How the log is kept.
#[derive(Debug, Clone, Copy)]
pub struct AuditSettings {
    /// Records that may wait to be written; at least one.
    pub queue: usize,
    /// How long records are kept in the store.
    pub retention: Duration,
    /// When an answer may end.
    pub durability: Durability,
    /// What happens while records cannot be written.
    pub on_failure: OnFailure,
    /// What is kept of statements.
    pub statements: StatementRecord,
    /// Whether the values of parameters are kept.
    pub parameters: bool,
}

impl Default for AuditSettings {
    fn default() -> Self {
        Self {
            queue: 10_000,
            retention: Duration::from_hours(90 * 24),
            durability: Durability::Queued,
            on_failure: OnFailure::Refuse,
            statements: StatementRecord::Text,
            parameters: false,
        }
    }
}

/// Who asks, and how to find the request again.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who it is.
    pub principal: Arc<Principal>,
    /// Ties the record to the answer and the log.
    pub correlation_id: String,
    /// The address the request came from.
    pub remote: Option<String>,
    /// The trace of the request.
    pub trace: Trace,
}

/// Credentials that were shown and not accepted.
#[derive(Debug, Clone)]
pub struct RefusedLogin {
    /// The address they came from.
    pub remote: Option<String>,
    /// Ties the record to the answer and the log.
    pub correlation_id: String,
    /// Which kind they were.
    pub tried: IdentifiedBy,
    /// Whom they claim to belong to, such as the public prefix of a key. Never a secret.
    pub claimed: Option<String>,
    /// Why they were not accepted.
    pub reason: String,
}

/// What may wait in the queue.
enum Entry {
    Record {
        record: Box<AuditRecord>,
        /// Answered once the record is written.
        done: Option<oneshot::Sender<()>>,
    },
    /// Answered once everything before it is written.
    Flush(oneshot::Sender<()>),
}

/// What every part of the log needs.
struct Shared {
    settings: AuditSettings,
    logins: Mutex<Logins>,
    lost: AtomicU64,
}

impl Shared {
    fn count_lost(&self) {
        self.lost.fetch_add(1, Ordering::Relaxed);
        metrics::counter!(meters::AUDIT_LOST).increment(1);
    }

    /// How many records were lost since this was last asked, if any.
    fn take_lost(&self) -> Option<u64> {
        Some(self.lost.swap(0, Ordering::Relaxed)).filter(|lost| *lost > 0)
    }

    fn logins(&self) -> MutexGuard<'_, Logins> {
        // Counters are never left half changed.
        self.logins.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The way into the audit log.
#[derive(Clone)]
pub struct Auditor {
    queue: mpsc::Sender<Entry>,
    shared: Arc<Shared>,
    store: Arc<dyn Store>,
}

impl Auditor {
    /// Starts writing to every one of `sinks`; `store` is where the log is read, and where old records are removed. Must be
    /// called within a tokio runtime, which does the writing.
    #[must_use]
    pub fn start(
        store: Arc<dyn Store>,
        sinks: Vec<Arc<dyn AuditSink>>,
        settings: AuditSettings,
        log: Logger,
    ) -> Self {
        let (queue, inbox) = mpsc::channel(settings.queue.max(1));
        let shared = Arc::new(Shared {
            settings,
            logins: Mutex::default(),
            lost: AtomicU64::new(0),
        });
        tokio::spawn(writer::write(inbox, sinks, Arc::clone(&shared), log.clone()));
        tokio::spawn(writer::forget(Arc::downgrade(&store), settings.retention, log));
        tokio::spawn(summarize(queue.downgrade(), Arc::clone(&shared)));
        Self { queue, shared, store }
    }

    /// How many records wait to be written.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity().saturating_sub(self.queue.capacity())
    }

    /// Waits until everything recorded so far is written, or `limit` has passed; whether it is.
    pub async fn flush(&self, limit: Duration) -> bool {
        let written = async {
            send_summaries(&self.queue, &self.shared);
            let (done, waiting) = oneshot::channel();
            self.queue.send(Entry::Flush(done)).await.is_ok() && waiting.await.is_ok()
        };
        tokio::time::timeout(limit, written).await.unwrap_or(false)
    }

    /// A page of the log, newest first. Sources that are hidden from the caller are hidden here too; what concerns no single
    /// source is seen by those who may see the log of all, and by those who did it.
    ///
    /// # Errors
    ///
    /// If the cursor is not one of ours or the store fails.
    pub async fn read(
        &self,
        principal: &Principal,
        filter: &AuditFilter,
        page: &Page,
    ) -> Result<AuditPage, ServiceError> {
        let mut read = self.store.audit(filter, page).await?;
        read.items.retain(|record| may_see(principal, record));
        Ok(read)
    }

    /// Puts on record that credentials were shown and not accepted. Never waits, and takes no more than a bounded share of
    /// the queue however often it is called: what is beyond that is counted, and a summary for each address follows.
    pub fn refused_login(&self, login: RefusedLogin) {
        let verdict = self
            .shared
            .logins()
            .note(login.remote.as_deref(), has_room(&self.queue));
        if verdict == Verdict::Counted {
            return;
        }
        let record = AuditRecord {
            correlation_id: login.correlation_id,
            identified_by: Some(login.tried),
            remote: login.remote,
            target: login.claimed,
            rule: Some(login.reason.chars().take(LONGEST_REASON).collect()),
            ..refused_logins(1)
        };
        if send(&self.queue, record).is_err() {
            self.shared.count_lost();
        }
    }

    /// Puts on record that settings, changed in `file`, were taken over. Never waits: they are in use already, so a record
    /// that finds no room is counted as lost.
    pub fn settings_taken_over(&self, file: Option<&Path>) {
        let record = AuditRecord {
            correlation_id: AuditId::new().to_string(),
            subject: SYSTEM.to_owned(),
            identified_by: Some(IdentifiedBy::Nothing),
            target: file.map(|file| file.display().to_string()),
            decision: AuditDecision::Allowed,
            ..AuditRecord::blank(AuditAction::SettingsReload)
        };
        if send(&self.queue, record).is_err() {
            self.shared.count_lost();
        }
    }

    /// Puts on record that a caller was kept from `target` because their credentials do not open it.
    ///
    /// # Errors
    ///
    /// As for every record: if it cannot be kept, or not as safely as was asked for.
    pub async fn refused_access(&self, caller: &Caller, target: &str) -> Result<(), ServiceError> {
        let mut record = self.open(caller, AuditAction::Access)?;
        record.target(target);
        let refusal = ServiceError::Forbidden("the caller's credentials do not open this");
        record.failed(&refusal).await
    }

    /// Reserves a place for the record of what `caller` is about to do.
    ///
    /// # Errors
    ///
    /// [`ServiceError::AuditBacklog`] if there is none, unless the operator wants losses to be counted instead.
    pub(crate) fn open(&self, caller: &Caller, action: AuditAction) -> Result<OpenRecord, ServiceError> {
        let place = match self.queue.clone().try_reserve_owned() {
            Ok(permit) => Place::Reserved(permit),
            Err(_) if self.shared.settings.on_failure == OnFailure::Count => {
                Place::Sought(self.queue.clone())
            }
            Err(_) => return Err(ServiceError::AuditBacklog),
        };
        let record = Box::new(AuditRecord {
            correlation_id: caller.correlation_id.clone(),
            subject: caller.principal.subject.clone(),
            identified_by: Some(caller.principal.identified_by),
            remote: caller.remote.clone(),
            ..AuditRecord::blank(action)
        });
        Ok(OpenRecord::new(place, record, Arc::clone(&self.shared)))
    }
}

fn may_see(principal: &Principal, record: &AuditRecord) -> bool {
    if let Some(source) = record.source {
        return principal.may_on(Scope::AuditRead, source);
    }
    // Nobody has done a login that failed: its subject is no caller's, whatever they are called.
    let is_own = record.subject == principal.subject
        && record.identified_by == Some(principal.identified_by)
        && record.action != AuditAction::Login;
    is_own || principal.may_on_all(Scope::AuditRead)
}

/// The record of so many logins that failed.
fn refused_logins(count: u64) -> AuditRecord {
    AuditRecord {
        subject: UNIDENTIFIED.to_owned(),
        decision: AuditDecision::Refused,
        code: Some(ErrorKind::Unauthorized.code().to_owned()),
        count,
        ..AuditRecord::blank(AuditAction::Login)
    }
}

/// Whether so little waits that there is room for what nobody has answered for.
fn has_room(queue: &mpsc::Sender<Entry>) -> bool {
    queue.capacity() > queue.max_capacity() / 2
}

fn send(queue: &mpsc::Sender<Entry>, record: AuditRecord) -> Result<(), mpsc::error::TrySendError<Entry>> {
    queue.try_send(Entry::Record {
        record: Box::new(record),
        done: None,
    })
}

/// Records the failed logins that were counted, address by address, as far as there is room.
fn send_summaries(queue: &mpsc::Sender<Entry>, shared: &Shared) {
    let summaries = shared.logins().take();
    for summary in summaries {
        let record = AuditRecord {
            remote: summary.address.clone(),
            ..refused_logins(summary.count)
        };
        if !has_room(queue) || send(queue, record).is_err() {
            shared.logins().put_back(summary);
        }
    }
}

/// Sends summaries at the end of each interval, as long as there is anybody who could add to them. What follows on them has
/// the sinks look whether they have to do something of their own, although nothing is recorded.
async fn summarize(queue: mpsc::WeakSender<Entry>, shared: Arc<Shared>) {
    let mut ticks = tokio::time::interval(logins::INTERVAL);
    loop {
        ticks.tick().await;
        let Some(queue) = queue.upgrade() else { return };
        send_summaries(&queue, &shared);
        // While others wait, the sinks are at work anyway.
        let _ = queue.try_send(Entry::Flush(oneshot::channel().0));
    }
}
