//! What is counted and timed of requests, and the gauges that are read when somebody scrapes.

mod pools;
mod routes;
mod scrape;

use gateway_core::ErrorKind;
use metrics::{counter, describe_counter, describe_histogram};

pub(crate) use routes::RouteMeters;
pub use scrape::scrape;

const REQUESTS: &str = "nexus_http_requests_total";
const DURATION: &str = "nexus_http_request_duration_seconds";
const LOGINS_REFUSED: &str = "nexus_logins_refused_total";
const ANSWERS_BROKEN: &str = "nexus_answers_broken_total";

/// What may happen to an answer that has begun.
const MAY_BREAK: [ErrorKind; 6] = [
    ErrorKind::Query,
    ErrorKind::Connection,
    ErrorKind::Cancelled,
    ErrorKind::Timeout,
    ErrorKind::Overloaded,
    ErrorKind::Internal,
];

/// Tells the recorder what the metrics of this crate mean. To be called once, after the recorder was installed.
pub fn describe_metrics() {
    describe_counter!(REQUESTS, "Requests answered, by route and outcome");
    describe_histogram!(
        DURATION,
        "Time from a request's head to the head of its answer; for answers that flow, rows follow after that"
    );
    describe_counter!(LOGINS_REFUSED, "Credentials that were not accepted, by reason");
    describe_counter!(
        ANSWERS_BROKEN,
        "Answers that failed after their first bytes had been sent, by the failure's code"
    );
    for kind in MAY_BREAK {
        counter!(ANSWERS_BROKEN, "code" => kind.code()).increment(0);
    }
    scrape::describe();
}

/// Counts credentials that were not accepted.
pub(crate) fn login_refused(reason: &'static str) {
    counter!(LOGINS_REFUSED, "reason" => reason).increment(1);
}

/// Counts an answer that failed after it had begun.
pub(crate) fn answer_broken(code: &'static str) {
    counter!(ANSWERS_BROKEN, "code" => code).increment(1);
}
