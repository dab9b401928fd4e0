//! `[auth]`: who may ask, and how that is told.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use gateway_core::{Grant, ScopeSet, Secret, SourceGrant};
use gateway_http::auth::{
    Algorithm, CertificateName, CertificateRules, KeyLocation, RefreshTimes, TokenRules,
};
use serde::Deserialize;

use super::raw::text;
use super::{duration, list};

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawAuth {
    enabled: Option<bool>,
    jwt: RawJwt,
    api_keys: RawApiKeys,
    mtls: RawMtls,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawJwt {
    #[serde(deserialize_with = "text")]
    secret: Option<String>,
    secret_file: Option<PathBuf>,
    public_key_file: Option<PathBuf>,
    jwks_file: Option<PathBuf>,
    jwks_url: Option<String>,
    #[serde(deserialize_with = "duration::deserialize")]
    jwks_refresh: Option<Duration>,
    #[serde(deserialize_with = "duration::deserialize")]
    jwks_floor: Option<Duration>,
    #[serde(deserialize_with = "list::optional")]
    algorithms: Option<Vec<String>>,
    issuer: Option<String>,
    audience: Option<String>,
    #[serde(deserialize_with = "duration::deserialize")]
    leeway: Option<Duration>,
    groups_claim: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawApiKeys {
    enabled: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawMtls {
    enabled: Option<bool>,
    name: Option<String>,
    scope: Option<String>,
    #[serde(deserialize_with = "list::optional")]
    sources: Option<Vec<String>>,
}

/// Who may ask.
pub(crate) enum AuthSettings {
    /// Whoever has one of these.
    Credentials(Box<CredentialSettings>),
    /// Everybody on this machine.
    Off,
}

/// The credentials that are accepted.
pub(crate) struct CredentialSettings {
    pub(crate) jwt: Option<JwtSettings>,
    pub(crate) api_keys: bool,
    pub(crate) certificates: Option<CertificateRules>,
}

/// How tokens are verified.
pub(crate) struct JwtSettings {
    pub(crate) keys: JwtKeys,
    pub(crate) rules: TokenRules,
}

/// What tokens are verified with.
pub(crate) enum JwtKeys {
    /// A shared secret, for one algorithm.
    Secret { secret: Secret, algorithm: Algorithm },
    /// A public key in PEM; without algorithms, for all of its kind.
    PublicKey {
        file: PathBuf,
        algorithms: Vec<Algorithm>,
    },
    /// A JSON Web Key Set.
    Set {
        location: KeyLocation,
        times: RefreshTimes,
    },
}

impl RawAuth {
    /// The files that must stay the gateway's own.
    pub(super) fn files(&self) -> impl Iterator<Item = PathBuf> {
        let RawJwt {
            secret_file,
            public_key_file,
            jwks_file,
            ..
        } = &self.jwt;
        [secret_file, public_key_file, jwks_file]
            .into_iter()
            .flatten()
            .cloned()
    }
}

impl AuthSettings {
    pub(super) fn check(raw: RawAuth, listen: SocketAddr, verifies_clients: bool) -> anyhow::Result<Self> {
        if raw.enabled == Some(false) {
            ensure!(
                listen.ip().is_loopback(),
                "auth.enabled = false is refused on {listen}: without authentication listen on a loopback address only"
            );
            return Ok(Self::Off);
        }
        let certificates = check_mtls(&raw.mtls, verifies_clients)?;
        let jwt = check_jwt(raw.jwt)?;
        ensure!(
            jwt.is_some() || certificates.is_some(),
            "no way to authenticate callers: set auth.jwt.secret_file (or NEXUS_AUTH__JWT__SECRET) to a secret of at \
             least 32 bytes, auth.jwt.public_key_file, auth.jwt.jwks_url or auth.mtls.enabled, or set auth.enabled = \
             false and listen on a loopback address"
        );
        Ok(Self::Credentials(Box::new(CredentialSettings {
            jwt,
            api_keys: raw.api_keys.enabled.unwrap_or(true),
            certificates,
        })))
    }

    /// Accepts tokens signed with HS256 and `secret`, and API keys.
    pub(crate) fn with_secret(secret: Secret) -> Self {
        Self::Credentials(Box::new(CredentialSettings {
            jwt: Some(JwtSettings {
                keys: JwtKeys::Secret {
                    secret,
                    algorithm: Algorithm::Hs256,
                },
                rules: TokenRules::default(),
            }),
            api_keys: true,
            certificates: None,
        }))
    }
}

fn check_jwt(raw: RawJwt) -> anyhow::Result<Option<JwtSettings>> {
    let defaults = TokenRules::default();
    let rules = TokenRules {
        issuer: raw.issuer.clone(),
        audience: raw.audience.clone(),
        leeway: raw.leeway.unwrap_or(defaults.leeway),
        groups_claim: raw.groups_claim.clone().unwrap_or(defaults.groups_claim),
    };
    ensure!(
        rules.leeway <= Duration::from_mins(10),
        "auth.jwt.leeway must be at most 10m"
    );
    Ok(check_keys(raw)?.map(|keys| JwtSettings { keys, rules }))
}

fn check_keys(raw: RawJwt) -> anyhow::Result<Option<JwtKeys>> {
    let algorithms = raw.algorithms.map(parse_algorithms).transpose()?;
    let given = [
        raw.secret.is_some() || raw.secret_file.is_some(),
        raw.public_key_file.is_some(),
        raw.jwks_file.is_some(),
        raw.jwks_url.is_some(),
    ];
    ensure!(
        given.iter().filter(|given| **given).count() <= 1,
        "give only one of auth.jwt.secret(_file), auth.jwt.public_key_file, auth.jwt.jwks_file and auth.jwt.jwks_url"
    );
    if let Some(secret) = read_either(raw.secret, raw.secret_file)? {
        return Ok(Some(with_secret(secret, algorithms.unwrap_or_default())?));
    }
    if let Some(file) = raw.public_key_file {
        let algorithms = algorithms.unwrap_or_default();
        return Ok(Some(JwtKeys::PublicKey { file, algorithms }));
    }
    let file = raw.jwks_file.map(KeyLocation::File);
    let Some(location) = file.or(raw.jwks_url.map(KeyLocation::Url)) else {
        return Ok(None);
    };
    ensure!(
        algorithms.is_none(),
        "auth.jwt.algorithms does not apply to a key set: its keys say what they are for"
    );
    let defaults = RefreshTimes::default();
    let times = RefreshTimes {
        every: raw.jwks_refresh.unwrap_or(defaults.every),
        floor: raw.jwks_floor.unwrap_or(defaults.floor),
    };
    ensure!(!times.every.is_zero(), "auth.jwt.jwks_refresh must be above 0");
    Ok(Some(JwtKeys::Set { location, times }))
}

fn with_secret(secret: Secret, algorithms: Vec<Algorithm>) -> anyhow::Result<JwtKeys> {
    let algorithm = match algorithms.as_slice() {
        [] => Algorithm::Hs256,
        [only] => *only,
        _ => bail!("auth.jwt.algorithms: a secret is for one algorithm"),
    };
    let least = algorithm.shortest_secret();
    ensure!(
        secret.expose().len() >= least,
        "auth.jwt.secret must have at least {least} bytes for {algorithm} (RFC 7518, section 3.2)"
    );
    Ok(JwtKeys::Secret { secret, algorithm })
}

fn parse_algorithms(names: Vec<String>) -> anyhow::Result<Vec<Algorithm>> {
    names
        .into_iter()
        .map(|name| {
            Algorithm::parse(&name).with_context(|| {
                let known: Vec<&str> = Algorithm::ALL.map(Algorithm::as_str).into();
                format!("auth.jwt.algorithms: {name:?} is none of {}", known.join(", "))
            })
        })
        .collect()
}

fn read_either(secret: Option<String>, file: Option<PathBuf>) -> anyhow::Result<Option<Secret>> {
    match (secret, file) {
        (Some(_), Some(_)) => bail!("give only one of auth.jwt.secret and auth.jwt.secret_file"),
        (Some(secret), None) => Ok(Some(Secret::new(secret))),
        (None, Some(file)) => read_secret(&file).context("auth.jwt.secret_file").map(Some),
        (None, None) => Ok(None),
    }
}

/// A secret from a file, without the line break that editors leave.
fn read_secret(file: &Path) -> anyhow::Result<Secret> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

fn check_mtls(raw: &RawMtls, verifies_clients: bool) -> anyhow::Result<Option<CertificateRules>> {
    if !raw.enabled.unwrap_or(false) {
        return Ok(None);
    }
    ensure!(
        verifies_clients,
        "auth.mtls.enabled needs server.tls.client_ca_file: the authorities whose certificates are believed"
    );
    let name = match raw.name.as_deref() {
        None => CertificateName::default(),
        Some(name) => CertificateName::ALL
            .into_iter()
            .find(|known| known.as_str() == name)
            .with_context(|| format!("auth.mtls.name must be cn, dns, uri or email, not {name:?}"))?,
    };
    let scopes: Vec<&str> = raw
        .scope
        .as_deref()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let scopes = ScopeSet::of_names(scopes).map_err(|error| anyhow::anyhow!("auth.mtls.scope: {error}"))?;
    let sources = raw.sources.as_deref().unwrap_or_default();
    let sources = SourceGrant::parse(sources.iter().map(String::as_str))
        .map_err(|error| anyhow::anyhow!("auth.mtls.sources: {error}"))?;
    let grant = scopes
        .iter()
        .next()
        .is_some()
        .then(|| Grant::new(scopes.clone(), sources));
    Ok(Some(CertificateRules { name, grant }))
}
