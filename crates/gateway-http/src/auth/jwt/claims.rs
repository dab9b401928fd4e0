//! What a token says: its header and its claims (RFC 7519, section 4), read strictly.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gateway_core::{Grant, ScopeSet, SourceGrant};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

use super::super::Refusal;

/// Longest subject and group name, in bytes: they are put on record.
const LONGEST_NAME: usize = 256;

/// A JSON object that names each member once. Parsers differ in which of two members of one name they take, so a token
/// with both could mean two things (RFC 7519, section 4).
pub(super) struct Object(BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Object, A::Error> {
                let mut read = BTreeMap::new();
                while let Some((name, value)) = members.next_entry::<String, Value>()? {
                    if read.insert(name, value).is_some() {
                        return Err(A::Error::custom("a member is named twice"));
                    }
                }
                Ok(Object(read))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

impl Object {
    fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Refusal::Invalid),
        }
    }

    /// A text or a list of texts.
    fn texts(&self, name: &str) -> Result<Vec<&str>, Refusal> {
        match self.0.get(name) {
            None => Ok(Vec::new()),
            Some(Value::String(text)) => Ok(vec![text]),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().ok_or(Refusal::Invalid))
                .collect(),
            Some(_) => Err(Refusal::Invalid),
        }
    }

    /// A `NumericDate`: seconds since 1970, which may have a fraction.
    fn date(&self, name: &str) -> Result<Option<f64>, Refusal> {
        match self.0.get(name) {
            None => Ok(None),
            Some(value) => value.as_f64().map(Some).ok_or(Refusal::Invalid),
        }
    }
}

/// The part of a token's header that decides how it is verified. Keys and addresses of keys that a token brings along
/// (`jwk`, `jku`, `x5u`, `x5c`) are never looked at.
pub(super) struct TokenHeader {
    pub(super) algorithm: String,
    pub(super) key_id: Option<String>,
}

impl TokenHeader {
    pub(super) fn read(json: &[u8]) -> Result<Self, Refusal> {
        let object: Object = serde_json::from_slice(json).map_err(|_| Refusal::Invalid)?;
        // RFC 7515, section 4.1.11: what is critical and not understood must be refused, and we understand nothing that
        // may be listed there.
        if object.0.contains_key("crit") {
            return Err(Refusal::Invalid);
        }
        Ok(Self {
            algorithm: object.text("alg")?.ok_or(Refusal::Invalid)?.to_owned(),
            key_id: object.text("kid")?.map(str::to_owned),
        })
    }
}

/// What a token must say besides being signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRules {
    /// The `iss` that it must have.
    pub issuer: Option<String>,
    /// The `aud` that it must name.
    pub audience: Option<String>,
    /// How far clocks may differ.
    pub leeway: Duration,
    /// The claim that lists the caller's groups, for roles.
    pub groups_claim: String,
}

impl Default for TokenRules {
    fn default() -> Self {
        Self {
            issuer: None,
            audience: None,
            leeway: Duration::from_secs(30),
            groups_claim: "groups".to_owned(),
        }
    }
}

/// What an accepted token says about its bearer.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenSubject {
    /// The `sub`.
    pub subject: String,
    /// What the token itself permits: `scope` (RFC 8693, section 4.2) on `sources`, a list of ids or `*`.
    pub grant: Grant,
    /// The groups the bearer is in.
    pub groups: Vec<String>,
    /// Until when the token is good, leeway included, in seconds since 1970.
    pub expires: f64,
}

impl TokenSubject {
    pub(super) fn read(json: &[u8], rules: &TokenRules) -> Result<Self, Refusal> {
        let claims: Object = serde_json::from_slice(json).map_err(|_| Refusal::Invalid)?;
        let expires = check_time(&claims, rules.leeway)?;
        if let Some(issuer) = &rules.issuer
            && claims.text("iss")? != Some(issuer)
        {
            return Err(Refusal::NotForUs);
        }
        if let Some(audience) = &rules.audience
            && !claims.texts("aud")?.contains(&audience.as_str())
        {
            return Err(Refusal::NotForUs);
        }
        let subject = claims.text("sub")?.unwrap_or_default();
        if subject.is_empty() || subject.len() > LONGEST_NAME {
            return Err(Refusal::Invalid);
        }
        Ok(Self {
            subject: subject.to_owned(),
            grant: Grant::new(
                ScopeSet::parse(&claims.texts("scope")?.join(" ")),
                source_grant(&claims.texts("sources")?),
            ),
            groups: claims
                .texts(&rules.groups_claim)?
                .into_iter()
                .filter(|group| group.len() <= LONGEST_NAME)
                .map(str::to_owned)
                .collect(),
            expires,
        })
    }
}

fn check_time(claims: &Object, leeway: Duration) -> Result<f64, Refusal> {
    let now = unix_now();
    let leeway = leeway.as_secs_f64();
    let expires = claims.date("exp")?.ok_or(Refusal::Invalid)? + leeway;
    if expires <= now {
        return Err(Refusal::Expired);
    }
    if claims.date("nbf")?.is_some_and(|from| from - leeway > now) {
        return Err(Refusal::Immature);
    }
    Ok(expires)
}

/// Seconds since 1970.
pub(in crate::auth) fn unix_now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_secs_f64()
}

fn source_grant(names: &[&str]) -> SourceGrant {
    if names.contains(&"*") {
        return SourceGrant::All;
    }
    SourceGrant::Only(names.iter().filter_map(|id| id.parse().ok()).collect())
}
