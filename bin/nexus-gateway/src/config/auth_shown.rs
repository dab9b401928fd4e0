//! `[auth]` in a form that can be printed: no secret is in it.

use gateway_http::auth::{CertificateRules, KeyLocation};
use serde::Serialize;

use super::auth::{AuthSettings, JwtKeys, JwtSettings};
use super::duration;

#[derive(Serialize)]
pub(super) struct ShownAuth {
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwt: Option<ShownJwt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_keys: Option<ShownApiKeys>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mtls: Option<ShownMtls>,
}

#[derive(Serialize)]
struct ShownApiKeys {
    enabled: bool,
}

#[derive(Serialize, Default)]
struct ShownJwt {
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_refresh: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_floor: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    algorithms: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<String>,
    leeway: String,
    groups_claim: String,
}

#[derive(Serialize)]
struct ShownMtls {
    enabled: bool,
    name: &'static str,
    scope: String,
    sources: Vec<String>,
}

impl From<&AuthSettings> for ShownAuth {
    fn from(settings: &AuthSettings) -> Self {
        let AuthSettings::Credentials(accepted) = settings else {
            return Self {
                enabled: false,
                jwt: None,
                api_keys: None,
                mtls: None,
            };
        };
        Self {
            enabled: true,
            jwt: accepted.jwt.as_ref().map(ShownJwt::from),
            api_keys: Some(ShownApiKeys {
                enabled: accepted.api_keys,
            }),
            mtls: accepted.certificates.as_ref().map(ShownMtls::from),
        }
    }
}

impl From<&JwtSettings> for ShownJwt {
    fn from(settings: &JwtSettings) -> Self {
        let rules = &settings.rules;
        let shown = Self {
            issuer: rules.issuer.clone(),
            audience: rules.audience.clone(),
            leeway: duration::show(rules.leeway),
            groups_claim: rules.groups_claim.clone(),
            ..Self::default()
        };
        match &settings.keys {
            JwtKeys::Secret { algorithm, .. } => Self {
                secret: Some("<secret>"),
                algorithms: vec![algorithm.as_str()],
                ..shown
            },
            JwtKeys::PublicKey { file, algorithms } => Self {
                public_key_file: Some(file.display().to_string()),
                algorithms: algorithms.iter().map(|algorithm| algorithm.as_str()).collect(),
                ..shown
            },
            JwtKeys::Set { location, times } => {
                let (file, url) = match location {
                    KeyLocation::File(file) => (Some(file.display().to_string()), None),
                    KeyLocation::Url(url) => (None, Some(url.clone())),
                };
                Self {
                    jwks_file: file,
                    jwks_url: url,
                    jwks_refresh: Some(duration::show(times.every)),
                    jwks_floor: Some(duration::show(times.floor)),
                    ..shown
                }
            }
        }
    }
}

impl From<&CertificateRules> for ShownMtls {
    fn from(rules: &CertificateRules) -> Self {
        let scopes = rules.grant.iter().flat_map(|grant| grant.scopes.iter());
        Self {
            enabled: true,
            name: rules.name.as_str(),
            scope: scopes
                .map(gateway_core::Scope::as_str)
                .collect::<Vec<_>>()
                .join(" "),
            sources: rules
                .grant
                .as_ref()
                .map(|grant| grant.sources.entries())
                .unwrap_or_default(),
        }
    }
}
