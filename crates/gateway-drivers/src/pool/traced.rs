//! The span of a statement, by OpenTelemetry's conventions for clients of databases. Neither its text nor its values are
//! ever part of it, nor what the database says of them: messages repeat values.

use gateway_core::trace::{SpanKind, Stage};
use gateway_core::{Classify, ErrorKind, QueryRequest, StatementKind};

use crate::DriverError;
use crate::stream::Counts;

/// Opens it.
pub(super) fn begin(request: &QueryRequest) -> Stage {
    let mut executing = request.trace.stage("execute", SpanKind::Client);
    executing.set("db.system.name", request.sql.engine().telemetry_name());
    executing.set("db.operation.name", operation(request.sql.kind()));
    executing
}

/// Closes it, once the session is settled.
pub(super) fn end(mut executing: Stage, outcome: &Result<(), DriverError>, counts: Counts, has_reader: bool) {
    match outcome {
        // Whoever notices first that nobody reads, it is the same end.
        Ok(()) if !has_reader => executing.failed(ErrorKind::Cancelled.code()),
        // Of a statement that was cut off, some sessions have not said what they delivered.
        Ok(()) => {
            executing.set("db.response.returned_rows", counts.rows);
            if counts.truncated_by.is_some() {
                executing.set("nexus.truncated", true);
            }
            executing.succeeded();
        }
        Err(error) => {
            let detail = error.detail();
            if let Some(status) = detail.sql_state.or(detail.native_code) {
                executing.set("db.response.status_code", status);
            }
            executing.failed(error.kind().code());
        }
    }
}

/// What databases call it. A query may begin with VALUES or WITH; PostgreSQL's own command tag says SELECT of it, too.
const fn operation(kind: StatementKind) -> &'static str {
    match kind {
        StatementKind::Query => "SELECT",
        StatementKind::Show => "SHOW",
        StatementKind::Describe => "DESCRIBE",
        StatementKind::Explain => "EXPLAIN",
    }
}
