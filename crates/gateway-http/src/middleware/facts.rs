//! What becomes known of a request while it is answered, and the line in the log that tells it.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage, HttpRequest};
use gateway_core::{DataSourceId, ErrorKind, Principal};
use slog::{Logger, error, info, warn};

use super::CorrelationId;
use super::ending::AtEnd;
use super::identify::Identity;
use crate::error::ApiError;

/// What handlers and bodies find out. Cloning shares; all of it happens on one worker.
#[derive(Clone, Default)]
pub(crate) struct Facts(Rc<Known>);

#[derive(Default)]
struct Known {
    source: Cell<Option<DataSourceId>>,
    rows: Cell<Option<u64>>,
    broken: Cell<Option<ErrorKind>>,
    flows: Cell<bool>,
}

impl Facts {
    /// Those of a request that has passed the middleware.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }

    /// The data source that is asked.
    pub(crate) fn about(&self, source: DataSourceId) {
        self.0.source.set(Some(source));
    }

    /// The answer goes on after its head, so that its line has to wait.
    pub(crate) fn flows(&self) {
        self.0.flows.set(true);
    }

    /// The answer is complete, with so many rows.
    pub(crate) fn completed(&self, rows: u64) {
        self.0.rows.set(Some(rows));
    }

    /// The answer failed after it had begun.
    pub(crate) fn broke_off(&self, kind: ErrorKind) {
        self.0.broken.set(Some(kind));
    }

    pub(super) fn has_to_wait(&self) -> bool {
        self.0.flows.get()
    }
}

/// A request's line in the log: one for each, when its answer is over.
pub(super) struct Line {
    pub(super) log: Logger,
    pub(super) facts: Facts,
    pub(super) principal: Option<Arc<Principal>>,
    pub(super) method: Method,
    pub(super) route: Rc<str>,
    pub(super) status: StatusCode,
    pub(super) correlation: CorrelationId,
    pub(super) started: Instant,
}

/// Who sent a request, if that is known.
pub(super) fn principal_of(request: &HttpRequest) -> Option<Arc<Principal>> {
    match request.extensions().get::<Identity>() {
        Some(Identity(Ok(caller))) => Some(Arc::clone(caller)),
        Some(Identity(Err(_))) | None => None,
    }
}

/// The fields that every line has: borrowed, since most of a line's cost would be copies.
macro_rules! write_line {
    ($line:expr, $level:ident, $message:literal, $code:expr $(, $why:expr)?) => {
        $level!($line.log, $message;
            "method" => $line.method.as_str(),
            "route" => &*$line.route,
            "status" => $line.status.as_u16(),
            "principal" => $line.principal.as_ref().map(|caller| &caller.subject),
            "dataSourceId" => $line.facts.0.source.get().map(|id| id.to_string()),
            "code" => $code,
            "rows" => $line.facts.0.rows.get(),
            $("error" => $why,)?
            "ms" => $line.started.elapsed().as_secs_f64() * 1000.0,
            "correlationId" => &*$line.correlation.0)
    };
}

impl Line {
    /// Writes it for an answer that failed before it began, or did not.
    pub(super) fn write(&self, failure: Option<&ApiError>) {
        match failure {
            None => self.write_with("OK", None),
            Some(ApiError(failure)) => {
                self.write_with(failure.kind.code(), Some((failure.kind, &failure.internal)));
            }
        }
    }

    fn write_with(&self, code: &'static str, failed: Option<(ErrorKind, &str)>) {
        match failed {
            None => write_line!(self, info, "request", code),
            Some((ErrorKind::Internal, why)) => write_line!(self, error, "request failed", code, why),
            Some((_, why)) => write_line!(self, warn, "request refused", code, why),
        }
    }
}

/// The line of an answer that flows comes when its body is over.
impl AtEnd for Line {
    fn over(&mut self, is_read: bool) {
        match self.facts.0.broken.get() {
            Some(kind) => self.write_with(kind.code(), Some((kind, "the answer broke off"))),
            None if is_read || self.facts.0.rows.get().is_some() => self.write_with("OK", None),
            None => self.write_with(ErrorKind::Cancelled.code(), None),
        }
    }
}
