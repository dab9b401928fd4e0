//! What a connection test found, on the wire.

use std::time::Duration;

use gateway_service::Probe;
use serde::Serialize;
use utoipa::ToSchema;

/// What a connection test found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestBody {
    /// The version as the server reports it.
    server_version: String,
    /// Time to establish the connection.
    connect_ms: f64,
    /// Time of one round trip on it.
    latency_ms: f64,
    /// Whether the account could write if the gateway let it. Give the gateway an account for which this is false.
    account_can_write: Option<bool>,
    /// Whether the server sees the connection encrypted; null where there is no network.
    encrypted: Option<bool>,
    /// What works and should be better, in words.
    warnings: Vec<&'static str>,
}

impl From<Probe> for TestBody {
    fn from(probe: Probe) -> Self {
        let ms = |duration: Duration| (duration.as_secs_f64() * 100_000.0).round() / 100.0;
        Self {
            warnings: probe.warnings(),
            encrypted: probe.facts.encrypted,
            server_version: probe.facts.version,
            connect_ms: ms(probe.connect_time),
            latency_ms: ms(probe.round_trip),
            account_can_write: probe.facts.can_write,
        }
    }
}
