//! `[server]`: where and how to listen.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use gateway_http::{ClientAuth, CorsRules, HttpSettings, ServerOptions, TlsSettings};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{duration, list};

const DEFAULT_LISTEN: ([u8; 4], u16) = ([127, 0, 0, 1], 8080);

/// After the last query has ended: time for its answer to reach the client.
const LAST_BYTES_SECS: u64 = 2;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawServer {
    listen: Option<SocketAddr>,
    workers: Option<usize>,
    max_body_bytes: Option<usize>,
    #[serde(deserialize_with = "duration::deserialize")]
    request_timeout: Option<Duration>,
    #[serde(deserialize_with = "duration::deserialize")]
    shutdown_timeout: Option<Duration>,
    #[serde(deserialize_with = "duration::deserialize")]
    stall_timeout: Option<Duration>,
    #[serde(deserialize_with = "list::optional")]
    allowed_hosts: Option<Vec<String>>,
    #[serde(deserialize_with = "list::optional")]
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

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawTls {
    cert_file: Option<PathBuf>,
    key_file: Option<PathBuf>,
    client_ca_file: Option<PathBuf>,
    client_auth: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawCors {
    #[serde(deserialize_with = "list::optional")]
    allowed_origins: Option<Vec<String>>,
    #[serde(deserialize_with = "duration::deserialize")]
    max_age: Option<Duration>,
}

/// Where and how to listen.
pub(crate) struct ServerSettings {
    pub(crate) listen: SocketAddr,
    pub(crate) options: ServerOptions,
    pub(crate) shutdown_timeout: Duration,
}

impl ServerSettings {
    pub(super) fn check(raw: &RawServer) -> anyhow::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let workers = raw.workers.unwrap_or(cores);
        ensure!(
            (1..=512).contains(&workers),
            "server.workers must be between 1 and 512"
        );
        let stall_timeout = raw.stall_timeout.unwrap_or(Duration::from_secs(30));
        ensure!(!stall_timeout.is_zero(), "server.stall_timeout must be above 0");
        Ok(Self {
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

    /// Whether client certificates are verified.
    pub(crate) fn verifies_clients(&self) -> bool {
        self.options
            .tls
            .as_ref()
            .is_some_and(|tls| !matches!(tls.client_auth, ClientAuth::None))
    }
}

fn check_tls(raw: &RawTls) -> anyhow::Result<Option<TlsSettings>> {
    let client_auth = check_client_auth(raw)?;
    match (raw.cert_file.clone(), raw.key_file.clone()) {
        (None, None) => {
            ensure!(
                matches!(client_auth, ClientAuth::None),
                "server.tls.client_ca_file needs server.tls.cert_file and server.tls.key_file"
            );
            Ok(None)
        }
        (Some(cert_file), Some(key_file)) => Ok(Some(TlsSettings {
            cert_file,
            key_file,
            client_auth,
        })),
        _ => bail!("server.tls.cert_file and server.tls.key_file go together"),
    }
}

fn check_client_auth(raw: &RawTls) -> anyhow::Result<ClientAuth> {
    let Some(ca_file) = raw.client_ca_file.clone() else {
        ensure!(
            raw.client_auth.is_none(),
            "server.tls.client_auth needs server.tls.client_ca_file"
        );
        return Ok(ClientAuth::None);
    };
    match raw.client_auth.as_deref() {
        None | Some("optional") => Ok(ClientAuth::Optional { ca_file }),
        Some("required") => Ok(ClientAuth::Required { ca_file }),
        Some(other) => bail!("server.tls.client_auth must be optional or required, not {other:?}"),
    }
}

/// What of `[server]` the adapter itself keeps to; the limits come from elsewhere.
pub(super) fn check_http(raw: &RawServer) -> anyhow::Result<HttpSettings> {
    let defaults = HttpSettings::default();
    let max_body_bytes = raw.max_body_bytes.unwrap_or(defaults.max_body_bytes);
    ensure!(
        max_body_bytes >= 1024,
        "server.max_body_bytes must be at least 1024"
    );
    let trusted_proxies = raw.trusted_proxies.as_deref().unwrap_or_default();
    Ok(HttpSettings {
        max_body_bytes,
        trusted_proxies: trusted_proxies
            .iter()
            .map(|text| parse_network(text))
            .collect::<anyhow::Result<_>>()?,
        allowed_hosts: check_hosts(raw.allowed_hosts.as_deref().unwrap_or_default())?,
        cors: check_cors(&raw.cors)?,
        ..defaults
    })
}

/// `10.0.0.0/8`, or one address.
fn parse_network(text: &str) -> anyhow::Result<IpNet> {
    text.parse::<IpNet>()
        .ok()
        .or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
        .with_context(|| {
            format!("server.trusted_proxies: {text:?} is neither an address nor a network such as 10.0.0.0/8")
        })
}

fn check_hosts(hosts: &[String]) -> anyhow::Result<Vec<String>> {
    for host in hosts {
        let fits = !host.is_empty() && !host.contains(['/', ' ', '@']) && host != "*";
        ensure!(
            fits,
            "server.allowed_hosts: {host:?} is not a host; write gateway.example.com, gateway.example.com:8443 or \
             *.example.com"
        );
    }
    Ok(hosts.iter().map(|host| host.to_ascii_lowercase()).collect())
}

fn check_cors(raw: &RawCors) -> anyhow::Result<CorsRules> {
    let origins = raw.allowed_origins.clone().unwrap_or_default();
    for origin in &origins {
        let host = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"));
        ensure!(
            host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*'])),
            "server.cors.allowed_origins: {origin:?} is not an origin; write https://app.example.com"
        );
    }
    Ok(CorsRules {
        allowed_origins: origins,
        max_age: raw.max_age.unwrap_or(Duration::from_mins(10)),
    })
}

#[derive(Serialize)]
pub(super) struct ShownServer {
    listen: SocketAddr,
    workers: usize,
    max_body_bytes: usize,
    request_timeout: String,
    stall_timeout: String,
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
