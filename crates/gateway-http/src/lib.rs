//! The HTTP adapter of Nexus Gateway: bytes in, domain calls, bytes out, and nothing else.
//!
//! [`build_app`] makes the whole application from [`AppState`]; the binary and the tests use the same one.

mod app;
pub mod auth;
pub mod codes;
mod dto;
mod error;
mod guard;
mod meters;
mod middleware;
mod openapi;
mod phase;
mod render;
mod routes;
mod server;
#[cfg(feature = "testkit")]
pub mod testkit;

pub use app::{AppState, HttpSettings, build_app};
pub use meters::{describe_metrics, scrape};
pub use middleware::{CorsRules, RateLimit};
pub use openapi::openapi_json;
pub use phase::{Lifecycle, Phase};
pub use server::{ClientAuth, ListenerTls, ServerOptions, TlsFailure, TlsSettings, serve, serve_metrics};
