//! Whoever issues the trials' tokens.

use std::time::{SystemTime, UNIX_EPOCH};

use nexus_tests::{Failed, python};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

/// Long enough for every hash.
pub(super) const SECRET: &str =
    "a secret of the issuer's that is long enough for every hash there is, 64 bytes";

/// Keys with a token each.
pub(crate) struct Issuer {
    pub(crate) jwks: Value,
    pub(super) keys: Vec<Key>,
}

/// One key.
pub(crate) struct Key {
    pub(super) algorithm: String,
    pub(super) kid: Option<String>,
    pub(super) pem: Option<String>,
    pub(crate) token: String,
}

/// Making keys takes its time, so the trials share two issuers.
static OURS: OnceCell<Issuer> = OnceCell::const_new();
static THEIRS: OnceCell<Issuer> = OnceCell::const_new();

impl Issuer {
    /// The one whose keys gateways are given.
    pub(crate) async fn ours() -> Result<&'static Self, Failed> {
        OURS.get_or_try_init(|| Self::new(claims())).await
    }

    /// Another, whose keys have the same names.
    pub(super) async fn theirs() -> Result<&'static Self, Failed> {
        THEIRS.get_or_try_init(|| Self::new(claims())).await
    }

    /// Makes keys of every kind, by another implementation, and signs `claims` with each.
    async fn new(claims: Value) -> Result<Self, Failed> {
        let asked = json!({"claims": claims, "secret": SECRET}).to_string();
        let made: Value =
            serde_json::from_slice(&python(include_str!("issuer.py"), asked.as_bytes()).await?)?;
        let text = |key: &Value, name: &str| key[name].as_str().map(str::to_owned);
        let keys = made["keys"].as_array().ok_or("no keys")?;
        Ok(Self {
            jwks: made["jwks"].clone(),
            keys: keys
                .iter()
                .map(|key| Key {
                    algorithm: text(key, "alg").unwrap_or_default(),
                    kid: text(key, "kid"),
                    pem: text(key, "pem"),
                    token: text(key, "token").unwrap_or_default(),
                })
                .collect(),
        })
    }

    pub(crate) fn key(&self, algorithm: &str) -> Result<&Key, Failed> {
        let found = self.keys.iter().find(|key| key.algorithm == algorithm);
        found.ok_or_else(|| format!("no key for {algorithm}").into())
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// What a good token says.
pub(crate) fn claims() -> Value {
    json!({"sub": "ann", "exp": now() + 36_000, "scope": "query", "sources": ["*"]})
}

/// A token with exactly this header and these claims, signed with HS256 and the trials' own secret.
pub(crate) fn signed(header: &Value, claims: &Value) -> String {
    signed_text(&header.to_string(), &claims.to_string())
}

/// [`signed`] for texts that need not be good JSON.
pub(super) fn signed_text(header: &str, claims: &str) -> String {
    signed_with(nexus_tests::SECRET.as_bytes(), header, claims)
}

/// [`signed_text`] with any bytes as the HMAC's key.
pub(crate) fn signed_with(key: &[u8], header: &str, claims: &str) -> String {
    use aws_lc_rs::hmac;
    let message = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let signature = hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", encode(signature.as_ref()))
}

/// base64url without padding.
pub(super) fn encode(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// The header of a token.
pub(super) fn header(token: &str) -> Value {
    use base64::Engine as _;
    let part = token.split('.').next().unwrap_or_default();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part);
    serde_json::from_slice(&bytes.unwrap_or_default()).unwrap_or_default()
}
