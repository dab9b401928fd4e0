//! API keys and roles on the wire.

use std::time::Duration;

use gateway_core::{
    ApiKey, ApiKeyDraft, ErrorKind, Role, RoleDraft, Scope, ScopeSet, SourceGrant, SourcePattern,
};
use gateway_service::NewApiKey;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::audit::parse_moment;
use crate::error::ApiError;

/// An API key to make.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ApiKeyRequest {
    /// What it is for; also the subject under which its bearer is on record.
    #[schema(example = "nightly report")]
    name: String,
    /// What it allows: `query`, `sources:read`, `sources:write`, `audit:read`, `metrics:read`, `admin`.
    #[schema(example = json!(["query"]))]
    scopes: Vec<String>,
    /// The ids of the data sources it is good for, or `*` for all.
    #[schema(example = json!(["*"]))]
    sources: Vec<String>,
    /// Until when it is good; left out, until it is removed.
    #[schema(example = "2027-01-31T12:00:00Z")]
    expires_at: Option<String>,
}

impl ApiKeyRequest {
    pub(crate) fn into_draft(self) -> Result<ApiKeyDraft, ApiError> {
        Ok(ApiKeyDraft {
            name: self.name,
            scopes: parse_scopes(&self.scopes)?,
            sources: SourceGrant::parse(self.sources.iter().map(String::as_str))
                .map_err(|message| ApiError::field(ErrorKind::Validation, "sources", message))?,
            expires_at: self
                .expires_at
                .map(|text| parse_moment("expiresAt", &text))
                .transpose()?,
        })
    }
}

/// An API key, without its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiKeyBody {
    /// The public part of the key, by which it is removed.
    #[schema(example = "0f3c9a7be4d21658")]
    id: String,
    name: String,
    scopes: Vec<&'static str>,
    sources: Vec<String>,
    created_by: String,
    created_at: String,
    expires_at: Option<String>,
    /// To within a minute; null if it was never used.
    last_used_at: Option<String>,
}

impl From<ApiKey> for ApiKeyBody {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.prefix,
            name: key.draft.name,
            scopes: key.draft.scopes.iter().map(Scope::as_str).collect(),
            sources: key.draft.sources.entries(),
            created_by: key.created_by,
            created_at: key.created_at.to_string(),
            expires_at: key.draft.expires_at.map(|at| at.to_string()),
            last_used_at: key.last_used_at.map(|at| at.to_string()),
        }
    }
}

/// An API key that was just made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewApiKeyBody {
    /// The whole key, shown only now. Its bearer sends it as `Authorization: Bearer …` or as `X-API-Key`.
    key: String,
    #[serde(flatten)]
    described: ApiKeyBody,
}

impl From<NewApiKey> for NewApiKeyBody {
    fn from(made: NewApiKey) -> Self {
        Self {
            key: made.text.expose().to_owned(),
            described: made.key.into(),
        }
    }
}

/// A page of API keys.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiKeyList {
    pub(crate) items: Vec<ApiKeyBody>,
    /// Send it as `?cursor=` for the next page; null on the last.
    pub(crate) next_cursor: Option<String>,
}

/// A role to add, or to put in place of another.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RoleRequest {
    /// 1 to 64 of a-z, 0-9, dot, underscore and hyphen. Required for a new role; of another it cannot be changed.
    #[schema(example = "sales-readers")]
    name: Option<String>,
    /// Free text.
    #[serde(default)]
    description: String,
    /// What it allows.
    #[schema(example = json!(["query"]))]
    scopes: Vec<String>,
    /// Where: ids of data sources, or forms of their names in which `*` stands for any text.
    #[schema(example = json!(["sales-*"]))]
    sources: Vec<String>,
    /// Most rows of an answer.
    #[schema(minimum = 1)]
    max_rows: Option<u64>,
    /// Longest time of a statement, in milliseconds.
    #[schema(minimum = 1)]
    max_timeout_ms: Option<u64>,
    /// The callers who have it, by the subject of their token or certificate.
    #[serde(default)]
    subjects: Vec<String>,
    /// The groups whose members have it, as tokens list them.
    #[serde(default)]
    #[schema(example = json!(["analysts"]))]
    groups: Vec<String>,
}

impl RoleRequest {
    /// The draft of a new role.
    pub(crate) fn into_draft(self) -> Result<RoleDraft, ApiError> {
        match self.name.clone() {
            Some(name) => self.named(name),
            None => Err(ApiError::field(ErrorKind::Validation, "name", "must be given")),
        }
    }

    /// The draft that is to take the place of the role `name`.
    pub(crate) fn into_change(self, name: String) -> Result<RoleDraft, ApiError> {
        if self.name.as_ref().is_some_and(|other| *other != name) {
            return Err(ApiError::field(
                ErrorKind::Validation,
                "name",
                "cannot be changed; add a new role instead",
            ));
        }
        self.named(name)
    }

    fn named(self, name: String) -> Result<RoleDraft, ApiError> {
        Ok(RoleDraft {
            name,
            description: self.description,
            scopes: parse_scopes(&self.scopes)?,
            sources: self
                .sources
                .iter()
                .map(|text| SourcePattern::parse(text))
                .collect(),
            max_rows: self.max_rows,
            max_timeout: self.max_timeout_ms.map(Duration::from_millis),
            subjects: self.subjects,
            groups: self.groups,
        })
    }
}

/// A role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleBody {
    name: String,
    description: String,
    scopes: Vec<&'static str>,
    sources: Vec<String>,
    max_rows: Option<u64>,
    max_timeout_ms: Option<u64>,
    subjects: Vec<String>,
    groups: Vec<String>,
    /// Counts changes, from 1; also the `ETag`.
    version: u64,
    created_at: String,
    updated_at: String,
}

impl From<Role> for RoleBody {
    fn from(role: Role) -> Self {
        let draft = role.draft;
        Self {
            name: draft.name,
            description: draft.description,
            scopes: draft.scopes.iter().map(Scope::as_str).collect(),
            sources: draft.sources.iter().map(SourcePattern::to_string).collect(),
            max_rows: draft.max_rows,
            max_timeout_ms: draft
                .max_timeout
                .map(|limit| u64::try_from(limit.as_millis()).unwrap_or(u64::MAX)),
            subjects: draft.subjects,
            groups: draft.groups,
            version: role.version,
            created_at: role.created_at.to_string(),
            updated_at: role.updated_at.to_string(),
        }
    }
}

/// A page of roles.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleList {
    pub(crate) items: Vec<RoleBody>,
    /// Send it as `?cursor=` for the next page; null on the last.
    pub(crate) next_cursor: Option<String>,
}

fn parse_scopes(names: &[String]) -> Result<ScopeSet, ApiError> {
    ScopeSet::of_names(names.iter().map(String::as_str))
        .map_err(|message| ApiError::field(ErrorKind::Validation, "scopes", message))
}
