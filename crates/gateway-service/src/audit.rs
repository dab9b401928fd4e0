//! Putting on record what callers do.
//!
//! A place in the queue is reserved *before* anything happens, so that whatever happens can be recorded; when there is no
//! place, because the store does not take records fast enough or at all, the request is refused. A task writes the queue
//! to the store in batches, so no request waits for the store.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use gateway_core::{
    AuditAction, AuditDecision, AuditId, AuditRecord, Classify, DataSourceId, ErrorKind, Principal,
    QuerySummary, Scope, UnixMicros,
};
use gateway_store::{AuditFilter, AuditPage, Page, Store};
use slog::{Logger, info, warn};
use tokio::sync::{mpsc, oneshot};

use crate::ServiceError;

/// Records written at once.
const BATCH: usize = 500;

/// How long to wait before a failed write is tried again.
const RETRY: Duration = Duration::from_millis(500);

/// How often records that have reached their age are looked for.
const FORGET_EVERY: Duration = Duration::from_mins(10);

/// Records removed by one statement, so that none takes long.
const FORGET_AT_ONCE: u32 = 5000;

/// How the log is kept.
#[derive(Debug, Clone, Copy)]
pub struct AuditSettings {
    /// Records that may wait to be written; at least one.
    pub queue: usize,
    /// How long records are kept.
    pub retention: Duration,
}

impl Default for AuditSettings {
    fn default() -> Self {
        Self {
            queue: 10_000,
            retention: Duration::from_hours(90 * 24),
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
}

enum Entry {
    Record(Box<AuditRecord>),
    /// Answered once everything before it is written.
    Flush(oneshot::Sender<()>),
}

/// The way into the audit log.
#[derive(Clone)]
pub struct Auditor {
    queue: mpsc::Sender<Entry>,
    store: Arc<dyn Store>,
}

impl Auditor {
    /// Starts writing to `store`. Must be called within a tokio runtime, which does the writing.
    #[must_use]
    pub fn start(store: Arc<dyn Store>, settings: AuditSettings, log: Logger) -> Self {
        let (queue, inbox) = mpsc::channel(settings.queue.max(1));
        tokio::spawn(write(inbox, Arc::clone(&store), log.clone()));
        tokio::spawn(forget(Arc::downgrade(&store), settings.retention, log));
        Self { queue, store }
    }

    /// Waits until everything recorded so far is in the store, or `limit` has passed; whether it is.
    pub async fn flush(&self, limit: Duration) -> bool {
        let written = async {
            let (done, waiting) = oneshot::channel();
            self.queue.send(Entry::Flush(done)).await.is_ok() && waiting.await.is_ok()
        };
        tokio::time::timeout(limit, written).await.unwrap_or(false)
    }

    /// A page of the log, newest first. Sources that are hidden from the caller are hidden here too.
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
        read.items.retain(|record| {
            record
                .source
                .is_none_or(|id| principal.may_on(Scope::AuditRead, id))
        });
        Ok(read)
    }

    /// Reserves a place for the record of what `caller` is about to do.
    ///
    /// # Errors
    ///
    /// [`ServiceError::AuditBacklog`] if there is none.
    pub(crate) fn open(&self, caller: &Caller, action: AuditAction) -> Result<OpenRecord, ServiceError> {
        let place = self
            .queue
            .clone()
            .try_reserve_owned()
            .map_err(|_| ServiceError::AuditBacklog)?;
        let record = Box::new(AuditRecord {
            id: AuditId::new(),
            at: UnixMicros::now(),
            correlation_id: caller.correlation_id.clone(),
            subject: caller.principal.subject.clone(),
            remote: caller.remote.clone(),
            action,
            source: None,
            statement: None,
            decision: AuditDecision::Cancelled,
            code: None,
            rule: None,
            rows: 0,
            bytes: 0,
            duration_micros: 0,
        });
        Ok(OpenRecord {
            pending: Some((place, record)),
            started: Instant::now(),
        })
    }
}

/// A record whose outcome is not known yet. Dropped without one, it says that the request was cancelled.
pub(crate) struct OpenRecord {
    /// Taken when the record goes its way.
    pending: Option<(mpsc::OwnedPermit<Entry>, Box<AuditRecord>)>,
    started: Instant,
}

impl OpenRecord {
    fn edit(&mut self, change: impl FnOnce(&mut AuditRecord)) {
        if let Some((_, record)) = &mut self.pending {
            change(record);
        }
    }

    pub(crate) fn about(&mut self, source: DataSourceId) {
        self.edit(|record| record.source = Some(source));
    }

    pub(crate) fn statement(&mut self, text: &str) {
        self.edit(|record| record.statement = Some(text.to_owned()));
    }

    /// Closes the record with a success.
    pub(crate) fn allowed(mut self, summary: Option<&QuerySummary>) {
        self.edit(|record| {
            record.decision = AuditDecision::Allowed;
            if let Some(summary) = summary {
                (record.rows, record.bytes) = (summary.rows, summary.bytes);
            }
        });
    }

    /// Closes the record with a failure.
    pub(crate) fn failed(mut self, error: &ServiceError) {
        let kind = error.kind();
        self.edit(|record| {
            record.decision = decision(kind);
            record.code = Some(kind.code().to_owned());
            if let ServiceError::Rejected(rejection) = error {
                record.rule = Some(rejection.rule().as_str().to_owned());
            }
        });
    }

    /// Closes the record with how `outcome` turned out, and passes that on.
    pub(crate) fn close<T>(self, outcome: Result<T, ServiceError>) -> Result<T, ServiceError> {
        match &outcome {
            Ok(_) => self.allowed(None),
            Err(error) => self.failed(error),
        }
        outcome
    }
}

impl Drop for OpenRecord {
    fn drop(&mut self) {
        let Some((place, mut record)) = self.pending.take() else {
            return;
        };
        let micros = self.started.elapsed().as_micros();
        record.duration_micros = u64::try_from(micros).unwrap_or(u64::MAX);
        if record.decision == AuditDecision::Cancelled && record.code.is_none() {
            record.code = Some(ErrorKind::Cancelled.code().to_owned());
        }
        place.send(Entry::Record(record));
    }
}

/// What a kind of failure says about the gateway's part in it.
fn decision(kind: ErrorKind) -> AuditDecision {
    match kind {
        ErrorKind::InvalidRequest
        | ErrorKind::Validation
        | ErrorKind::Unauthorized
        | ErrorKind::Forbidden
        | ErrorKind::NotFound
        | ErrorKind::WrongReplica
        | ErrorKind::MethodNotAllowed
        | ErrorKind::InvalidDataSource
        | ErrorKind::SqlSyntax
        | ErrorKind::InvalidSql
        | ErrorKind::Conflict
        | ErrorKind::PreconditionFailed
        | ErrorKind::PayloadTooLarge
        | ErrorKind::RateLimited
        | ErrorKind::Overloaded => AuditDecision::Refused,
        ErrorKind::Query | ErrorKind::Connection | ErrorKind::Internal => AuditDecision::Failed,
        ErrorKind::Cancelled | ErrorKind::Timeout => AuditDecision::Cancelled,
    }
}

async fn write(mut inbox: mpsc::Receiver<Entry>, store: Arc<dyn Store>, log: Logger) {
    let mut entries = Vec::with_capacity(BATCH);
    while inbox.recv_many(&mut entries, BATCH).await > 0 {
        let mut flushes = Vec::new();
        let mut records = Vec::with_capacity(entries.len());
        for entry in entries.drain(..) {
            match entry {
                Entry::Record(record) => records.push(*record),
                Entry::Flush(done) => flushes.push(done),
            }
        }
        if !records.is_empty() {
            append(&*store, records.into(), &log).await;
        }
        for done in flushes {
            // Whoever waited may have given up.
            let _ = done.send(());
        }
    }
}

/// Tries until it succeeds; meanwhile the queue fills, and then requests are refused.
async fn append(store: &dyn Store, records: Arc<[AuditRecord]>, log: &Logger) {
    let mut failing = false;
    loop {
        match store.append(Arc::clone(&records)).await {
            Ok(()) if failing => return info!(log, "audit records are written again"),
            Ok(()) => return,
            Err(error) if !failing => {
                failing = true;
                warn!(log, "audit records cannot be written; they wait"; "error" => %error);
            }
            Err(_) => {}
        }
        tokio::time::sleep(RETRY).await;
    }
}

/// Removes records that have reached their age, for as long as the store is in use.
async fn forget(store: Weak<dyn Store>, retention: Duration, log: Logger) {
    let mut ticks = tokio::time::interval(FORGET_EVERY);
    let retention = i64::try_from(retention.as_micros()).unwrap_or(i64::MAX);
    loop {
        ticks.tick().await;
        let Some(store) = store.upgrade() else { return };
        let moment = UnixMicros(UnixMicros::now().0.saturating_sub(retention));
        loop {
            match store.forget_audit(moment, FORGET_AT_ONCE).await {
                Ok(removed) if removed >= u64::from(FORGET_AT_ONCE) => {}
                Ok(_) => break,
                Err(error) => {
                    warn!(log, "old audit records cannot be removed"; "error" => %error);
                    break;
                }
            }
        }
    }
}
