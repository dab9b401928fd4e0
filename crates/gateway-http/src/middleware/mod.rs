//! What surrounds every handler.

mod answers;
mod identify;
mod rate_limit;

pub(crate) use answers::{Answers, CorrelationId};
pub(crate) use identify::{Identify, Identity};
pub use rate_limit::RateLimit;
