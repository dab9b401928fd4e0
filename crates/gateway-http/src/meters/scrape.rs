//! What is read rather than counted: the present state, when somebody asks for it.

use metrics::{describe_gauge, gauge};

use super::pools;
use crate::AppState;
use crate::phase::Phase;

const RUNNING: &str = "nexus_queries_running";
const WAITING: &str = "nexus_admission_waiting";
const READS: &str = "nexus_paged_reads_open";
const SOURCES: &str = "nexus_data_sources";
const AUDIT_WAITING: &str = "nexus_audit_queue_waiting";
const DRAINING: &str = "nexus_draining";
const BUILD: &str = "nexus_build_info";

pub(super) fn describe() {
    describe_gauge!(RUNNING, "Statements that have a task at work");
    describe_gauge!(
        WAITING,
        "Statements that wait to be let in by limits.per_caller and limits.per_source"
    );
    describe_gauge!(READS, "Paged reads that are open, each with a session of its own");
    describe_gauge!(SOURCES, "Data sources that are registered, by status");
    describe_gauge!(AUDIT_WAITING, "Audit records that wait to be written");
    describe_gauge!(DRAINING, "1 while the gateway is shutting down");
    describe_gauge!(BUILD, "Always 1; its labels tell what runs");
    pools::describe();
    metrics_process::Collector::default().describe();
}

/// The metrics in Prometheus' text format.
#[must_use]
pub fn scrape(state: &AppState) -> String {
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    gauge!(RUNNING).set(state.sources.running() as f64);
    gauge!(WAITING).set(state.queries.waiting() as f64);
    gauge!(READS).set(state.fetches.open_reads() as f64);
    gauge!(AUDIT_WAITING).set(state.auditor.waiting() as f64);
    let is_leaving = state.lifecycle.phase() != Phase::Open;
    gauge!(DRAINING).set(f64::from(u8::from(is_leaving)));
    for (status, count) in state.sources.count_by_status() {
        gauge!(SOURCES, "status" => status.as_str()).set(count as f64);
    }
    pools::collect(&state.sources.pools());
    metrics_process::Collector::default().collect();
    state.metrics.render()
}
