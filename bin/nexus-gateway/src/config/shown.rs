//! The settings in a form that can be printed: no secret is in it.

use serde::Serialize;

use super::audit::ShownAudit;
use super::auth_shown::ShownAuth;
use super::checked::{KeyRingSource, LogFormat, Settings};
use super::duration;
use super::health::ShownHealth;
use super::limits::ShownLimits;
use super::metrics::ShownMetrics;
use super::network::NetworkSettings;
use super::oracle::OracleSettings;
use super::secrets::SecretSettings;
use super::server::ShownServer;
use super::tracing::ShownTracing;

impl Settings {
    /// What `config show` prints.
    pub(crate) fn shown(&self) -> impl Serialize + use<> {
        Shown::from(self)
    }
}

#[derive(Serialize)]
struct Shown {
    server: ShownServer,
    store: ShownStore,
    auth: ShownAuth,
    limits: ShownLimits,
    health: ShownHealth,
    query: ShownQuery,
    fetch: ShownFetch,
    audit: ShownAudit,
    log: ShownLog,
    metrics: ShownMetrics,
    network: NetworkSettings,
    oracle: OracleSettings,
    secrets: SecretSettings,
    tracing: ShownTracing,
}

#[derive(Serialize)]
struct ShownStore {
    url: String,
    keyring: String,
}

#[derive(Serialize)]
struct ShownQuery {
    timeout: String,
    max_rows: u64,
    max_bytes: u64,
    max_cell_bytes: usize,
}

#[derive(Serialize)]
struct ShownFetch {
    idle_timeout: String,
    max_lifetime: String,
    per_caller: usize,
    per_source: usize,
    page_bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    replica: Option<String>,
}

#[derive(Serialize)]
struct ShownLog {
    level: String,
    format: &'static str,
    slow_query: String,
}

impl From<&Settings> for Shown {
    fn from(settings: &Settings) -> Self {
        let query = &settings.query;
        Self {
            server: ShownServer::of(&settings.server, &settings.http),
            store: ShownStore {
                url: settings.store.shown_url.clone(),
                keyring: match &settings.store.keyring {
                    KeyRingSource::Text(_) => "<secret>".to_owned(),
                    KeyRingSource::File(file) | KeyRingSource::Beside(file) => file.display().to_string(),
                },
            },
            auth: ShownAuth::from(&settings.auth),
            limits: ShownLimits::of(&settings.limits, &settings.http),
            health: ShownHealth::from(&settings.health),
            query: ShownQuery {
                timeout: duration::show(query.max_timeout),
                max_rows: query.max_rows,
                max_bytes: query.max_bytes,
                max_cell_bytes: query.max_cell_bytes,
            },
            fetch: ShownFetch {
                idle_timeout: duration::show(settings.fetch.idle_timeout),
                max_lifetime: duration::show(settings.fetch.max_lifetime),
                per_caller: settings.fetch.per_caller,
                per_source: settings.fetch.per_source,
                page_bytes: settings.fetch.page_bytes,
                replica: settings.fetch.replica.clone(),
            },
            audit: ShownAudit::from(&settings.audit),
            network: settings.network.clone(),
            oracle: settings.oracle.clone(),
            secrets: settings.secrets.clone(),
            metrics: ShownMetrics::from(settings.metrics),
            tracing: settings.tracing.shown(),
            log: ShownLog {
                level: match settings.log.level {
                    slog::Level::Warning => "warn".to_owned(),
                    level => level.as_str().to_lowercase(),
                },
                format: match settings.log.format {
                    LogFormat::Json => "json",
                    LogFormat::Terminal => "terminal",
                },
                slow_query: duration::show(settings.log.slow_query.unwrap_or_default()),
            },
        }
    }
}
