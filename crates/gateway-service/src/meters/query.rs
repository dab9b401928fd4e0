//! What one statement adds to the metrics.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway_core::trace::TraceId;
use gateway_core::{AuditRecord, Classify, ErrorKind, QuerySummary};
use gateway_drivers::{CancelCause, DriverError};
use metrics::{counter, describe_counter};

use super::{SlowQueries, SourceMeters};
use crate::ServiceError;

const BLOCKED: &str = "nexus_statements_blocked_total";
const CANCELLED: &str = "nexus_queries_cancelled_total";

pub(super) fn describe() {
    describe_counter!(
        BLOCKED,
        "Statements that were not permitted, by the rule they broke"
    );
    describe_counter!(CANCELLED, "Statements that were cut off while they ran, by cause");
    for engine in super::engines() {
        for cause in Cause::ALL {
            counter!(CANCELLED, "engine" => engine, "cause" => cause.as_str()).increment(0);
        }
    }
}

/// Why a statement was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Requested,
    ReaderLeft,
    ShuttingDown,
    Deadline,
}

impl Cause {
    const ALL: [Self; 4] = [
        Self::Requested,
        Self::ReaderLeft,
        Self::ShuttingDown,
        Self::Deadline,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::ReaderLeft => "reader_left",
            Self::ShuttingDown => "shutting_down",
            Self::Deadline => "deadline",
        }
    }

    fn of(error: &ServiceError) -> Option<Self> {
        match error {
            ServiceError::Driver(DriverError::Deadline) => Some(Self::Deadline),
            ServiceError::Driver(DriverError::Cancelled(cause)) => Some(match cause {
                CancelCause::Requested => Self::Requested,
                CancelCause::ReaderLeft => Self::ReaderLeft,
                CancelCause::ShuttingDown => Self::ShuttingDown,
            }),
            _ => None,
        }
    }
}

/// Follows one statement to its end.
pub(crate) struct QueryMeter {
    source: Arc<SourceMeters>,
    slow: Arc<SlowQueries>,
    started: Instant,
    waits: Waits,
    trace: Option<TraceId>,
}

/// How long a statement waited before it ran.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Waits {
    pub(super) admission: Duration,
    pub(super) session: Duration,
}

impl QueryMeter {
    pub(crate) fn start(source: Arc<SourceMeters>, slow: Arc<SlowQueries>, trace: Option<TraceId>) -> Self {
        Self {
            source,
            slow,
            started: Instant::now(),
            waits: Waits::default(),
            trace,
        }
    }

    /// The statement was let in, having waited since `began`.
    pub(crate) fn admitted(&mut self, began: Instant) {
        self.waits.admission = began.elapsed();
        self.source.admitted_after(self.waits.admission);
    }

    /// The statement has a session, or cannot have one, having waited since `began`.
    pub(crate) fn acquired(&mut self, began: Instant) {
        self.waits.session = began.elapsed();
        self.source.acquired_after(self.waits.session);
    }

    /// The statement ended well.
    pub(crate) fn allowed(self, summary: Option<&QuerySummary>, record: &AuditRecord) {
        let took = self.started.elapsed();
        self.source.ended(took, Ok(summary));
        self.note(took, record);
    }

    /// The statement failed.
    pub(crate) fn failed(self, error: &ServiceError, record: &AuditRecord) {
        if let ServiceError::Rejected(rejection) = error {
            let rule = rejection.rule().as_str();
            counter!(BLOCKED, "engine" => self.source.engine().as_str(), "rule" => rule).increment(1);
        }
        self.cut_or_failed(Cause::of(error), error.kind(), record);
    }

    /// The statement's reader has gone.
    pub(crate) fn abandoned(self, record: &AuditRecord) {
        self.cut_or_failed(Some(Cause::ReaderLeft), ErrorKind::Cancelled, record);
    }

    fn cut_or_failed(self, cause: Option<Cause>, kind: ErrorKind, record: &AuditRecord) {
        let engine = self.source.engine();
        if let Some(cause) = cause {
            counter!(CANCELLED, "engine" => engine.as_str(), "cause" => cause.as_str()).increment(1);
        }
        let took = self.started.elapsed();
        self.source.ended(took, Err(kind));
        self.note(took, record);
    }

    fn note(&self, took: Duration, record: &AuditRecord) {
        let engine = self.source.engine();
        self.slow.note(took, self.waits, engine, self.trace, record);
    }
}
