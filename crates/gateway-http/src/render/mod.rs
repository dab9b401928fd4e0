//! From frames to bytes.

pub(crate) mod envelope;
mod json;
mod json_body;

pub(crate) use json::{BinaryStyle, JsonRows, NumberStyle, RowFormat};
pub(crate) use json_body::respond;
