//! The settings as they may be written. Every key is optional here; unknown ones are refused.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::auth::RawAuth;
use super::health::RawHealth;
use super::limits::RawLimits;
use super::metrics::RawMetrics;
use super::network::RawNetwork;
use super::oracle::RawOracle;
use super::secrets::RawSecrets;
use super::server::RawServer;
use super::tracing::RawTracing;
use super::{audit, duration};

/// The whole file.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    pub(super) server: RawServer,
    pub(super) store: Store,
    pub(super) auth: RawAuth,
    pub(super) limits: RawLimits,
    pub(super) health: RawHealth,
    pub(super) query: Query,
    pub(super) fetch: Fetch,
    pub(super) audit: audit::Audit,
    pub(super) log: Log,
    pub(super) metrics: RawMetrics,
    pub(super) network: RawNetwork,
    pub(super) oracle: RawOracle,
    pub(super) secrets: RawSecrets,
    pub(super) tracing: RawTracing,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Store {
    pub(super) url: Option<String>,
    pub(super) keyring: Option<String>,
    pub(super) keyring_file: Option<PathBuf>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Query {
    #[serde(deserialize_with = "duration::deserialize")]
    pub(super) timeout: Option<Duration>,
    pub(super) max_rows: Option<u64>,
    pub(super) max_bytes: Option<u64>,
    pub(super) max_cell_bytes: Option<usize>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Fetch {
    #[serde(deserialize_with = "duration::deserialize")]
    pub(super) idle_timeout: Option<Duration>,
    #[serde(deserialize_with = "duration::deserialize")]
    pub(super) max_lifetime: Option<Duration>,
    pub(super) per_caller: Option<usize>,
    pub(super) per_source: Option<usize>,
    pub(super) page_bytes: Option<u64>,
    #[serde(deserialize_with = "text")]
    pub(super) replica: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Log {
    pub(super) level: Option<String>,
    pub(super) format: Option<String>,
    #[serde(deserialize_with = "duration::deserialize")]
    pub(super) slow_query: Option<Duration>,
}

/// A text that the environment may have made a number of.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Whole(u64),
    }
    Ok(Some(match Written::deserialize(deserializer)? {
        Written::Text(text) => text,
        Written::Whole(number) => number.to_string(),
    }))
}
