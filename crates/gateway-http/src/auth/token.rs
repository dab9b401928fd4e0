//! JSON Web Tokens signed with HMAC.

use std::collections::BTreeSet;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gateway_core::{DataSourceId, IdentifiedBy, Principal, Scope, ScopeSet, Secret, SourceGrant};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

/// RFC 7518, section 3.2: a key must be at least as long as the hash.
const SHORTEST_SECRET: usize = 32;

/// The claims we read. `scope` is the space-separated form of RFC 8693; `sources` lists data source ids, or `*`.
#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    exp: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    iat: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    aud: Option<String>,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    sources: Vec<String>,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No `Authorization` header.
    Missing,
    /// Another scheme than Bearer.
    NotBearer,
    /// Not a token that we signed.
    Invalid,
    /// Its time is over.
    Expired,
    /// Its time has not come.
    Immature,
    /// Issued by or for somebody else.
    NotForUs,
}

impl Refusal {
    /// The reason in words for the caller.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "Send a token in the header \"Authorization: Bearer …\"",
            Self::NotBearer => "The Authorization header must have the form \"Bearer …\"",
            Self::Invalid => "The token is not valid",
            Self::Expired => "The token has expired",
            Self::Immature => "The token is not valid yet",
            Self::NotForUs => "The token was issued by or for somebody else",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A token that could not be made.
#[derive(Debug)]
pub struct MintError(String);

impl fmt::Display for MintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MintError {}

/// The key that signs and verifies tokens, and what a token must say.
pub struct TokenKey {
    decoding: DecodingKey,
    validation: Validation,
}

impl TokenKey {
    /// HS256 with a shared secret.
    ///
    /// # Errors
    ///
    /// If the secret is shorter than the hash.
    pub fn hs256(
        secret: &Secret,
        issuer: Option<&str>,
        audience: Option<&str>,
        leeway: Duration,
    ) -> Result<Self, MintError> {
        check_length(secret)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = leeway.as_secs();
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["exp", "sub"]);
        if let Some(issuer) = issuer {
            validation.set_issuer(&[issuer]);
            validation.required_spec_claims.insert("iss".to_owned());
        }
        match audience {
            Some(audience) => {
                validation.set_audience(&[audience]);
                validation.required_spec_claims.insert("aud".to_owned());
            }
            None => validation.validate_aud = false,
        }
        Ok(Self {
            decoding: DecodingKey::from_secret(secret.expose().as_bytes()),
            validation,
        })
    }

    /// The principal that `token` names.
    ///
    /// # Errors
    ///
    /// Why it is not accepted.
    pub fn verify(&self, token: &str) -> Result<Principal, Refusal> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation)
            .map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => Refusal::Expired,
                ErrorKind::ImmatureSignature => Refusal::Immature,
                ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => Refusal::NotForUs,
                _ => Refusal::Invalid,
            })?
            .claims;
        let sources = if claims.sources.iter().any(|source| source == "*") {
            SourceGrant::All
        } else {
            SourceGrant::Only(claims.sources.iter().filter_map(|id| id.parse().ok()).collect())
        };
        Ok(Principal {
            identified_by: IdentifiedBy::Token,
            subject: claims.sub,
            scopes: ScopeSet::parse(&claims.scope),
            sources,
        })
    }
}

/// What a new token shall say.
#[derive(Debug, Clone)]
pub struct TokenRequest {
    /// Who it is for.
    pub subject: String,
    /// What it allows.
    pub scopes: BTreeSet<Scope>,
    /// Where it allows that.
    pub sources: SourceGrant,
    /// For how long.
    pub ttl: Duration,
    /// Who issues it.
    pub issuer: Option<String>,
    /// For which service.
    pub audience: Option<String>,
}

/// Makes a token, signed with HS256.
///
/// # Errors
///
/// If the secret is shorter than the hash or signing fails.
pub fn mint(secret: &Secret, request: &TokenRequest) -> Result<String, MintError> {
    check_length(secret)?;
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO);
    let scopes: Vec<&str> = request.scopes.iter().map(|scope| scope.as_str()).collect();
    let claims = Claims {
        sub: request.subject.clone(),
        exp: (now + request.ttl).as_secs(),
        iat: Some(now.as_secs()),
        iss: request.issuer.clone(),
        aud: request.audience.clone(),
        scope: scopes.join(" "),
        sources: match &request.sources {
            SourceGrant::All => vec!["*".to_owned()],
            SourceGrant::Only(ids) => ids.iter().map(DataSourceId::to_string).collect(),
        },
    };
    let key = EncodingKey::from_secret(secret.expose().as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)
        .map_err(|error| MintError(format!("signing failed: {error}")))
}

fn check_length(secret: &Secret) -> Result<(), MintError> {
    let length = secret.expose().len();
    if length >= SHORTEST_SECRET {
        return Ok(());
    }
    Err(MintError(format!(
        "the HS256 secret has {length} bytes; RFC 7518 asks for at least {SHORTEST_SECRET}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::new("0123456789abcdef0123456789abcdef")
    }

    fn request(ttl: u64) -> TokenRequest {
        TokenRequest {
            subject: "ann".into(),
            scopes: [Scope::Query].into(),
            sources: SourceGrant::All,
            ttl: Duration::from_secs(ttl),
            issuer: None,
            audience: None,
        }
    }

    #[test]
    fn a_minted_token_is_accepted_and_says_what_was_asked() {
        let key = TokenKey::hs256(&secret(), None, None, Duration::ZERO).unwrap();
        let principal = key.verify(&mint(&secret(), &request(60)).unwrap()).unwrap();
        assert_eq!(principal.subject, "ann");
        assert!(principal.scopes.allows(Scope::Query) && !principal.scopes.allows(Scope::Admin));
        assert_eq!(principal.sources, SourceGrant::All);
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        let key = TokenKey::hs256(&secret(), Some("us"), None, Duration::ZERO).unwrap();
        let token = mint(&secret(), &request(60)).unwrap();
        assert_eq!(
            key.verify(&token).unwrap_err(),
            Refusal::Invalid,
            "no issuer at all"
        );
        let theirs = TokenRequest {
            issuer: Some("them".into()),
            ..request(60)
        };
        assert_eq!(
            key.verify(&mint(&secret(), &theirs).unwrap()).unwrap_err(),
            Refusal::NotForUs
        );
        let key = TokenKey::hs256(&secret(), None, None, Duration::ZERO).unwrap();
        let other = Secret::new("another secret of sufficient length");
        assert_eq!(
            key.verify(&mint(&other, &request(60)).unwrap()).unwrap_err(),
            Refusal::Invalid
        );
        // {"alg":"none"} with the same claims.
        let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", token.split('.').nth(1).unwrap());
        assert_eq!(key.verify(&unsigned).unwrap_err(), Refusal::Invalid);
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert!(mint(&Secret::new("short"), &request(60)).is_err());
    }
}
