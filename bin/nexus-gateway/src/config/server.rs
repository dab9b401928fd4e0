//! `[server]`: where and how to listen.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use gateway_http::{ClientAuth, CorsRules, HttpSettings, ServerOptions, TlsSettings};
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::faults::Faults;
use super::schema::names_of;
use super::{duration, list};

const DEFAULT_LISTEN: ([u8; 4], u16) = ([127, 0, 0, 1], 8080);

/// Whether a client must have a certificate.
const CLIENT_AUTH: [(&str, bool); 2] = [("optional", false), ("required", true)];

/// After the last query has ended: time for its answer to reach the client.
const LAST_BYTES_SECS: u64 = 2;

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawServer {
    listen: Option<SocketAddr>,
    workers: Option<usize>,
    max_body_bytes: Option<usize>,
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    request_timeout: Option<Duration>,
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    drain_delay: Option<Duration>,
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    shutdown_timeout: Option<Duration>,
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    stall_timeout: Option<Duration>,
    #[serde(deserialize_with = "list::optional")]
    #[schemars(with = "list::Written")]
    allowed_hosts: Option<Vec<String>>,
    #[serde(deserialize_with = "list::optional")]
    #[schemars(with = "list::Written")]
    trusted_proxies: Option<Vec<String>>,
    tls: RawTls,
    cors: RawCors,
}

impl RawServer {
    /// The file that must stay the gateway's own.
    pub(super) fn key_file(&self) -> Option<PathBuf> {
        self.tls.key_file.clone()
    }
}

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct RawTls {
    cert_file: Option<PathBuf>,
    key_file: Option<PathBuf>,
    client_ca_file: Option<PathBuf>,
    #[schemars(extend("enum" = names_of(CLIENT_AUTH)))]
    client_auth: Option<String>,
}

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct RawCors {
    #[serde(deserialize_with = "list::optional")]
    #[schemars(with = "list::Written")]
    allowed_origins: Option<Vec<String>>,
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    max_age: Option<Duration>,
}

/// Where and how to listen.
pub(crate) struct ServerSettings {
    pub(crate) listen: SocketAddr,
    pub(crate) options: ServerOptions,
    /// How long work is still taken after the gateway has begun to say that it is not ready.
    pub(crate) drain_delay: Duration,
    pub(crate) shutdown_timeout: Duration,
}

impl ServerSettings {
    pub(super) fn check(raw: &RawServer, faults: &mut Faults) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let workers = raw.workers.unwrap_or(cores);
        faults.require(
            (1..=512).contains(&workers),
            "server.workers",
            "must be between 1 and 512",
        );
        let stall_timeout = raw.stall_timeout.unwrap_or(Duration::from_secs(30));
        faults.require(
            !stall_timeout.is_zero(),
            "server.stall_timeout",
            "must be above 0",
        );
        Self {
            listen: raw.listen.unwrap_or_else(|| SocketAddr::from(DEFAULT_LISTEN)),
            options: ServerOptions {
                workers,
                request_timeout: raw.request_timeout.unwrap_or(Duration::from_secs(10)),
                stall_timeout,
                shutdown_secs: LAST_BYTES_SECS,
                tls: check_tls(&raw.tls, faults),
            },
            drain_delay: raw.drain_delay.unwrap_or_default(),
            shutdown_timeout: raw.shutdown_timeout.unwrap_or(Duration::from_secs(30)),
        }
    }

    /// Whether client certificates are verified.
    pub(crate) fn verifies_clients(&self) -> bool {
        self.options
            .tls
            .as_ref()
            .is_some_and(|tls| !matches!(tls.client_auth, ClientAuth::None))
    }
}

fn check_tls(raw: &RawTls, faults: &mut Faults) -> Option<TlsSettings> {
    let client_auth = check_client_auth(raw, faults);
    match (raw.cert_file.clone(), raw.key_file.clone()) {
        (Some(cert_file), Some(key_file)) => Some(TlsSettings {
            cert_file,
            key_file,
            client_auth,
        }),
        (None, None) => {
            faults.require(
                matches!(client_auth, ClientAuth::None),
                "server.tls.client_ca_file",
                "needs server.tls.cert_file and server.tls.key_file",
            );
            None
        }
        (Some(_), None) | (None, Some(_)) => {
            faults.add_missing(
                "server.tls",
                "server.tls.cert_file and server.tls.key_file go together",
            );
            None
        }
    }
}

fn check_client_auth(raw: &RawTls, faults: &mut Faults) -> ClientAuth {
    const KEY: &str = "server.tls.client_auth";
    let Some(ca_file) = raw.client_ca_file.clone() else {
        faults.require(raw.client_auth.is_none(), KEY, "needs server.tls.client_ca_file");
        return ClientAuth::None;
    };
    let written = raw.client_auth.as_deref().unwrap_or("optional");
    if faults.choose(KEY, written, CLIENT_AUTH) {
        ClientAuth::Required { ca_file }
    } else {
        ClientAuth::Optional { ca_file }
    }
}

/// What of `[server]` the adapter itself keeps to; the limits come from elsewhere.
pub(super) fn check_http(raw: &RawServer, faults: &mut Faults) -> HttpSettings {
    let defaults = HttpSettings::default();
    let max_body_bytes = raw.max_body_bytes.unwrap_or(defaults.max_body_bytes);
    faults.require(
        max_body_bytes >= 1024,
        "server.max_body_bytes",
        "must be at least 1024",
    );
    HttpSettings {
        max_body_bytes,
        trusted_proxies: check_proxies(raw.trusted_proxies.as_deref().unwrap_or_default(), faults),
        allowed_hosts: check_hosts(raw.allowed_hosts.as_deref().unwrap_or_default(), faults),
        cors: check_cors(&raw.cors, faults),
        ..defaults
    }
}

/// Each `10.0.0.0/8`, or one address.
fn check_proxies(texts: &[String], faults: &mut Faults) -> Vec<IpNet> {
    let mut networks = Vec::with_capacity(texts.len());
    for text in texts {
        let network = text.parse::<IpNet>().ok();
        match network.or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)) {
            Some(network) => networks.push(network),
            None => {
                let rule = format_args!("must hold addresses and networks such as 10.0.0.0/8, not {text:?}");
                faults.require(false, "server.trusted_proxies", rule);
            }
        }
    }
    networks
}

fn check_hosts(hosts: &[String], faults: &mut Faults) -> Vec<String> {
    for host in hosts {
        let fits = !host.is_empty() && !host.contains(['/', ' ', '@']) && host != "*";
        let rule = format_args!(
            "must hold hosts such as gateway.example.com, gateway.example.com:8443 or *.example.com, not {host:?}"
        );
        faults.require(fits, "server.allowed_hosts", rule);
    }
    hosts.iter().map(|host| host.to_ascii_lowercase()).collect()
}

fn check_cors(raw: &RawCors, faults: &mut Faults) -> CorsRules {
    let origins = raw.allowed_origins.clone().unwrap_or_default();
    for origin in &origins {
        let host = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"));
        let fits = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*']));
        let rule = format_args!("must hold origins such as https://app.example.com, not {origin:?}");
        faults.require(fits, "server.cors.allowed_origins", rule);
    }
    CorsRules {
        allowed_origins: origins,
        max_age: raw.max_age.unwrap_or(Duration::from_mins(10)),
    }
}

#[derive(Serialize)]
pub(super) struct ShownServer {
    listen: SocketAddr,
    workers: usize,
    max_body_bytes: usize,
    request_timeout: String,
    stall_timeout: String,
    drain_delay: String,
    shutdown_timeout: String,
    allowed_hosts: Vec<String>,
    trusted_proxies: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<ShownTls>,
    cors: ShownCors,
}

#[derive(Serialize)]
struct ShownTls {
    cert_file: String,
    key_file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_ca_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_auth: Option<&'static str>,
}

#[derive(Serialize)]
struct ShownCors {
    allowed_origins: Vec<String>,
    max_age: String,
}

impl ShownServer {
    pub(super) fn of(server: &ServerSettings, http: &HttpSettings) -> Self {
        Self {
            listen: server.listen,
            workers: server.options.workers,
            max_body_bytes: http.max_body_bytes,
            request_timeout: duration::show(server.options.request_timeout),
            stall_timeout: duration::show(server.options.stall_timeout),
            drain_delay: duration::show(server.drain_delay),
            shutdown_timeout: duration::show(server.shutdown_timeout),
            allowed_hosts: http.allowed_hosts.clone(),
            trusted_proxies: http.trusted_proxies.iter().map(IpNet::to_string).collect(),
            tls: server.options.tls.as_ref().map(ShownTls::from),
            cors: ShownCors {
                allowed_origins: http.cors.allowed_origins.clone(),
                max_age: duration::show(http.cors.max_age),
            },
        }
    }
}

impl From<&TlsSettings> for ShownTls {
    fn from(tls: &TlsSettings) -> Self {
        let (ca_file, client_auth) = match &tls.client_auth {
            ClientAuth::None => (None, None),
            ClientAuth::Optional { ca_file } => (Some(ca_file), Some("optional")),
            ClientAuth::Required { ca_file } => (Some(ca_file), Some("required")),
        };
        Self {
            cert_file: tls.cert_file.display().to_string(),
            key_file: tls.key_file.display().to_string(),
            client_ca_file: ca_file.map(|file| file.display().to_string()),
            client_auth,
        }
    }
}
