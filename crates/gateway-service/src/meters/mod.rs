//! What is counted and timed while statements run, in the terms of Prometheus.
//!
//! Labels are bounded: data sources, engines, codes, rules, causes; never a statement, a caller or an address. What has a
//! fixed set of labels exists from the start, at zero, so that a rate over it is right from the first event on.

mod query;
mod slow;
mod source;
mod store;

use gateway_core::Engine;
use metrics::{counter, describe_counter, describe_histogram};

pub(crate) use query::QueryMeter;
pub use slow::SlowQueries;
pub(crate) use source::SourceMeters;
pub(crate) use store::timed;

/// Tells the recorder what the metrics of this crate mean, and brings those into being that have a fixed set of labels. To
/// be called once, after the recorder was installed.
pub fn describe_metrics() {
    source::describe();
    query::describe();
    slow::describe();
    store::describe();
    describe_histogram!(
        ADMISSION_WAIT,
        "Time statements waited to be let in by limits.per_caller and limits.per_source"
    );
    describe_counter!(AUDIT_RECORDS, "Audit records written");
    describe_counter!(
        AUDIT_LOST,
        "Audit records lost because there was no room for them"
    );
    describe_counter!(
        AUDIT_FAILURES,
        "Attempts to write audit records that failed; the records wait and are tried again"
    );
    for name in [AUDIT_RECORDS, AUDIT_LOST, AUDIT_FAILURES] {
        counter!(name).increment(0);
    }
}

const ADMISSION_WAIT: &str = "nexus_admission_wait_seconds";
pub(crate) const AUDIT_RECORDS: &str = "nexus_audit_records_total";
pub(crate) const AUDIT_LOST: &str = "nexus_audit_records_lost_total";
pub(crate) const AUDIT_FAILURES: &str = "nexus_audit_write_failures_total";

/// The engines that sources may have.
fn engines() -> impl Iterator<Item = &'static str> {
    Engine::ALL.iter().map(|engine| engine.as_str())
}
