//! The settings with their defaults, checked and in the types that the crates want.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::AuditLogSettings;
use super::auth::AuthSettings;
use super::faults::Faults;
use super::health::HealthSettings;
use super::limits::LimitSettings;
use super::metrics::MetricsListener;
use super::network::NetworkSettings;
use super::oracle::OracleSettings;
use super::own_files::OwnFiles;
use super::raw;
use super::secrets::SecretSettings;
use super::server::{self, ServerSettings};
use super::tracing::TracingSettings;
use gateway_core::Secret;
use gateway_http::HttpSettings;
use gateway_service::{FetchSettings, QuerySettings};
use gateway_store::StoreUrl;

/// Everything a running gateway needs to know.
pub(crate) struct Settings {
    pub(crate) server: ServerSettings,
    pub(crate) http: HttpSettings,
    pub(crate) limits: LimitSettings,
    pub(crate) health: HealthSettings,
    pub(crate) store: StoreSettings,
    pub(crate) auth: AuthSettings,
    pub(crate) query: QuerySettings,
    pub(crate) fetch: FetchSettings,
    pub(crate) audit: AuditLogSettings,
    pub(crate) log: LogSettings,
    pub(crate) metrics: MetricsListener,
    pub(crate) network: NetworkSettings,
    pub(crate) oracle: OracleSettings,
    pub(crate) secrets: SecretSettings,
    pub(crate) tracing: TracingSettings,
}

/// Where the metadata is, and the keys that seal its credentials.
pub(crate) struct StoreSettings {
    pub(crate) url: StoreUrl,
    /// The address without its password.
    pub(crate) shown_url: String,
    pub(crate) keyring: KeyRingSource,
}

impl StoreSettings {
    /// The files that must stay the gateway's own.
    fn files(&self) -> impl Iterator<Item = PathBuf> {
        let database = match &self.url {
            StoreUrl::Sqlite { path } => Some(path.clone()),
            StoreUrl::MySql(_) => None,
        };
        let keys = match &self.keyring {
            KeyRingSource::Text(_) => None,
            KeyRingSource::File(file) | KeyRingSource::Beside(file) => Some(file.clone()),
        };
        database.into_iter().chain(keys)
    }
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

/// What to log, and how.
#[derive(Clone, Copy)]
pub(crate) struct LogSettings {
    pub(crate) level: slog::Level,
    pub(crate) format: LogFormat,
    /// From which time on a statement is slow; `None` for never.
    pub(crate) slow_query: Option<Duration>,
}

/// How a log line looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Json,
    Terminal,
}

/// When a statement is slow unless the operator says otherwise.
const SLOW_QUERY: Duration = Duration::from_secs(5);

const DEFAULT_STORE: &str = "sqlite://nexus.db";

/// What this machine calls itself.
const LOOPBACK_HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

impl Settings {
    /// Checks `raw`, which was read from `file` and `environment`, and fills in the defaults. What is wrong goes to `faults`;
    /// without a usable store there are no settings.
    pub(super) fn check(
        raw: raw::Raw,
        environment: &[(String, String)],
        file: Option<PathBuf>,
        faults: &mut Faults,
    ) -> Option<Self> {
        let store = check_store(raw.store, faults);
        let audit = raw.audit.check(faults);
        let own: Vec<PathBuf> = store
            .iter()
            .flat_map(StoreSettings::files)
            .chain(audit.to.file().map(|file| file.path.clone()))
            .chain(raw.auth.files())
            .chain(raw.server.key_file())
            .chain(raw.tracing.headers_file())
            .chain(file)
            .collect();
        let own = OwnFiles::new(own);
        let secrets = SecretSettings::check(raw.secrets, environment, &own, faults);
        let server = ServerSettings::check(&raw.server, faults);
        let auth = AuthSettings::check(raw.auth, server.listen, server.verifies_clients(), faults);
        let http = server::check_http(&raw.server, faults);
        let (limits, mut http) = LimitSettings::check(&raw.limits, http, faults);
        http.is_tls = server.options.tls.is_some();
        if matches!(auth, AuthSettings::Off) && http.allowed_hosts.is_empty() {
            // Any page that the machine's user opens could otherwise have its own name pointed here.
            http.allowed_hosts = LOOPBACK_HOSTS.map(str::to_owned).into();
        }
        let query = check_query(&raw.query, faults);
        let fetch = check_fetch(raw.fetch, faults);
        let health = HealthSettings::check(&raw.health, faults);
        let log = check_log(&raw.log, faults);
        let metrics = MetricsListener::check(&raw.metrics, faults);
        let network = NetworkSettings::check(raw.network, &own, faults);
        let oracle = OracleSettings::check(raw.oracle, faults);
        let tracing = TracingSettings::check(raw.tracing, faults);
        Some(Self {
            http,
            limits,
            store: store?,
            query,
            fetch,
            health,
            audit,
            log,
            metrics,
            network,
            oracle,
            secrets,
            tracing,
            server,
            auth,
        })
    }
}

fn check_store(raw: raw::Store, faults: &mut Faults) -> Option<StoreSettings> {
    let text = raw.url.unwrap_or_else(|| DEFAULT_STORE.to_owned());
    let url: StoreUrl = faults.take_at("store.url", text.parse())?;
    let shown_url = url.to_string();
    let keyring = match (raw.keyring, raw.keyring_file, &url) {
        (Some(_), Some(_), _) => {
            faults.add(
                "store.keyring_file",
                "give only one of store.keyring and store.keyring_file",
            );
            return None;
        }
        (Some(text), None, _) => KeyRingSource::Text(Secret::new(text)),
        (None, Some(file), _) => KeyRingSource::File(file),
        (None, None, StoreUrl::Sqlite { path }) => KeyRingSource::Beside(beside(path)),
        (None, None, StoreUrl::MySql(_)) => {
            faults.add_missing(
                "store.url",
                "store.url: a MySQL store needs the keys that seal its credentials: \
                 make them with `nexus-gateway keys generate FILE` and set store.keyring_file",
            );
            return None;
        }
    };
    Some(StoreSettings {
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

fn check_query(raw: &raw::Query, faults: &mut Faults) -> QuerySettings {
    let defaults = QuerySettings::default();
    let settings = QuerySettings {
        default_rows: defaults.default_rows,
        max_rows: raw.max_rows.unwrap_or(defaults.max_rows),
        max_bytes: raw.max_bytes.unwrap_or(defaults.max_bytes),
        max_cell_bytes: raw.max_cell_bytes.unwrap_or(defaults.max_cell_bytes),
        max_timeout: raw.timeout.unwrap_or(defaults.max_timeout),
    };
    faults.require(settings.max_rows > 0, "query.max_rows", "must be above 0");
    faults.require(settings.max_bytes > 0, "query.max_bytes", "must be above 0");
    faults.require(
        (1..=1 << 30).contains(&settings.max_cell_bytes),
        "query.max_cell_bytes",
        "must be between 1 and 1073741824",
    );
    faults.require(
        !settings.max_timeout.is_zero(),
        "query.timeout",
        "must be above 0",
    );
    settings
}

fn check_fetch(raw: raw::Fetch, faults: &mut Faults) -> FetchSettings {
    let defaults = FetchSettings::default();
    let settings = FetchSettings {
        idle_timeout: raw.idle_timeout.unwrap_or(defaults.idle_timeout),
        max_lifetime: raw.max_lifetime.unwrap_or(defaults.max_lifetime),
        per_caller: raw.per_caller.unwrap_or(defaults.per_caller),
        per_source: raw.per_source.unwrap_or(defaults.per_source),
        page_bytes: raw.page_bytes.unwrap_or(defaults.page_bytes),
        replica: raw.replica,
    };
    for (key, is_above) in [
        ("fetch.idle_timeout", !settings.idle_timeout.is_zero()),
        ("fetch.max_lifetime", !settings.max_lifetime.is_zero()),
        ("fetch.per_caller", settings.per_caller > 0),
        ("fetch.per_source", settings.per_source > 0),
        ("fetch.page_bytes", settings.page_bytes > 0),
    ] {
        faults.require(is_above, key, "must be above 0");
    }
    if let Some(name) = &settings.replica {
        let fits = (1..=32).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let rule = format_args!("must be 1 to 32 letters and digits, not {name:?}");
        faults.require(fits, "fetch.replica", rule);
    }
    settings
}

fn check_log(raw: &raw::Log, faults: &mut Faults) -> LogSettings {
    let level = faults.choose(
        "log.level",
        raw.level.as_deref().unwrap_or("info"),
        raw::LOG_LEVELS,
    );
    let format = faults.choose(
        "log.format",
        raw.format.as_deref().unwrap_or("json"),
        raw::LOG_FORMATS,
    );
    LogSettings {
        level,
        format,
        slow_query: Some(raw.slow_query.unwrap_or(SLOW_QUERY)).filter(|time| !time.is_zero()),
    }
}
