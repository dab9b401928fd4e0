//! `[metrics]`: where they can be had.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::faults::Faults;

/// The port that exporters of OpenTelemetry's metrics use for Prometheus.
const DEFAULT_LISTEN: ([u8; 4], u16) = ([127, 0, 0, 1], 9464);

/// Instead of an address, for no listener.
const OFF: &str = "off";

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawMetrics {
    listen: Option<String>,
}

/// Where metrics can be had without credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MetricsListener {
    /// Nowhere; only on the callers' port, with a token.
    Off,
    /// At the usual address, if nobody else is there.
    Usual(SocketAddr),
    /// At an address that the operator has chosen, and that must be free.
    Chosen(SocketAddr),
}

impl MetricsListener {
    pub(super) fn check(raw: &RawMetrics, faults: &mut Faults) -> Self {
        let Some(text) = raw.listen.as_deref() else {
            return Self::Usual(SocketAddr::from(DEFAULT_LISTEN));
        };
        let address = text.parse();
        let rule =
            format_args!("must be an address and a port such as 127.0.0.1:9464, or {OFF:?}, not {text:?}");
        faults.require(text == OFF || address.is_ok(), "metrics.listen", rule);
        address.map_or(Self::Off, Self::Chosen)
    }
}

#[derive(Serialize)]
pub(super) struct ShownMetrics {
    listen: String,
}

impl From<MetricsListener> for ShownMetrics {
    fn from(listener: MetricsListener) -> Self {
        Self {
            listen: match listener {
                MetricsListener::Off => OFF.to_owned(),
                MetricsListener::Usual(address) | MetricsListener::Chosen(address) => address.to_string(),
            },
        }
    }
}
