//! API keys and roles in their stored form, and the statements on them, which mean the same in MySQL, MariaDB and SQLite.

use std::time::Duration;

use gateway_core::{ApiKey, ApiKeyDraft, Role, RoleDraft, ScopeSet, SourceGrant, SourcePattern, UnixMicros};
use serde::{Deserialize, Serialize};

use crate::StoreError;

/// The columns of a [`KeyRow`], in its order.
pub(crate) const KEYS: &str = "SELECT prefix, hash, name, scopes, sources, created_by, created_at, expires_at, \
    last_used_at FROM api_keys ORDER BY prefix";

pub(crate) const INSERT_KEY: &str = "INSERT INTO api_keys \
    (prefix, hash, name, scopes, sources, created_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

pub(crate) const DELETE_KEY: &str = "DELETE FROM api_keys WHERE prefix = ?";

/// Two replicas may report the use of one key; the later use is kept.
pub(crate) const TOUCH_KEY: &str =
    "UPDATE api_keys SET last_used_at = ? WHERE prefix = ? AND COALESCE(last_used_at, 0) < ?";

/// The columns of a [`RoleRow`], in its order.
pub(crate) const ROLES: &str =
    "SELECT name, definition, version, created_at, updated_at FROM roles ORDER BY name";

pub(crate) const INSERT_ROLE: &str =
    "INSERT INTO roles (name, definition, version, created_at, updated_at) VALUES (?, ?, 1, ?, ?)";

pub(crate) const ROLE_VERSION: &str = "SELECT version, created_at FROM roles WHERE name = ?";

pub(crate) const UPDATE_ROLE: &str =
    "UPDATE roles SET definition = ?, version = version + 1, updated_at = ? WHERE name = ?";

pub(crate) const DELETE_ROLE: &str = "DELETE FROM roles WHERE name = ?";

/// A row of `api_keys`.
pub(crate) struct KeyRow {
    pub(crate) prefix: String,
    pub(crate) hash: Vec<u8>,
    pub(crate) name: String,
    pub(crate) scopes: String,
    pub(crate) sources: String,
    pub(crate) created_by: String,
    pub(crate) created_at: i64,
    pub(crate) expires_at: Option<i64>,
    pub(crate) last_used_at: Option<i64>,
}

impl KeyRow {
    pub(crate) fn of(key: &ApiKey) -> Self {
        let scopes: Vec<&str> = key.draft.scopes.iter().map(gateway_core::Scope::as_str).collect();
        Self {
            prefix: key.prefix.clone(),
            hash: key.hash.to_vec(),
            name: key.draft.name.clone(),
            scopes: scopes.join(" "),
            sources: key.draft.sources.entries().join(" "),
            created_by: key.created_by.clone(),
            created_at: key.created_at.0,
            expires_at: key.draft.expires_at.map(|at| at.0),
            last_used_at: key.last_used_at.map(|at| at.0),
        }
    }

    /// The key. A row that says something unknown is refused as a whole: left out, a bound might be lost with it.
    pub(crate) fn into_key(self) -> Result<ApiKey, StoreError> {
        let corrupt = |what: &str| StoreError::Corrupt {
            what: format!("{what} of the API key {}", self.prefix),
        };
        Ok(ApiKey {
            hash: (self.hash.try_into()).map_err(|_| corrupt("the hash"))?,
            draft: ApiKeyDraft {
                scopes: ScopeSet::of_names(self.scopes.split_whitespace())
                    .map_err(|_| corrupt("the scopes"))?,
                sources: SourceGrant::parse(self.sources.split_whitespace())
                    .map_err(|_| corrupt("the sources"))?,
                name: self.name,
                expires_at: self.expires_at.map(UnixMicros),
            },
            created_by: self.created_by,
            created_at: UnixMicros(self.created_at),
            last_used_at: self.last_used_at.map(UnixMicros),
            prefix: self.prefix,
        })
    }
}

/// A row of `roles`.
pub(crate) struct RoleRow {
    pub(crate) name: String,
    pub(crate) definition: String,
    pub(crate) version: u64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Definition {
    description: String,
    scopes: Vec<String>,
    sources: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_rows: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_timeout_ms: Option<u64>,
    subjects: Vec<String>,
    groups: Vec<String>,
}

/// What is stored of `draft` beside its name.
pub(crate) fn definition(draft: &RoleDraft) -> Result<String, StoreError> {
    let definition = Definition {
        description: draft.description.clone(),
        scopes: draft
            .scopes
            .iter()
            .map(|scope| scope.as_str().to_owned())
            .collect(),
        sources: draft.sources.iter().map(SourcePattern::to_string).collect(),
        max_rows: draft.max_rows,
        max_timeout_ms: draft
            .max_timeout
            .map(|limit| u64::try_from(limit.as_millis()).unwrap_or(u64::MAX)),
        subjects: draft.subjects.clone(),
        groups: draft.groups.clone(),
    };
    serde_json::to_string(&definition).map_err(|error| StoreError::Database {
        reason: format!("a role cannot be written: {error}"),
    })
}

impl RoleRow {
    pub(crate) fn into_role(self) -> Result<Role, StoreError> {
        let corrupt = |reason: String| StoreError::Corrupt {
            what: format!("the role {} ({reason})", self.name),
        };
        let read: Definition =
            serde_json::from_str(&self.definition).map_err(|error| corrupt(error.to_string()))?;
        let scopes = ScopeSet::of_names(read.scopes.iter().map(String::as_str)).map_err(corrupt)?;
        Ok(Role {
            draft: RoleDraft {
                name: self.name,
                description: read.description,
                scopes,
                sources: read
                    .sources
                    .iter()
                    .map(|text| SourcePattern::parse(text))
                    .collect(),
                max_rows: read.max_rows,
                max_timeout: read.max_timeout_ms.map(Duration::from_millis),
                subjects: read.subjects,
                groups: read.groups,
            },
            version: self.version,
            created_at: UnixMicros(self.created_at),
            updated_at: UnixMicros(self.updated_at),
        })
    }
}

/// Refuses a change of a role that is not there or not as the caller believes; gives when it was made.
pub(crate) fn check_role(
    found: Option<(u64, i64)>,
    name: &str,
    expected: Option<u64>,
) -> Result<(u64, UnixMicros), StoreError> {
    let (actual, created_at) = found.ok_or_else(|| StoreError::NoRole {
        name: name.to_owned(),
    })?;
    match expected {
        Some(expected) if expected != actual => Err(StoreError::RoleVersionMismatch {
            name: name.to_owned(),
            expected,
            actual,
        }),
        Some(_) | None => Ok((actual, UnixMicros(created_at))),
    }
}
