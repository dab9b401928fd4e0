//! The settings in a form that can be printed: no secret is in it.

use std::net::SocketAddr;

use serde::Serialize;

use super::checked::{AuthSettings, KeyRingSource, LogFormat, Settings};
use super::duration;

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
    query: ShownQuery,
    fetch: ShownFetch,
    audit: ShownAudit,
    log: ShownLog,
}

#[derive(Serialize)]
struct ShownServer {
    listen: SocketAddr,
    workers: usize,
    max_body_bytes: usize,
    request_timeout: String,
    stall_timeout: String,
    shutdown_timeout: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<ShownTls>,
}

#[derive(Serialize)]
struct ShownTls {
    cert_file: String,
    key_file: String,
}

#[derive(Serialize)]
struct ShownStore {
    url: String,
    keyring: String,
}

#[derive(Serialize)]
struct ShownAuth {
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwt: Option<ShownJwt>,
}

#[derive(Serialize)]
struct ShownJwt {
    secret: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<String>,
    leeway: String,
}

#[derive(Serialize)]
struct ShownLimits {
    rate: u32,
    burst: u32,
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
struct ShownAudit {
    queue: usize,
    retention: String,
}

#[derive(Serialize)]
struct ShownLog {
    level: String,
    format: &'static str,
}

impl From<&Settings> for Shown {
    fn from(settings: &Settings) -> Self {
        let (server, query) = (&settings.server, &settings.query);
        Self {
            server: ShownServer {
                listen: server.listen,
                workers: server.options.workers,
                max_body_bytes: settings.http.max_body_bytes,
                request_timeout: duration::show(server.options.request_timeout),
                stall_timeout: duration::show(server.options.stall_timeout),
                tls: server.options.tls.as_ref().map(|tls| ShownTls {
                    cert_file: tls.cert_file.display().to_string(),
                    key_file: tls.key_file.display().to_string(),
                }),
                shutdown_timeout: duration::show(server.shutdown_timeout),
            },
            store: ShownStore {
                url: settings.store.shown_url.clone(),
                keyring: match &settings.store.keyring {
                    KeyRingSource::Text(_) => "<secret>".to_owned(),
                    KeyRingSource::File(file) | KeyRingSource::Beside(file) => file.display().to_string(),
                },
            },
            auth: match &settings.auth {
                AuthSettings::Off => ShownAuth {
                    enabled: false,
                    jwt: None,
                },
                AuthSettings::Hs256 {
                    issuer,
                    audience,
                    leeway,
                    ..
                } => ShownAuth {
                    enabled: true,
                    jwt: Some(ShownJwt {
                        secret: "<secret>",
                        issuer: issuer.clone(),
                        audience: audience.clone(),
                        leeway: duration::show(*leeway),
                    }),
                },
            },
            limits: ShownLimits {
                rate: settings.http.rate_per_second.unwrap_or(0),
                burst: settings.http.rate_burst,
            },
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
            audit: ShownAudit {
                queue: settings.audit.queue,
                retention: duration::show(settings.audit.retention),
            },
            log: ShownLog {
                level: match settings.log.level {
                    slog::Level::Warning => "warn".to_owned(),
                    level => level.as_str().to_lowercase(),
                },
                format: match settings.log.format {
                    LogFormat::Json => "json",
                    LogFormat::Terminal => "terminal",
                },
            },
        }
    }
}
