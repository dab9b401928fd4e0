//! A data source in its stored form.

use std::collections::BTreeMap;
use std::time::Duration;

use gateway_core::{
    DataSource, DataSourceId, Secret, SourceConfig, SourceDraft, SourceStatus, TlsMode, UnixMicros,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{KeyRing, StoreError, seal};

/// One row of `data_sources`, in the order of [`crate::statements::COLUMNS`].
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: Vec<u8>,
    pub(crate) name: String,
    pub(crate) engine: String,
    pub(crate) description: String,
    pub(crate) status: String,
    pub(crate) config: String,
    pub(crate) password: Option<Vec<u8>>,
    pub(crate) version: u64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Row {
    /// The source, and its password as it is sealed.
    pub(crate) fn into_source(self) -> Result<(DataSource, Option<Vec<u8>>), StoreError> {
        let id = source_id(&self.id)?;
        let corrupt = |what: &str| StoreError::Corrupt {
            what: format!("{what} of data source {id}"),
        };
        let source = DataSource {
            id,
            engine: self.engine.parse().map_err(|_| corrupt("the engine"))?,
            status: parse_status(&self.status).ok_or_else(|| corrupt("the status"))?,
            config: parse_config(&self.config)
                .map_err(|reason| corrupt(&format!("the settings ({reason})")))?,
            name: self.name,
            description: self.description,
            password_set: self.password.is_some(),
            version: self.version,
            created_at: UnixMicros(self.created_at),
            updated_at: UnixMicros(self.updated_at),
        };
        Ok((source, self.password))
    }

    /// The source with its password opened.
    pub(crate) fn into_opened(self, ring: &KeyRing) -> Result<(DataSource, Option<Secret>), StoreError> {
        let (source, sealed) = self.into_source()?;
        let password = sealed
            .map(|sealed| open_password(ring, source.id, &sealed))
            .transpose()?;
        Ok((source, password))
    }
}

/// Sources with their passwords opened.
pub(crate) fn open_all(
    rows: &[Row],
    ring: &KeyRing,
) -> Result<Vec<(DataSource, Option<Secret>)>, StoreError> {
    rows.iter().cloned().map(|row| row.into_opened(ring)).collect()
}

/// What a change writes.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) id: DataSourceId,
    pub(crate) draft: SourceDraft,
    pub(crate) name_key: String,
    pub(crate) config: String,
    /// `None` if the draft has no password.
    pub(crate) password: Option<Vec<u8>>,
    pub(crate) now: UnixMicros,
}

impl Written {
    /// Prepares a draft for being written as the source `id`.
    pub(crate) fn new(id: DataSourceId, draft: &SourceDraft, ring: &KeyRing) -> Result<Self, StoreError> {
        let password = draft
            .password
            .as_ref()
            .map(|password| seal::seal(ring, id.as_bytes(), password.expose()))
            .transpose()
            .map_err(StoreError::Seal)?;
        Ok(Self {
            id,
            // The password has been sealed; the rest of the way needs no copy of it.
            draft: SourceDraft {
                password: None,
                ..draft.clone()
            },
            name_key: name_key(&draft.name),
            config: config_text(&draft.config)?,
            password,
            now: UnixMicros::now(),
        })
    }

    /// The identifier of the key that sealed the password, if there is one.
    pub(crate) fn key_id(&self) -> Result<Option<&str>, StoreError> {
        let key_id = self.password.as_deref().map(seal::key_id);
        key_id.transpose().map_err(StoreError::Seal)
    }

    /// What is stored once this is written, over `old` if it replaces something.
    pub(crate) fn into_source(self, old: Option<&Old>) -> DataSource {
        DataSource {
            id: self.id,
            name: self.draft.name,
            engine: self.draft.engine,
            description: self.draft.description,
            status: self.draft.status,
            config: self.draft.config,
            password_set: self.password.is_some() || old.is_some_and(|old| old.password.is_some()),
            version: old.map_or(1, |old| old.version + 1),
            created_at: old.map_or(self.now, |old| UnixMicros(old.created_at)),
            updated_at: self.now,
        }
    }
}

/// What a change needs to know of the row that it replaces.
#[derive(Debug, Clone)]
pub(crate) struct Old {
    pub(crate) version: u64,
    pub(crate) created_at: i64,
    pub(crate) password: Option<Vec<u8>>,
}

impl Old {
    /// Refuses a change of a source that is not there or not as the caller believes.
    pub(crate) fn check(
        found: Option<Self>,
        id: DataSourceId,
        expected: Option<u64>,
    ) -> Result<Self, StoreError> {
        let old = found.ok_or(StoreError::NotFound { id })?;
        match expected {
            Some(expected) if expected != old.version => Err(StoreError::VersionMismatch {
                id,
                expected,
                actual: old.version,
            }),
            Some(_) | None => Ok(old),
        }
    }
}

/// Opens the sealed password of a source.
pub(crate) fn open_password(ring: &KeyRing, id: DataSourceId, sealed: &[u8]) -> Result<Secret, StoreError> {
    seal::open(ring, id.as_bytes(), sealed).map_err(|reason| StoreError::Credential { id, reason })
}

/// The form of a name that is unique.
pub(crate) fn name_key(name: &str) -> String {
    name.to_lowercase()
}

/// The identifier in its stored form.
pub(crate) fn source_id(bytes: &[u8]) -> Result<DataSourceId, StoreError> {
    Uuid::from_slice(bytes)
        .map(DataSourceId)
        .map_err(|_| StoreError::Corrupt {
            what: "an identifier of a data source".to_owned(),
        })
}

fn parse_status(text: &str) -> Option<SourceStatus> {
    [SourceStatus::Active, SourceStatus::Inactive]
        .into_iter()
        .find(|status| status.as_str() == text)
}

/// The stored forms of the settings, one variant a form. A new form is a new variant; old ones stay readable.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoredConfig {
    V1(Box<ConfigV1>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ConfigV1 {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    database: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    connect_descriptor: Option<String>,
    tls: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tls_ca: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tls_cert: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tls_key: Option<String>,
    connect_timeout_ms: u64,
    acquire_timeout_ms: u64,
    query_timeout_ms: u64,
    max_pool_size: u32,
    idle_timeout_ms: u64,
    max_lifetime_ms: u64,
    timezone: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    options: BTreeMap<String, String>,
}

fn config_text(config: &SourceConfig) -> Result<String, StoreError> {
    let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let stored = StoredConfig::V1(Box::new(ConfigV1 {
        host: config.host.clone(),
        port: config.port,
        database: config.database.clone(),
        username: config.username.clone(),
        path: config.path.clone(),
        service_name: config.service_name.clone(),
        sid: config.sid.clone(),
        connect_descriptor: config.connect_descriptor.clone(),
        tls: config.tls.as_str().to_owned(),
        tls_ca: config.tls_ca.clone(),
        tls_cert: config.tls_cert.clone(),
        tls_key: config.tls_key.clone(),
        connect_timeout_ms: millis(config.connect_timeout),
        acquire_timeout_ms: millis(config.acquire_timeout),
        query_timeout_ms: millis(config.query_timeout),
        max_pool_size: config.max_pool_size,
        idle_timeout_ms: millis(config.idle_timeout),
        max_lifetime_ms: millis(config.max_lifetime),
        timezone: config.timezone.clone(),
        options: config.options.clone(),
    }));
    serde_json::to_string(&stored).map_err(|error| StoreError::Database {
        reason: format!("settings cannot be written: {error}"),
    })
}

fn parse_config(text: &str) -> Result<SourceConfig, String> {
    let StoredConfig::V1(stored) = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let tls = TlsMode::ALL
        .into_iter()
        .find(|mode| mode.as_str() == stored.tls)
        .ok_or("unknown TLS mode")?;
    Ok(SourceConfig {
        host: stored.host,
        port: stored.port,
        database: stored.database,
        username: stored.username,
        path: stored.path,
        service_name: stored.service_name,
        sid: stored.sid,
        connect_descriptor: stored.connect_descriptor,
        tls,
        tls_ca: stored.tls_ca,
        tls_cert: stored.tls_cert,
        tls_key: stored.tls_key,
        connect_timeout: Duration::from_millis(stored.connect_timeout_ms),
        acquire_timeout: Duration::from_millis(stored.acquire_timeout_ms),
        query_timeout: Duration::from_millis(stored.query_timeout_ms),
        max_pool_size: stored.max_pool_size,
        idle_timeout: Duration::from_millis(stored.idle_timeout_ms),
        max_lifetime: Duration::from_millis(stored.max_lifetime_ms),
        timezone: stored.timezone,
        options: stored.options,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_the_round_trip() {
        let config = SourceConfig {
            host: Some("h".into()),
            port: Some(1),
            tls: TlsMode::VerifyFull,
            tls_ca: Some("PEM".into()),
            tls_cert: Some("PEM".into()),
            tls_key: Some("file:/key".into()),
            query_timeout: Duration::from_millis(1),
            options: BTreeMap::from([("a".into(), "b".into())]),
            ..SourceConfig::default()
        };
        assert_eq!(parse_config(&config_text(&config).unwrap()), Ok(config));
    }

    #[test]
    fn settings_of_another_program_are_refused() {
        let text = config_text(&SourceConfig::default()).unwrap();
        let unknown_field = text.replacen("\"tls\"", "\"new\":1,\"tls\"", 1);
        assert!(parse_config(&unknown_field).unwrap_err().contains("new"));
        assert!(
            parse_config(&text.replace("v1", "v2"))
                .unwrap_err()
                .contains("v2")
        );
    }
}
