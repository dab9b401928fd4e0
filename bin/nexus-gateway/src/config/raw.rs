//! The settings as they may be written. Every key is optional here; unknown ones are refused.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::auth::RawAuth;
use super::health::RawHealth;
use super::limits::RawLimits;
use super::metrics::RawMetrics;
use super::network::RawNetwork;
use super::oracle::RawOracle;
use super::schema::{names_of, written_as};
use super::secrets::RawSecrets;
use super::server::RawServer;
use super::tracing::RawTracing;
use super::{LogFormat, audit, duration};

/// The whole file.
#[derive(Deserialize, JsonSchema, Default)]
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

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Store {
    pub(super) url: Option<String>,
    pub(super) keyring: Option<String>,
    pub(super) keyring_file: Option<PathBuf>,
}

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Query {
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    pub(super) timeout: Option<Duration>,
    pub(super) max_rows: Option<u64>,
    pub(super) max_bytes: Option<u64>,
    pub(super) max_cell_bytes: Option<usize>,
}

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Fetch {
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    pub(super) idle_timeout: Option<Duration>,
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    pub(super) max_lifetime: Option<Duration>,
    pub(super) per_caller: Option<usize>,
    pub(super) per_source: Option<usize>,
    pub(super) page_bytes: Option<u64>,
    #[serde(deserialize_with = "text")]
    #[schemars(with = "WrittenText")]
    pub(super) replica: Option<String>,
}

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Log {
    #[schemars(extend("enum" = names_of(LOG_LEVELS)))]
    pub(super) level: Option<String>,
    #[schemars(extend("enum" = names_of(LOG_FORMATS)))]
    pub(super) format: Option<String>,
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    pub(super) slow_query: Option<Duration>,
}

/// What `log.level` may be.
pub(super) const LOG_LEVELS: [(&str, slog::Level); 4] = [
    ("error", slog::Level::Error),
    ("warn", slog::Level::Warning),
    ("info", slog::Level::Info),
    ("debug", slog::Level::Debug),
];

/// What `log.format` may be.
pub(super) const LOG_FORMATS: [(&str, LogFormat); 2] =
    [("json", LogFormat::Json), ("terminal", LogFormat::Terminal)];

written_as!(
    /// What [`text`] reads.
    WrittenText,
    {"type": ["string", "integer"], "minimum": 0}
);

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
