//! What surrounds every handler.

mod answers;
mod client_address;
mod cross_site;
mod edges;
mod ending;
mod facts;
mod identify;
mod matched;
mod rate_limit;
mod traced;

pub(crate) use answers::{Answers, CorrelationId};
pub(crate) use client_address::ClientAddress;
pub(crate) use cross_site::is_forged;
pub use edges::CorsRules;
pub(crate) use edges::{Edges, cors};
pub(crate) use facts::Facts;
pub(crate) use identify::{Identify, Identity};
pub use rate_limit::RateLimit;
pub(crate) use traced::trace_of;
