//! Statements that took long, in the log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gateway_core::trace::TraceId;
use gateway_core::{AuditRecord, Engine};
use metrics::{counter, describe_counter};
use slog::{Logger, o, warn};

use super::query::Waits;

const SLOW: &str = "nexus_slow_queries_total";

pub(super) fn describe() {
    describe_counter!(SLOW, "Statements that took longer than log.slow_query");
    counter!(SLOW).increment(0);
}

/// Writes a line about each statement that took at least as long as the operator finds slow.
///
/// The statement itself is not in it, since it may hold what must not be logged: the audit log has it, under the same
/// correlation id.
pub struct SlowQueries {
    log: Logger,
    /// Microseconds; the most there can be stands for never.
    threshold: AtomicU64,
}

impl SlowQueries {
    /// Lines go to `log`, for statements that take at least `threshold`; `None` for no lines.
    #[must_use]
    pub fn new(log: Logger, threshold: Option<Duration>) -> Self {
        let slow = Self {
            log,
            threshold: AtomicU64::new(u64::MAX),
        };
        slow.change(threshold);
        slow
    }

    /// Takes another threshold; `None` for no lines.
    pub fn change(&self, threshold: Option<Duration>) {
        let micros = threshold.and_then(|time| u64::try_from(time.as_micros()).ok());
        self.threshold
            .store(micros.unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn note(
        &self,
        took: Duration,
        waits: Waits,
        engine: Engine,
        trace: Option<TraceId>,
        record: &AuditRecord,
    ) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if micros < self.threshold.load(Ordering::Relaxed) {
            return;
        }
        counter!(SLOW).increment(1);
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let traced = trace.map(|trace| self.log.new(o!("traceId" => trace.to_string())));
        warn!(traced.as_ref().unwrap_or(&self.log), "slow query";
            "dataSourceId" => record.source.map(|id| id.to_string()),
            "engine" => engine.as_str(),
            "principal" => &record.subject,
            "code" => record.code.as_deref().unwrap_or("OK"),
            "rows" => record.rows,
            "bytes" => record.bytes,
            "ms" => ms(took),
            "admissionMs" => ms(waits.admission),
            "sessionMs" => ms(waits.session),
            "correlationId" => &record.correlation_id);
    }
}
