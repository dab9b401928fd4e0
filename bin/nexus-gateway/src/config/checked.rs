//! The settings with their defaults, checked and in the types that the crates want.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::raw;
use anyhow::{Context, bail, ensure};
use gateway_core::Secret;
use gateway_http::{HttpSettings, ServerOptions, TlsSettings};
use gateway_service::{AuditSettings, FetchSettings, QuerySettings};
use gateway_store::StoreUrl;

/// Everything a running gateway needs to know.
pub(crate) struct Settings {
    pub(crate) server: ServerSettings,
    pub(crate) http: HttpSettings,
    pub(crate) store: StoreSettings,
    pub(crate) auth: AuthSettings,
    pub(crate) query: QuerySettings,
    pub(crate) fetch: FetchSettings,
    pub(crate) audit: AuditSettings,
    pub(crate) log: LogSettings,
}

/// Where and how to listen.
pub(crate) struct ServerSettings {
    pub(crate) listen: SocketAddr,
    pub(crate) options: ServerOptions,
    pub(crate) shutdown_timeout: Duration,
}

/// After the last query has ended: time for its answer to reach the client.
const LAST_BYTES_SECS: u64 = 2;

/// Where the metadata is, and the keys that seal its credentials.
pub(crate) struct StoreSettings {
    pub(crate) url: StoreUrl,
    /// The address without its password.
    pub(crate) shown_url: String,
    pub(crate) keyring: KeyRingSource,
}

/// Where the key ring comes from.
pub(crate) enum KeyRingSource {
    /// Given in the settings or the environment.
    Text(Secret),
    /// A file that must be there.
    File(PathBuf),
    /// A file beside the embedded store, made with it.
    Beside(PathBuf),
}

/// Who may ask.
pub(crate) enum AuthSettings {
    /// Bearers of tokens signed with a shared secret.
    Hs256 {
        secret: Secret,
        issuer: Option<String>,
        audience: Option<String>,
        leeway: Duration,
    },
    /// Everybody on this machine.
    Off,
}

/// What to log, and how.
#[derive(Clone, Copy)]
pub(crate) struct LogSettings {
    pub(crate) level: slog::Level,
    pub(crate) format: LogFormat,
}

/// How a log line looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Json,
    Terminal,
}

const DEFAULT_LISTEN: ([u8; 4], u16) = ([127, 0, 0, 1], 8080);
const DEFAULT_STORE: &str = "sqlite://nexus.db";

impl Settings {
    /// Checks `raw` and fills in the defaults.
    pub(super) fn check(raw: raw::Raw) -> anyhow::Result<Self> {
        let server = check_server(&raw.server)?;
        let auth = check_auth(raw.auth, server.listen)?;
        Ok(Self {
            http: check_http(&raw.server, &raw.limits)?,
            store: check_store(raw.store)?,
            query: check_query(&raw.query)?,
            fetch: check_fetch(raw.fetch)?,
            audit: check_audit(&raw.audit)?,
            log: check_log(&raw.log)?,
            server,
            auth,
        })
    }
}

fn check_server(raw: &raw::Server) -> anyhow::Result<ServerSettings> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = raw.workers.unwrap_or(cores);
    ensure!(
        (1..=512).contains(&workers),
        "server.workers must be between 1 and 512"
    );
    let stall_timeout = raw.stall_timeout.unwrap_or(Duration::from_secs(30));
    ensure!(!stall_timeout.is_zero(), "server.stall_timeout must be above 0");
    Ok(ServerSettings {
        listen: raw.listen.unwrap_or_else(|| SocketAddr::from(DEFAULT_LISTEN)),
        options: ServerOptions {
            workers,
            request_timeout: raw.request_timeout.unwrap_or(Duration::from_secs(10)),
            stall_timeout,
            shutdown_secs: LAST_BYTES_SECS,
            tls: check_tls(&raw.tls)?,
        },
        shutdown_timeout: raw.shutdown_timeout.unwrap_or(Duration::from_secs(30)),
    })
}

fn check_tls(raw: &raw::Tls) -> anyhow::Result<Option<TlsSettings>> {
    match (raw.cert_file.clone(), raw.key_file.clone()) {
        (None, None) => Ok(None),
        (Some(cert_file), Some(key_file)) => Ok(Some(TlsSettings { cert_file, key_file })),
        _ => bail!("server.tls.cert_file and server.tls.key_file go together"),
    }
}

fn check_http(server: &raw::Server, limits: &raw::Limits) -> anyhow::Result<HttpSettings> {
    let defaults = HttpSettings::default();
    let max_body_bytes = server.max_body_bytes.unwrap_or(defaults.max_body_bytes);
    ensure!(
        max_body_bytes >= 1024,
        "server.max_body_bytes must be at least 1024"
    );
    let rate = match limits.rate {
        Some(0) => None,
        Some(rate) => Some(rate),
        None => defaults.rate_per_second,
    };
    let burst = limits
        .burst
        .unwrap_or_else(|| rate.map_or(defaults.rate_burst, |rate| rate.saturating_mul(2)));
    ensure!(
        burst > 0,
        "limits.burst must be above 0; to switch the limit off set limits.rate = 0"
    );
    Ok(HttpSettings {
        max_body_bytes,
        rate_per_second: rate,
        rate_burst: burst,
    })
}

fn check_store(raw: raw::Store) -> anyhow::Result<StoreSettings> {
    let text = raw.url.unwrap_or_else(|| DEFAULT_STORE.to_owned());
    let url: StoreUrl = text.parse().context("store.url")?;
    let shown_url = url.to_string();
    let keyring = match (raw.keyring, raw.keyring_file, &url) {
        (Some(_), Some(_), _) => bail!("give only one of store.keyring and store.keyring_file"),
        (Some(text), None, _) => KeyRingSource::Text(Secret::new(text)),
        (None, Some(file), _) => KeyRingSource::File(file),
        (None, None, StoreUrl::Sqlite { path }) => KeyRingSource::Beside(beside(path)),
        (None, None, StoreUrl::MySql(_)) => bail!(
            "a MySQL store needs the keys that seal its credentials: \
             make them with `nexus-gateway keys generate FILE` and set store.keyring_file"
        ),
    };
    Ok(StoreSettings {
        url,
        shown_url,
        keyring,
    })
}

/// The key ring of an embedded store.
pub(crate) fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".keyring");
    name.into()
}

fn check_auth(raw: raw::Auth, listen: SocketAddr) -> anyhow::Result<AuthSettings> {
    if raw.enabled == Some(false) {
        ensure!(
            listen.ip().is_loopback(),
            "auth.enabled = false is refused on {listen}: without authentication listen on a loopback address only"
        );
        return Ok(AuthSettings::Off);
    }
    let secret = match (raw.jwt.secret, raw.jwt.secret_file) {
        (Some(_), Some(_)) => bail!("give only one of auth.jwt.secret and auth.jwt.secret_file"),
        (Some(secret), None) => Secret::new(secret),
        (None, Some(file)) => read_secret(&file).context("auth.jwt.secret_file")?,
        (None, None) => bail!(
            "no way to authenticate callers: set auth.jwt.secret_file (or NEXUS_AUTH__JWT__SECRET) to a secret of at \
             least 32 bytes, or set auth.enabled = false and listen on a loopback address"
        ),
    };
    ensure!(
        secret.expose().len() >= 32,
        "auth.jwt.secret must have at least 32 bytes (RFC 7518, section 3.2)"
    );
    Ok(AuthSettings::Hs256 {
        secret,
        issuer: raw.jwt.issuer,
        audience: raw.jwt.audience,
        leeway: raw.jwt.leeway.unwrap_or(Duration::from_secs(30)),
    })
}

/// A secret from a file, without the line break that editors leave.
fn read_secret(file: &Path) -> anyhow::Result<Secret> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

fn check_query(raw: &raw::Query) -> anyhow::Result<QuerySettings> {
    let defaults = QuerySettings::default();
    let settings = QuerySettings {
        default_rows: defaults.default_rows,
        max_rows: raw.max_rows.unwrap_or(defaults.max_rows),
        max_bytes: raw.max_bytes.unwrap_or(defaults.max_bytes),
        max_cell_bytes: raw.max_cell_bytes.unwrap_or(defaults.max_cell_bytes),
        max_timeout: raw.timeout.unwrap_or(defaults.max_timeout),
    };
    ensure!(settings.max_rows > 0, "query.max_rows must be above 0");
    ensure!(settings.max_bytes > 0, "query.max_bytes must be above 0");
    ensure!(
        (1..=1 << 30).contains(&settings.max_cell_bytes),
        "query.max_cell_bytes must be between 1 and 1073741824"
    );
    ensure!(!settings.max_timeout.is_zero(), "query.timeout must be above 0");
    Ok(settings)
}

fn check_fetch(raw: raw::Fetch) -> anyhow::Result<FetchSettings> {
    let defaults = FetchSettings::default();
    let settings = FetchSettings {
        idle_timeout: raw.idle_timeout.unwrap_or(defaults.idle_timeout),
        max_lifetime: raw.max_lifetime.unwrap_or(defaults.max_lifetime),
        per_caller: raw.per_caller.unwrap_or(defaults.per_caller),
        per_source: raw.per_source.unwrap_or(defaults.per_source),
        page_bytes: raw.page_bytes.unwrap_or(defaults.page_bytes),
        replica: raw.replica,
    };
    ensure!(
        !settings.idle_timeout.is_zero(),
        "fetch.idle_timeout must be above 0"
    );
    ensure!(
        !settings.max_lifetime.is_zero(),
        "fetch.max_lifetime must be above 0"
    );
    ensure!(settings.per_caller > 0, "fetch.per_caller must be above 0");
    ensure!(settings.per_source > 0, "fetch.per_source must be above 0");
    ensure!(settings.page_bytes > 0, "fetch.page_bytes must be above 0");
    if let Some(name) = &settings.replica {
        let fits = (1..=32).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        ensure!(
            fits,
            "fetch.replica must be 1 to 32 letters and digits, not {name:?}"
        );
    }
    Ok(settings)
}

fn check_audit(raw: &raw::Audit) -> anyhow::Result<AuditSettings> {
    let defaults = AuditSettings::default();
    let queue = raw.queue.unwrap_or(defaults.queue);
    let retention = raw.retention.unwrap_or(defaults.retention);
    ensure!(
        (1..=1_000_000).contains(&queue),
        "audit.queue must be between 1 and 1000000"
    );
    ensure!(!retention.is_zero(), "audit.retention must be above 0");
    Ok(AuditSettings { queue, retention })
}

fn check_log(raw: &raw::Log) -> anyhow::Result<LogSettings> {
    let level = match raw.level.as_deref().unwrap_or("info") {
        "error" => slog::Level::Error,
        "warn" => slog::Level::Warning,
        "info" => slog::Level::Info,
        "debug" => slog::Level::Debug,
        other => bail!("log.level must be error, warn, info or debug, not {other:?}"),
    };
    let format = match raw.format.as_deref().unwrap_or("json") {
        "json" => LogFormat::Json,
        "terminal" => LogFormat::Terminal,
        other => bail!("log.format must be json or terminal, not {other:?}"),
    };
    Ok(LogSettings { level, format })
}
