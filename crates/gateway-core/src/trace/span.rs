//! A span that is over, as plain data.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use super::{SpanId, TraceContext};

/// On which side of a conversation a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanKind {
    /// Within the gateway.
    Internal,
    /// It answers somebody.
    Server,
    /// It asks somebody.
    Client,
}

/// What an attribute may be. Never a statement, a parameter, a name of a user or a credential.
#[derive(Debug, Clone, PartialEq)]
pub enum SpanValue {
    /// A text.
    Text(Cow<'static, str>),
    /// A number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
}

impl From<&'static str> for SpanValue {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for SpanValue {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<u64> for SpanValue {
    fn from(number: u64) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u16> for SpanValue {
    fn from(number: u16) -> Self {
        Self::Int(number.into())
    }
}

impl From<bool> for SpanValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

/// A moment within a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpanEvent {
    /// What happened.
    pub name: &'static str,
    /// When.
    pub at: SystemTime,
}

/// A span that is over.
#[derive(Debug, Clone)]
pub struct Span {
    /// Which it is.
    pub context: TraceContext,
    /// The span that it is a part of.
    pub parent: Option<SpanId>,
    /// Whether that is another service's.
    pub is_parent_remote: bool,
    /// The `tracestate` that came with the request.
    pub state: Option<Arc<str>>,
    /// What was done.
    pub name: Cow<'static, str>,
    /// For whom.
    pub kind: SpanKind,
    /// Since when.
    pub started: SystemTime,
    /// Until when.
    pub ended: SystemTime,
    /// What is known of it, by OpenTelemetry's semantic conventions or under `nexus.`.
    pub attributes: Vec<(&'static str, SpanValue)>,
    /// What happened within it.
    pub events: Vec<SpanEvent>,
    /// The code of the failure that ended it, if it failed.
    pub failure: Option<&'static str>,
}

/// Takes spans that are over. Must not block: it is called wherever a span ends.
pub trait SpanSink: Send + Sync + 'static {
    /// Takes one.
    fn take(&self, span: Span);
}
