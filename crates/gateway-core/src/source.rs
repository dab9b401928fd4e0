//! Registered data sources.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::{DataSourceId, Engine, temporal};

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixMicros(pub i64);

impl UnixMicros {
    /// The present moment.
    #[must_use]
    pub fn now() -> Self {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        Self(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }
}

/// RFC 3339 in UTC with milliseconds, for example `2026-01-31T12:00:00.000Z`.
impl fmt::Display for UnixMicros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::with_capacity(24);
        let nanos = u32::try_from(self.0.rem_euclid(1_000_000) * 1000).unwrap_or(0);
        temporal::write_timestamp(&mut text, self.0.div_euclid(1_000_000), nanos, 3);
        text.push(b'Z');
        f.write_str(&String::from_utf8_lossy(&text))
    }
}

/// Whether a source takes queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceStatus {
    /// It does.
    Active,
    /// It is kept but answers as if it did not exist.
    Inactive,
}

impl SourceStatus {
    /// The name used on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }
}

/// How a connection to the database is protected, from weak to strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsMode {
    /// Plain text.
    Disable,
    /// TLS if the server offers it, without checking the certificate.
    Prefer,
    /// TLS or nothing, without checking the certificate.
    Require,
    /// TLS with a certificate from a known authority.
    VerifyCa,
    /// As `VerifyCa`, and the certificate must name the host.
    VerifyFull,
}

impl TlsMode {
    /// Every mode, from weak to strong.
    pub const ALL: [Self; 5] = [
        Self::Disable,
        Self::Prefer,
        Self::Require,
        Self::VerifyCa,
        Self::VerifyFull,
    ];

    /// The name used on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

/// Where a source is and how it is used. Fields that an engine has no use for are `None` or empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceConfig {
    /// Host name or address (server engines).
    pub host: Option<String>,
    /// TCP port (server engines); the engine's own default where `None`.
    pub port: Option<u16>,
    /// Database to use.
    pub database: Option<String>,
    /// Account to log in with.
    pub username: Option<String>,
    /// Database file (SQLite).
    pub path: Option<String>,
    /// Oracle service name.
    pub service_name: Option<String>,
    /// Oracle system identifier.
    pub sid: Option<String>,
    /// Full Oracle connect descriptor.
    pub connect_descriptor: Option<String>,
    /// Protection of the connection.
    pub tls: TlsMode,
    /// PEM certificates of the authorities to trust instead of the system's.
    pub tls_ca: Option<String>,
    /// PEM certificate, with those that lead to its authority, that the gateway shows to the server.
    pub tls_cert: Option<String>,
    /// Where its private key is: `file:/path` or `env:NAME`, never the key itself.
    pub tls_key: Option<String>,
    /// Longest time to establish one connection.
    pub connect_timeout: Duration,
    /// Longest time to wait for a free connection.
    pub acquire_timeout: Duration,
    /// Longest time one statement may run.
    pub query_timeout: Duration,
    /// Most connections held at once.
    pub max_pool_size: u32,
    /// A connection unused this long is closed.
    pub idle_timeout: Duration,
    /// A connection this old is closed after its current query.
    pub max_lifetime: Duration,
    /// Session time zone.
    pub timezone: String,
    /// Further settings; see [`crate::SourceRules`].
    pub options: BTreeMap<String, String>,
}

impl Default for SourceConfig {
    fn default() -> Self {
        Self {
            host: None,
            port: None,
            database: None,
            username: None,
            path: None,
            service_name: None,
            sid: None,
            connect_descriptor: None,
            tls: TlsMode::Prefer,
            tls_ca: None,
            tls_cert: None,
            tls_key: None,
            connect_timeout: Duration::from_secs(5),
            acquire_timeout: Duration::from_secs(5),
            query_timeout: Duration::from_secs(30),
            max_pool_size: 10,
            idle_timeout: Duration::from_mins(10),
            max_lifetime: Duration::from_mins(30),
            timezone: "UTC".to_owned(),
            options: BTreeMap::new(),
        }
    }
}

/// A registered data source. The password is not part of it; the store hands that out separately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSource {
    /// Its identifier, unique for all time.
    pub id: DataSourceId,
    /// Its name, unique among the sources at any time, without regard to case.
    pub name: String,
    /// The engine behind it.
    pub engine: Engine,
    /// Free text.
    pub description: String,
    /// Whether it takes queries.
    pub status: SourceStatus,
    /// Where it is and how it is used.
    pub config: SourceConfig,
    /// Whether a password is stored.
    pub password_set: bool,
    /// Counts changes, from 1.
    pub version: u64,
    /// When it was registered.
    pub created_at: UnixMicros,
    /// When it was last changed.
    pub updated_at: UnixMicros,
}
