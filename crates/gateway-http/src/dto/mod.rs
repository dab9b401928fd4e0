//! The shapes on the wire. Nothing outside this crate knows them.

pub(crate) mod access;
pub(crate) mod answers;
pub(crate) mod audit;
pub(crate) mod params;
pub(crate) mod query;
pub(crate) mod schema;
pub(crate) mod source;
pub(crate) mod source_test;
pub(crate) mod style;

use gateway_core::ErrorKind;
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// Reads a JSON body. What does not have the right shape is INVALID_REQUEST, with the place.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    if std::str::from_utf8(body).is_err() {
        return Err(ApiError::new(
            ErrorKind::InvalidRequest,
            "The body is not UTF-8 text",
        ));
    }
    serde_json::from_slice(body).map_err(|error| {
        let (kind, line, column) = (error.classify(), error.line(), error.column());
        ApiError::quoting(
            ErrorKind::InvalidRequest,
            format!("The body is not valid: {error}"),
            format!("the body is not valid ({kind:?} error at line {line} column {column})"),
        )
    })
}
