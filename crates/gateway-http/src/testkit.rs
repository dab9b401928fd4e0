//! Parts of the adapter without a server around them, for measuring.

use gateway_core::Frame;
use gateway_service::ServiceError;

use crate::render::{self, Format};

/// A form that answers may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerFormat {
    /// The JSON envelope.
    Json,
    /// Lines of JSON.
    Ndjson,
    /// RFC 4180.
    Csv,
    /// An Arrow IPC stream.
    Arrow,
}

/// Appends what a caller would get for `frames`.
///
/// # Errors
///
/// If the format cannot say what a frame says.
pub fn encode(
    frames: impl Iterator<Item = Frame>,
    format: AnswerFormat,
    out: &mut Vec<u8>,
) -> Result<(), ServiceError> {
    let format = match format {
        AnswerFormat::Json => Format::Json,
        AnswerFormat::Ndjson => Format::Ndjson,
        AnswerFormat::Csv => Format::Csv,
        AnswerFormat::Arrow => Format::Arrow,
    };
    render::encode(frames, format, out)
}
