//! How long the metadata store takes.

use std::time::Instant;

use gateway_core::{Classify, ErrorKind};
use gateway_store::StoreError;
use metrics::{counter, describe_counter, describe_histogram, histogram};

const DURATION: &str = "nexus_store_operation_duration_seconds";
const FAILURES: &str = "nexus_store_failures_total";

pub(super) fn describe() {
    describe_histogram!(DURATION, "Time that operations on the metadata store took");
    describe_counter!(FAILURES, "Operations on the metadata store that failed");
    for operation in ["revision", "load", "ping", "append_audit"] {
        counter!(FAILURES, "operation" => operation).increment(0);
    }
}

/// Awaits `work` on the store and notes how long it took. A conflict or a refusal by the store is not a failure of it.
pub(crate) async fn timed<T>(
    operation: &'static str,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let began = Instant::now();
    let outcome = work.await;
    histogram!(DURATION, "operation" => operation).record(began.elapsed().as_secs_f64());
    let kind = outcome.as_ref().err().map(Classify::kind);
    if matches!(kind, Some(ErrorKind::Connection | ErrorKind::Internal)) {
        counter!(FAILURES, "operation" => operation).increment(1);
    }
    outcome
}
