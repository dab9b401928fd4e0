//! Data sources on the wire.

use std::collections::BTreeMap;
use std::time::Duration;

use gateway_core::{DataSource, Engine, ErrorKind, Secret, SourceConfig, SourceDraft, SourceStatus, TlsMode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ApiError;

/// A data source to register, or to put in place of another.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SourceRequest {
    /// Unique among all sources, without regard to case.
    #[schema(example = "Production MySQL")]
    name: String,
    /// `mysql`, `mariadb`, `postgresql`, `oracle` or `sqlite`.
    #[schema(example = "mysql")]
    r#type: String,
    /// Free text.
    #[serde(default)]
    description: String,
    /// `active` (default) or `inactive`.
    #[serde(default)]
    status: Option<String>,
    /// Where it is and how it is used.
    config: ConfigRequest,
}

/// Changes to a data source; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SourcePatch {
    name: Option<String>,
    description: Option<String>,
    status: Option<String>,
    config: Option<ConfigRequest>,
}

/// Where a data source is and how it is used.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConfigRequest {
    #[schema(example = "db.example.com")]
    host: Option<String>,
    /// Default: the engine's own.
    #[schema(example = 3306)]
    port: Option<i64>,
    #[schema(example = "production")]
    database: Option<String>,
    #[schema(example = "reader")]
    username: Option<String>,
    /// Stored sealed; never given out again. Left out in a change, the stored one stays. `env:NAME` and `file:/path` refer to
    /// it where the gateway's settings permit that; `plain:` before it makes it the password itself.
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<WireSecret>,
    /// The database file (SQLite).
    path: Option<String>,
    /// Oracle service name.
    service_name: Option<String>,
    /// Oracle system identifier.
    sid: Option<String>,
    /// Full Oracle connect descriptor.
    connect_descriptor: Option<String>,
    /// `disable`, `prefer` (default), `require`, `verify-ca` or `verify-full`.
    tls: Option<String>,
    /// PEM certificates of the authorities to trust instead of the system's.
    tls_ca: Option<String>,
    /// PEM certificate that the gateway shows to the server.
    tls_cert: Option<String>,
    /// Where its private key is: `file:/path` or `env:NAME`, as far as the gateway's settings permit.
    #[schema(example = "file:/run/secrets/db.key")]
    tls_key: Option<String>,
    connect_timeout_ms: Option<u64>,
    acquire_timeout_ms: Option<u64>,
    query_timeout_ms: Option<u64>,
    max_pool_size: Option<u32>,
    idle_timeout_ms: Option<u64>,
    max_lifetime_ms: Option<u64>,
    timezone: Option<String>,
    options: Option<BTreeMap<String, String>>,
}

/// A password on its way in.
pub(crate) struct WireSecret(Secret);

impl<'de> Deserialize<'de> for WireSecret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

impl SourceRequest {
    pub(crate) fn into_draft(self) -> Result<SourceDraft, ApiError> {
        let engine: Engine = self
            .r#type
            .parse()
            .map_err(|error| ApiError::field(ErrorKind::Validation, "type", error))?;
        let status = self
            .status
            .as_deref()
            .map(parse_status)
            .transpose()?
            .unwrap_or(SourceStatus::Active);
        let mut config = SourceConfig::default();
        let password = self.config.apply(&mut config)?;
        Ok(SourceDraft {
            name: self.name,
            engine,
            description: self.description,
            status,
            config,
            password,
        })
    }
}

/// A checked [`SourcePatch`].
pub(crate) struct Patch {
    name: Option<String>,
    description: Option<String>,
    status: Option<SourceStatus>,
    config: ConfigRequest,
}

impl SourcePatch {
    pub(crate) fn into_patch(self) -> Result<Patch, ApiError> {
        let status = self.status.as_deref().map(parse_status).transpose()?;
        let config = self.config.unwrap_or_default();
        config.tls.as_deref().map(parse_tls).transpose()?;
        config.port.map(parse_port).transpose()?;
        Ok(Patch {
            name: self.name,
            description: self.description,
            status,
            config,
        })
    }
}

impl Patch {
    /// `current` with the changes made.
    pub(crate) fn apply(self, current: &DataSource) -> SourceDraft {
        let mut config = current.config.clone();
        // Its fields were checked when the patch was made.
        let password = self.config.apply(&mut config).unwrap_or_default();
        SourceDraft {
            name: self.name.unwrap_or_else(|| current.name.clone()),
            engine: current.engine,
            description: self.description.unwrap_or_else(|| current.description.clone()),
            status: self.status.unwrap_or(current.status),
            config,
            password,
        }
    }
}

impl ConfigRequest {
    /// Puts the given fields into `config`; returns the password.
    fn apply(self, config: &mut SourceConfig) -> Result<Option<Secret>, ApiError> {
        fn set<T>(target: &mut T, given: Option<T>) {
            if let Some(given) = given {
                *target = given;
            }
        }
        fn set_some<T>(target: &mut Option<T>, given: Option<T>) {
            if given.is_some() {
                *target = given;
            }
        }
        set_some(&mut config.host, self.host);
        set_some(&mut config.port, self.port.map(parse_port).transpose()?);
        set_some(&mut config.database, self.database);
        set_some(&mut config.username, self.username);
        set_some(&mut config.path, self.path);
        set_some(&mut config.service_name, self.service_name);
        set_some(&mut config.sid, self.sid);
        set_some(&mut config.connect_descriptor, self.connect_descriptor);
        set(&mut config.tls, self.tls.as_deref().map(parse_tls).transpose()?);
        set_some(&mut config.tls_ca, self.tls_ca);
        set_some(&mut config.tls_cert, self.tls_cert);
        set_some(&mut config.tls_key, self.tls_key);
        set(
            &mut config.connect_timeout,
            self.connect_timeout_ms.map(Duration::from_millis),
        );
        set(
            &mut config.acquire_timeout,
            self.acquire_timeout_ms.map(Duration::from_millis),
        );
        set(
            &mut config.query_timeout,
            self.query_timeout_ms.map(Duration::from_millis),
        );
        set(&mut config.max_pool_size, self.max_pool_size);
        set(
            &mut config.idle_timeout,
            self.idle_timeout_ms.map(Duration::from_millis),
        );
        set(
            &mut config.max_lifetime,
            self.max_lifetime_ms.map(Duration::from_millis),
        );
        set(&mut config.timezone, self.timezone);
        set(&mut config.options, self.options);
        Ok(self.password.map(|password| password.0))
    }
}

pub(crate) fn parse_status(name: &str) -> Result<SourceStatus, ApiError> {
    match name {
        "active" => Ok(SourceStatus::Active),
        "inactive" => Ok(SourceStatus::Inactive),
        other => Err(ApiError::field(
            ErrorKind::Validation,
            "status",
            format!("must be active or inactive, not {other:?}"),
        )),
    }
}

fn parse_port(number: i64) -> Result<u16, ApiError> {
    match u16::try_from(number) {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(ApiError::field(
            ErrorKind::Validation,
            "config.port",
            "must be between 1 and 65535",
        )),
    }
}

fn parse_tls(name: &str) -> Result<TlsMode, ApiError> {
    TlsMode::ALL
        .into_iter()
        .find(|mode| mode.as_str() == name)
        .ok_or_else(|| {
            ApiError::field(
                ErrorKind::Validation,
                "config.tls",
                format!("must be disable, prefer, require, verify-ca or verify-full, not {name:?}"),
            )
        })
}

/// A registered data source.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SourceBody {
    #[schema(format = Uuid)]
    id: String,
    name: String,
    r#type: &'static str,
    description: String,
    status: &'static str,
    config: ConfigBody,
    /// Counts changes, from 1; also the `ETag`.
    version: u64,
    created_at: String,
    updated_at: String,
}

/// Where a data source is and how it is used, without its password.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfigBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// Whether a password is stored.
    password_set: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connect_descriptor: Option<String>,
    tls: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_ca: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_cert: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_key: Option<String>,
    connect_timeout_ms: u64,
    acquire_timeout_ms: u64,
    query_timeout_ms: u64,
    max_pool_size: u32,
    idle_timeout_ms: u64,
    max_lifetime_ms: u64,
    timezone: String,
    options: BTreeMap<String, String>,
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl From<DataSource> for SourceBody {
    fn from(source: DataSource) -> Self {
        let config = source.config;
        Self {
            id: source.id.to_string(),
            name: source.name,
            r#type: source.engine.as_str(),
            description: source.description,
            status: source.status.as_str(),
            config: ConfigBody {
                port: config.port.or_else(|| source.engine.default_port()),
                host: config.host,
                database: config.database,
                username: config.username,
                password_set: source.password_set,
                path: config.path,
                service_name: config.service_name,
                sid: config.sid,
                connect_descriptor: config.connect_descriptor,
                tls: config.tls.as_str(),
                tls_ca: config.tls_ca,
                tls_cert: config.tls_cert,
                tls_key: config.tls_key,
                connect_timeout_ms: millis(config.connect_timeout),
                acquire_timeout_ms: millis(config.acquire_timeout),
                query_timeout_ms: millis(config.query_timeout),
                max_pool_size: config.max_pool_size,
                idle_timeout_ms: millis(config.idle_timeout),
                max_lifetime_ms: millis(config.max_lifetime),
                timezone: config.timezone,
                options: config.options,
            },
            version: source.version,
            created_at: source.created_at.to_string(),
            updated_at: source.updated_at.to_string(),
        }
    }
}

/// A page of data sources.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SourceList {
    pub(crate) items: Vec<SourceBody>,
    /// Send it as `?cursor=` for the next page; null on the last.
    pub(crate) next_cursor: Option<String>,
}
