//! A failed request on its way to its answer.
//!
//! Handlers return [`ApiError`]; the answer's body needs the correlation id and is written by the outermost middleware,
//! which finds the error among the response's extensions. So there is one place that writes error bodies and one that logs.

use std::fmt;
use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpResponse, ResponseError};
use gateway_core::{Classify, ErrorDetail, ErrorKind};
use gateway_service::ServiceError;

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
}

impl ApiError {
    /// A failure whose text for the caller and for the log are the same.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let public: String = message.into();
        let internal = public.clone();
        Self::of(kind, public, ErrorDetail::default(), internal)
    }

    /// [`ApiError::new`] about a field of the request.
    pub(crate) fn field(kind: ErrorKind, field: &str, message: impl fmt::Display) -> Self {
        let public = format!("{field} {message}");
        let detail = ErrorDetail {
            details: Some(field.to_owned()),
            ..ErrorDetail::default()
        };
        let internal = public.clone();
        Self::of(kind, public, detail, internal)
    }

    /// A rate limit that lifts after `seconds`.
    pub(crate) fn rate_limited(seconds: u32) -> Self {
        let message = format!("Too many requests; try again in {seconds} s");
        Self(Arc::new(Failure {
            kind: ErrorKind::RateLimited,
            internal: message.clone(),
            public: message,
            detail: ErrorDetail::default(),
            retry_after: Some(seconds),
        }))
    }

    fn of(kind: ErrorKind, public: String, detail: ErrorDetail, internal: String) -> Self {
        Self(Arc::new(Failure {
            kind,
            public,
            detail,
            internal,
            retry_after: codes::retry_after(kind),
        }))
    }

    pub(crate) fn classified(error: &(impl Classify + fmt::Display)) -> Self {
        Self::of(
            error.kind(),
            error.public_message().into_owned(),
            error.detail(),
            error.to_string(),
        )
    }
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
        if self.0.kind == ErrorKind::Unauthorized {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"nexus-gateway\""));
        }
        let mut response = response.finish();
        response.extensions_mut().insert(self.clone());
        response
    }
}
