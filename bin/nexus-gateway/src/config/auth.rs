//! `[auth]`: who may ask, and how that is told.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use gateway_core::{Grant, ScopeSet, Secret, SourceGrant};
use gateway_http::auth::{
    Algorithm, CertificateName, CertificateRules, KeyLocation, RefreshTimes, TokenRules,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::faults::Faults;
use super::raw::{WrittenText, text};
use super::schema::one_of;
use super::{duration, list};

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawAuth {
    enabled: Option<bool>,
    jwt: RawJwt,
    api_keys: RawApiKeys,
    mtls: RawMtls,
}

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct RawJwt {
    #[serde(deserialize_with = "text")]
    #[schemars(with = "WrittenText")]
    secret: Option<String>,
    secret_file: Option<PathBuf>,
    public_key_file: Option<PathBuf>,
    jwks_file: Option<PathBuf>,
    jwks_url: Option<String>,
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    jwks_refresh: Option<Duration>,
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    jwks_floor: Option<Duration>,
    #[serde(deserialize_with = "list::optional")]
    #[schemars(with = "list::Written", extend("items" = one_of(Algorithm::ALL.map(Algorithm::as_str))))]
    algorithms: Option<Vec<String>>,
    issuer: Option<String>,
    audience: Option<String>,
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    leeway: Option<Duration>,
    groups_claim: Option<String>,
}

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct RawApiKeys {
    enabled: Option<bool>,
}

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct RawMtls {
    enabled: Option<bool>,
    #[schemars(extend("enum" = CertificateName::ALL.map(CertificateName::as_str)))]
    name: Option<String>,
    scope: Option<String>,
    #[serde(deserialize_with = "list::optional")]
    #[schemars(with = "list::Written")]
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
    pub(super) fn check(
        raw: RawAuth,
        listen: SocketAddr,
        verifies_clients: bool,
        faults: &mut Faults,
    ) -> Self {
        if raw.enabled == Some(false) {
            let rule = format_args!(
                "= false is refused on {listen}: without authentication listen on a loopback address only"
            );
            faults.require(listen.ip().is_loopback(), "auth.enabled", rule);
            return Self::Off;
        }
        let certificates = check_mtls(&raw.mtls, verifies_clients, faults);
        let is_given = raw.jwt.is_given();
        let jwt = check_jwt(raw.jwt, faults);
        if !is_given && certificates.is_none() {
            faults.add_missing("auth", NO_WAY);
        }
        Self::Credentials(Box::new(CredentialSettings {
            jwt,
            api_keys: raw.api_keys.enabled.unwrap_or(true),
            certificates,
        }))
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

const NO_WAY: &str = "no way to authenticate callers: set auth.jwt.secret_file (or NEXUS_AUTH__JWT__SECRET) to a secret of at \
     least 32 bytes, auth.jwt.public_key_file, auth.jwt.jwks_url or auth.mtls.enabled, or set auth.enabled = false and \
     listen on a loopback address";

impl RawJwt {
    /// Whether there is anything to verify tokens with.
    fn is_given(&self) -> bool {
        self.kinds_given() > 0
    }

    /// How many kinds of keys are given.
    fn kinds_given(&self) -> usize {
        let given = [
            self.secret.is_some() || self.secret_file.is_some(),
            self.public_key_file.is_some(),
            self.jwks_file.is_some(),
            self.jwks_url.is_some(),
        ];
        given.into_iter().filter(|given| *given).count()
    }
}

fn check_jwt(raw: RawJwt, faults: &mut Faults) -> Option<JwtSettings> {
    let defaults = TokenRules::default();
    let rules = TokenRules {
        issuer: raw.issuer.clone(),
        audience: raw.audience.clone(),
        leeway: raw.leeway.unwrap_or(defaults.leeway),
        groups_claim: raw.groups_claim.clone().unwrap_or(defaults.groups_claim),
    };
    faults.require(
        rules.leeway <= Duration::from_mins(10),
        "auth.jwt.leeway",
        "must be at most 10m",
    );
    check_keys(raw, faults).map(|keys| JwtSettings { keys, rules })
}

fn check_keys(raw: RawJwt, faults: &mut Faults) -> Option<JwtKeys> {
    let has_algorithms = raw.algorithms.is_some();
    if raw.kinds_given() > 1 {
        faults.add(
            "auth.jwt",
            "give only one of auth.jwt.secret(_file), auth.jwt.public_key_file, auth.jwt.jwks_file and auth.jwt.jwks_url",
        );
    }
    let algorithms = parse_algorithms(raw.algorithms.unwrap_or_default(), faults);
    if let Some(secret) = read_either(raw.secret, raw.secret_file, faults) {
        return Some(with_secret(secret, &algorithms, faults));
    }
    if let Some(file) = raw.public_key_file {
        return Some(JwtKeys::PublicKey { file, algorithms });
    }
    let file = raw.jwks_file.map(KeyLocation::File);
    let location = file.or(raw.jwks_url.map(KeyLocation::Url))?;
    faults.require(
        !has_algorithms,
        "auth.jwt.algorithms",
        "does not apply to a key set: its keys say what they are for",
    );
    let defaults = RefreshTimes::default();
    let times = RefreshTimes {
        every: raw.jwks_refresh.unwrap_or(defaults.every),
        floor: raw.jwks_floor.unwrap_or(defaults.floor),
    };
    faults.require(!times.every.is_zero(), "auth.jwt.jwks_refresh", "must be above 0");
    Some(JwtKeys::Set { location, times })
}

fn with_secret(secret: Secret, algorithms: &[Algorithm], faults: &mut Faults) -> JwtKeys {
    faults.require(
        algorithms.len() <= 1,
        "auth.jwt.algorithms",
        "must be one algorithm: a secret is for no more",
    );
    let algorithm = algorithms.first().copied().unwrap_or(Algorithm::Hs256);
    let least = algorithm.shortest_secret();
    let rule = format_args!("must have at least {least} bytes for {algorithm} (RFC 7518, section 3.2)");
    faults.require(secret.expose().len() >= least, "auth.jwt.secret", rule);
    JwtKeys::Secret { secret, algorithm }
}

fn parse_algorithms(names: Vec<String>, faults: &mut Faults) -> Vec<Algorithm> {
    let mut parsed = Vec::with_capacity(names.len());
    for name in names {
        match Algorithm::parse(&name) {
            Some(algorithm) => parsed.push(algorithm),
            None => {
                let known: Vec<&str> = Algorithm::ALL.map(Algorithm::as_str).into();
                let rule = format_args!("must be among {}, unlike {name:?}", known.join(", "));
                faults.require(false, "auth.jwt.algorithms", rule);
            }
        }
    }
    parsed
}

fn read_either(secret: Option<String>, file: Option<PathBuf>, faults: &mut Faults) -> Option<Secret> {
    match (secret, file) {
        (Some(secret), None) => Some(Secret::new(secret)),
        (Some(secret), Some(_)) => {
            faults.add(
                "auth.jwt.secret_file",
                "give only one of auth.jwt.secret and auth.jwt.secret_file",
            );
            Some(Secret::new(secret))
        }
        (None, Some(file)) => {
            let text = std::fs::read_to_string(&file)
                .map_err(|error| format!("reading {}: {error}", file.display()));
            let text = faults.take_at("auth.jwt.secret_file", text)?;
            // Without the line break that editors leave.
            Some(Secret::new(text.trim_end_matches(['\r', '\n'])))
        }
        (None, None) => None,
    }
}

fn check_mtls(raw: &RawMtls, verifies_clients: bool, faults: &mut Faults) -> Option<CertificateRules> {
    if !raw.enabled.unwrap_or(false) {
        return None;
    }
    faults.require(
        verifies_clients,
        "auth.mtls.enabled",
        "needs server.tls.client_ca_file: the authorities whose certificates are believed",
    );
    let [cn, dns, uri, email] = CertificateName::ALL.map(|name| (name.as_str(), name));
    let name = raw.name.as_deref().unwrap_or(cn.0);
    let name = faults.choose("auth.mtls.name", name, [cn, dns, uri, email]);
    let scopes = raw.scope.as_deref().unwrap_or_default().split_whitespace();
    let scopes = faults.take_at("auth.mtls.scope", ScopeSet::of_names(scopes.collect::<Vec<_>>()));
    let sources = raw.sources.as_deref().unwrap_or_default();
    let sources = SourceGrant::parse(sources.iter().map(String::as_str));
    let sources = faults.take_at("auth.mtls.sources", sources);
    let grant = scopes.zip(sources).and_then(|(scopes, sources)| {
        let gives_any = scopes.iter().next().is_some();
        gives_any.then(|| Grant::new(scopes, sources))
    });
    Some(CertificateRules { name, grant })
}
