//! Traces of requests, sent to a collector by OTLP.
//!
//! [`Exporter::open`] tells what is wrong with the settings. [`Telemetry::start`] makes a [`gateway_core::trace::Tracer`] that decides which requests are followed, and a thread that
//! sends their spans. Between the two is a bounded queue: whoever ends a span never waits. When the collector is slow or
//! away, spans are dropped and counted.
//!
//! The messages are OpenTelemetry's own, as its project generates them; both transports, protobuf over HTTP and gRPC, are one
//! client's. OpenTelemetry's SDK is not used: see `docs/adr/0017`.

mod error;
mod export;
mod message;
mod settings;
mod tracer;

pub use error::TelemetryError;
pub use export::{Exporter, Tally, Telemetry};
pub use settings::{Protocol, TelemetrySettings};
