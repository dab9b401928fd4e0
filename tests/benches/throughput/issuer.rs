//! Who signs the callers' tokens: the gateway's own secret, or an issuer of whom the gateway has the public key.

use std::path::Path;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gateway_core::{Scope, Secret, SourceGrant};
use gateway_http::auth::{Algorithm, TokenRequest, mint};
use nexus_tests::{Failed, SECRET};
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize, SigningKey};
use serde_json::{Value, json};

/// Long enough for a whole run.
const LIFETIME: Duration = Duration::from_secs(3 * 3600);

/// Signs tokens that are good for everything.
pub(crate) enum Issuer {
    Hs256,
    Rs256(Box<KeyPair>),
}

impl Issuer {
    /// One with an RSA key of 2048 bits.
    pub(crate) fn rs256() -> Result<Self, Failed> {
        let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
        Ok(Self::Rs256(Box::new(pair)))
    }

    /// The gateway's settings, besides the secret in its environment; files go into `folder`.
    pub(crate) fn settings(&self, folder: &Path) -> Result<String, Failed> {
        let Self::Rs256(pair) = self else {
            return Ok(String::new());
        };
        let file = folder.join("issuer.pem");
        std::fs::write(&file, pair.public_key_pem())?;
        Ok(format!(
            "auth.jwt.public_key_file = {:?}\nauth.jwt.algorithms = [\"RS256\"]\n",
            file.display().to_string()
        ))
    }

    /// The secret for the gateway's environment.
    pub(crate) fn secret(&self) -> Option<&'static str> {
        matches!(self, Self::Hs256).then_some(SECRET)
    }

    pub(crate) fn token(&self) -> Result<String, Failed> {
        match self {
            Self::Hs256 => Ok(mint(
                &Secret::new(SECRET),
                Algorithm::Hs256,
                &TokenRequest {
                    subject: "bench".to_owned(),
                    scopes: [Scope::Admin].into_iter().collect(),
                    sources: SourceGrant::All,
                    ttl: LIFETIME,
                    issuer: None,
                    audience: None,
                },
            )?),
            Self::Rs256(pair) => signed(pair),
        }
    }
}

fn signed(pair: &KeyPair) -> Result<String, Failed> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({
        "sub": "bench", "scope": "admin", "sources": ["*"],
        "iat": now.as_secs(), "exp": (now + LIFETIME).as_secs(),
    });
    let text = format!(
        "{}.{}",
        part(json!({ "alg": "RS256", "typ": "JWT" })),
        part(claims)
    );
    let signature = pair.sign(text.as_bytes())?;
    Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
