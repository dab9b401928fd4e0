//! What the gateway answered.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer: status, headers, and the body as JSON (null if it is not).
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// HTTP headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Value,
    /// The body as it came.
    pub text: String,
}

impl Answer {
    /// The error's code, or nothing.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// `body.data`.
    #[must_use]
    pub fn data(&self) -> &Value {
        &self.body["data"]
    }
}
