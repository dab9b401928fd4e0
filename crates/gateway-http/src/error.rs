//! A failed request on its way to its answer.
//!
//! Handlers return [`ApiError`]; the answer's body needs the correlation id and is written by the outermost middleware,
//! which finds the error among the response's extensions. So there is one place that writes error bodies and one that logs.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpResponse, ResponseError};
use gateway_core::{Classify, ErrorDetail, ErrorKind, Scope};
use gateway_service::ServiceError;

use crate::auth::Refusal;
use crate::codes;

/// A failure with the text for the caller and the text for the log.
#[derive(Debug, Clone)]
pub(crate) struct ApiError(pub(crate) Arc<Failure>);

/// What is known about a failure.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) public: String,
    pub(crate) detail: ErrorDetail,
    pub(crate) internal: String,
    pub(crate) retry_after: Option<u32>,
    /// What a caller is told in `WWW-Authenticate` (RFC 6750, section 3).
    pub(crate) challenge: Option<String>,
}

/// The challenge without a reason.
const CHALLENGE: &str = "Bearer realm=\"nexus-gateway\"";

impl ApiError {
    /// A failure whose text for the caller and for the log are the same.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message: String = message.into();
        Self(Arc::new(Failure::new(kind, message.clone(), message)))
    }

    /// A failure whose text for the caller quotes what they sent, which the log must not: `internal` says what it may.
    pub(crate) fn quoting(kind: ErrorKind, message: impl Into<String>, internal: impl Into<String>) -> Self {
        Self(Arc::new(Failure::new(kind, message.into(), internal.into())))
    }

    /// A failure about a field of the request, whose value `message` may quote.
    pub(crate) fn field(kind: ErrorKind, field: &str, message: impl fmt::Display) -> Self {
        let (public, internal) = (format!("{field} {message}"), format!("{field} is not valid"));
        Self(Arc::new(Failure {
            detail: ErrorDetail {
                details: Some(field.to_owned()),
                ..ErrorDetail::default()
            },
            ..Failure::new(kind, public, internal)
        }))
    }

    /// A rate limit that lifts after `seconds`.
    pub(crate) fn rate_limited(seconds: u32) -> Self {
        let message = format!("Too many requests; try again in {seconds} s");
        Self(Arc::new(Failure {
            retry_after: Some(seconds),
            ..Failure::new(ErrorKind::RateLimited, message.clone(), message)
        }))
    }

    /// Credentials that are not accepted.
    pub(crate) fn refused(refusal: &Refusal) -> Self {
        let message = refusal.as_str();
        match refusal {
            Refusal::Throttled { seconds, .. } => return Self::rate_limited(*seconds),
            Refusal::NoKeys => return Self::new(ErrorKind::Overloaded, message),
            _ => {}
        }
        let challenge = match refusal.challenge() {
            Some(error) => format!(
                "{CHALLENGE}, error=\"{error}\", error_description=\"{}\"",
                message.replace('"', "'")
            ),
            None => CHALLENGE.to_owned(),
        };
        Self::challenging(ErrorKind::Unauthorized, message.to_owned(), challenge)
    }

    /// A caller whose credentials do not cover what is asked.
    pub(crate) fn lacks_scope(scope: Scope) -> Self {
        Self::challenging(
            ErrorKind::Forbidden,
            format!("This needs the scope \"{scope}\""),
            format!("{CHALLENGE}, error=\"insufficient_scope\", scope=\"{scope}\""),
        )
    }

    fn challenging(kind: ErrorKind, message: String, challenge: String) -> Self {
        Self(Arc::new(Failure {
            challenge: Some(challenge),
            ..Failure::new(kind, message.clone(), message)
        }))
    }

    pub(crate) fn classified(error: &(impl Classify + fmt::Display)) -> Self {
        let public = error.public_message().into_owned();
        let failure = Failure::new(error.kind(), public, error.to_string());
        let known = error.retry_after().map(whole_seconds);
        Self(Arc::new(Failure {
            detail: error.detail(),
            retry_after: known.or(failure.retry_after),
            ..failure
        }))
    }
}

impl Failure {
    /// What its kind alone says of when to come again, and nothing more.
    fn new(kind: ErrorKind, public: String, internal: String) -> Self {
        Self {
            kind,
            public,
            detail: ErrorDetail::default(),
            internal,
            retry_after: codes::retry_after(kind),
            challenge: None,
        }
    }
}

/// Rounded up, and at least one: who comes back too early is refused again.
fn whole_seconds(time: Duration) -> u32 {
    u32::try_from(time.as_millis().div_ceil(1000).max(1)).unwrap_or(u32::MAX)
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        Self::classified(&error)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.kind, self.0.internal)
    }
}

impl std::error::Error for ApiError {}

impl ResponseError for ApiError {
    fn status_code(&self) -> actix_web::http::StatusCode {
        codes::status(self.0.kind)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Some(seconds) = self.0.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if let Some(challenge) = &self.0.challenge {
            response.insert_header((header::WWW_AUTHENTICATE, challenge.as_str()));
        }
        let mut response = response.finish();
        response.extensions_mut().insert(self.clone());
        response
    }
}
