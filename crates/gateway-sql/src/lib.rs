//! Decides whether a SQL text is one read-only statement.

mod bridge;
mod dialect;
mod error;
mod explain;
mod params;
mod policy;
mod row_cap;
mod rules;
mod scan;
mod show;
mod tripwires;
mod verdict;

pub use error::{Rejection, Rule};
pub use policy::{Level, Limits, Policy};
pub use verdict::Validator;
