//! A record from the moment that something is asked for until its outcome is known.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use gateway_core::{AuditDecision, AuditRecord, Classify, DataSourceId, ErrorKind, Parameters, QuerySummary};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Timeout;

use super::{Durability, Entry, OnFailure, Shared, values};
use crate::ServiceError;
use crate::meters::QueryMeter;

/// How long an answer waits for its record to be written.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Where a record will wait to be written.
pub(super) enum Place {
    /// In a place that was reserved for it.
    Reserved(mpsc::OwnedPermit<Entry>),
    /// In one that is still to be found; without one it is lost, and counted.
    Sought(mpsc::Sender<Entry>),
}

/// A record whose outcome is not known yet. Dropped without one, it says that the request was cancelled.
pub(crate) struct OpenRecord {
    /// Taken when the record goes its way.
    pending: Option<(Place, Box<AuditRecord>)>,
    started: Instant,
    shared: Arc<Shared>,
    /// Counts the outcome, if it is that of a statement.
    meter: Option<QueryMeter>,
}

impl OpenRecord {
    pub(super) fn new(place: Place, record: Box<AuditRecord>, shared: Arc<Shared>) -> Self {
        Self {
            pending: Some((place, record)),
            started: Instant::now(),
            shared,
            meter: None,
        }
    }

    /// Has the outcome counted by `meter`.
    pub(crate) fn metered(&mut self, meter: QueryMeter) {
        self.meter = Some(meter);
    }

    /// What counts the outcome.
    pub(crate) fn meter(&mut self) -> Option<&mut QueryMeter> {
        self.meter.as_mut()
    }

    /// Has the outcome counted, once it is in the record.
    fn count(&mut self, tell: impl FnOnce(QueryMeter, &AuditRecord)) {
        if let (Some(meter), Some((_, record))) = (self.meter.take(), &self.pending) {
            tell(meter, record);
        }
    }

    fn edit(&mut self, change: impl FnOnce(&mut AuditRecord)) {
        if let Some((_, record)) = &mut self.pending {
            change(record);
        }
    }

    /// Names the data source that it is about.
    pub(crate) fn about(&mut self, source: DataSourceId) {
        self.edit(|record| record.source = Some(source));
    }

    /// Names what it is about, if that is not a data source: the prefix of a key, the name of a role, a path.
    pub(crate) fn target(&mut self, name: impl Into<String>) {
        self.edit(|record| record.target = Some(name.into()));
    }

    /// Keeps of a statement, and of the values bound to it, what the operator has asked for.
    pub(crate) fn statement(&mut self, sql: &str, parameters: &Parameters) {
        let settings = self.shared.settings;
        self.edit(|record| {
            (record.statement, record.digest) = values::statement(sql, settings.statements);
            if settings.parameters {
                record.parameters = values::parameters(parameters);
            }
        });
    }

    /// Closes the record with a success.
    pub(crate) fn allowed(mut self, summary: Option<&QuerySummary>) -> Recorded {
        self.edit(|record| {
            record.decision = AuditDecision::Allowed;
            if let Some(summary) = summary {
                (record.rows, record.bytes) = (summary.rows, summary.bytes);
            }
        });
        self.count(|meter, record| meter.allowed(summary, record));
        self.send()
    }

    /// Closes the record with a failure.
    pub(crate) fn failed(mut self, error: &ServiceError) -> Recorded {
        let kind = error.kind();
        self.edit(|record| {
            record.decision = decision(kind);
            record.code = Some(kind.code().to_owned());
            if let ServiceError::Rejected(rejection) = error {
                record.rule = Some(rejection.rule().as_str().to_owned());
            }
        });
        self.count(|meter, record| meter.failed(error, record));
        self.send()
    }

    /// Closes the record with how `outcome` turned out, and passes that on once the record is as safe as was asked for.
    pub(crate) async fn close<T>(self, outcome: Result<T, ServiceError>) -> Result<T, ServiceError> {
        let recorded = match &outcome {
            Ok(_) => self.allowed(None),
            Err(error) => self.failed(error),
        };
        recorded.await?;
        outcome
    }

    fn send(mut self) -> Recorded {
        let settings = self.shared.settings;
        match settings.durability {
            Durability::Queued => {
                self.hand_over(None);
                Recorded { writing: None }
            }
            Durability::Written => {
                let (done, written) = oneshot::channel();
                self.hand_over(Some(done));
                let written = Box::pin(tokio::time::timeout(LONGEST_WAIT, written));
                Recorded {
                    writing: Some((written, settings.on_failure)),
                }
            }
        }
    }

    fn hand_over(&mut self, done: Option<oneshot::Sender<()>>) {
        let Some((place, mut record)) = self.pending.take() else {
            return;
        };
        let micros = self.started.elapsed().as_micros();
        record.duration_micros = u64::try_from(micros).unwrap_or(u64::MAX);
        let entry = Entry::Record { record, done };
        match place {
            Place::Reserved(permit) => drop(permit.send(entry)),
            Place::Sought(queue) => {
                if queue.try_send(entry).is_err() {
                    self.shared.count_lost();
                }
            }
        }
    }
}

impl Drop for OpenRecord {
    fn drop(&mut self) {
        self.edit(|record| {
            record.decision = AuditDecision::Cancelled;
            record.code = Some(ErrorKind::Cancelled.code().to_owned());
        });
        self.count(QueryMeter::abandoned);
        self.hand_over(None);
    }
}

/// Ready once a record is written, or after the longest wait.
type Written = Pin<Box<Timeout<oneshot::Receiver<()>>>>;

/// Ready once a record is as safe as was asked for, with an error if that takes too long.
#[must_use = "an answer must not end before its record is safe"]
pub(crate) struct Recorded {
    /// `None` if it need not be waited for.
    writing: Option<(Written, OnFailure)>,
}

impl Future for Recorded {
    type Output = Result<(), ServiceError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some((written, on_failure)) = &mut self.writing else {
            return Poll::Ready(Ok(()));
        };
        let outcome = std::task::ready!(written.as_mut().poll(context));
        Poll::Ready(match (outcome, on_failure) {
            (Ok(Ok(())), _) | (_, OnFailure::Count) => Ok(()),
            (Ok(Err(_)) | Err(_), OnFailure::Refuse) => Err(ServiceError::AuditBacklog),
        })
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
