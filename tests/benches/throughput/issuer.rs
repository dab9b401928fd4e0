//! Who signs the callers' tokens: the gateway's own secret, or an issuer of whom the gateway has the public key.

use std::path::Path;
use std::time::{Duration, SystemTime};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gateway_core::{Scope, Secret, SourceGrant};
use gateway_http::auth::{Algorithm, TokenRequest, mint};
use nexus_tests::{Failed, SECRET};
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
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| "no key can be made")?;
        Ok(Self::Rs256(Box::new(pair)))
    }

    /// The gateway's settings, besides the secret in its environment; files go into `folder`.
    pub(crate) fn settings(&self, folder: &Path) -> Result<String, Failed> {
        let Self::Rs256(pair) = self else {
            return Ok(String::new());
        };
        let der = pair.public_key().as_der().map_err(|_| "the key has no form")?;
        let pem = format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            STANDARD.encode(der.as_ref())
        );
        let file = folder.join("issuer.pem");
        std::fs::write(&file, pem)?;
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
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        text.as_bytes(),
        &mut signature,
    )
    .map_err(|_| "the token cannot be signed")?;
    Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
