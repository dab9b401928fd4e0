//! What surrounds every handler.

mod answers;
mod client_address;
mod edges;
mod identify;
mod rate_limit;

pub(crate) use answers::{Answers, CorrelationId};
pub(crate) use client_address::ClientAddress;
pub use edges::CorsRules;
pub(crate) use edges::{Edges, cors};
pub(crate) use identify::{Identify, Identity};
pub use rate_limit::RateLimit;
