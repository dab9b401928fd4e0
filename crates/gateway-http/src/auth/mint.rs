//! Making tokens, for those who have no other issuer.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gateway_core::{Scope, Secret, SourceGrant};
use serde_json::{Map, Value, json};

use super::jwt::{Algorithm, KeyError, hmac_key, unix_now};

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

/// Makes a token, signed with a shared secret and an HMAC algorithm.
///
/// # Errors
///
/// If the algorithm takes no secret, or the secret is shorter than its hash.
///
/// ```
/// use gateway_core::{Secret, SourceGrant};
/// use gateway_http::auth::{Algorithm, TokenRequest, mint};
/// let secret = Secret::new("0123456789abcdef0123456789abcdef");
/// let request = TokenRequest {
///     subject: "ann".into(),
///     scopes: [].into(),
///     sources: SourceGrant::All,
///     ttl: std::time::Duration::from_secs(60),
///     issuer: None,
///     audience: None,
/// };
/// assert_eq!(mint(&secret, Algorithm::Hs256, &request).unwrap().split('.').count(), 3);
/// assert!(mint(&secret, Algorithm::Hs512, &request).is_err(), "RFC 7518 asks for 64 bytes");
/// ```
pub fn mint(secret: &Secret, algorithm: Algorithm, request: &TokenRequest) -> Result<String, KeyError> {
    let key = hmac_key(secret.expose().as_bytes(), algorithm)?;
    let now = Duration::from_secs_f64(unix_now());
    let scopes: Vec<&str> = request.scopes.iter().map(|scope| scope.as_str()).collect();
    let mut claims = Map::from_iter([
        ("sub".to_owned(), Value::from(request.subject.as_str())),
        ("iat".to_owned(), Value::from(now.as_secs())),
        ("exp".to_owned(), Value::from((now + request.ttl).as_secs())),
        ("scope".to_owned(), Value::from(scopes.join(" "))),
        ("sources".to_owned(), Value::from(request.sources.entries())),
    ]);
    for (name, value) in [("iss", &request.issuer), ("aud", &request.audience)] {
        if let Some(value) = value {
            claims.insert(name.to_owned(), Value::from(value.as_str()));
        }
    }
    let header = json!({ "alg": algorithm.as_str(), "typ": "JWT" });
    let signed = format!("{}.{}", part(&header), part(&Value::Object(claims)));
    let signature = hmac::sign(&key, signed.as_bytes());
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}
