//! From the settings to what tells callers apart.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use arc_swap::ArcSwap;
use gateway_http::auth::{
    Accepted, Authenticator, KeySet, KeySource, Kinds, LoginThrottle, TokenVerifier, VerifyingKey,
};
use gateway_service::AccessService;
use slog::{Logger, warn};

use crate::config::{AuthSettings, JwtKeys, JwtSettings, LimitSettings};

/// How often to look whether there is a key set to follow, which a reload may bring.
const IDLE: Duration = Duration::from_secs(5);

/// What tells callers apart by `settings`. Reads the files of keys; a key set behind a URL is had later.
pub(crate) fn authenticator(
    settings: &AuthSettings,
    limits: &LimitSettings,
    access: &Arc<AccessService>,
) -> anyhow::Result<Authenticator> {
    let accepted = match settings {
        AuthSettings::Credentials(accepted) => Accepted::Credentials(Box::new(Kinds {
            tokens: accepted.jwt.as_ref().map(verifier).transpose()?,
            api_keys: accepted.api_keys,
            certificates: accepted.certificates.clone(),
        })),
        AuthSettings::Off => Accepted::Anybody,
    };
    let throttle = LoginThrottle::new(limits.login_failures);
    Ok(Authenticator::new(accepted, Arc::clone(access), throttle))
}

fn verifier(settings: &JwtSettings) -> anyhow::Result<TokenVerifier> {
    let rules = settings.rules.clone();
    let key = match &settings.keys {
        JwtKeys::Secret { secret, algorithm } => {
            VerifyingKey::from_secret(secret, *algorithm).context("auth.jwt.secret")?
        }
        JwtKeys::PublicKey { file, algorithms } => {
            let pem = read(file).context("auth.jwt.public_key_file")?;
            VerifyingKey::from_pem(&pem, algorithms).context("auth.jwt.public_key_file")?
        }
        JwtKeys::Set { location, times } => {
            let source = KeySource::new(location.clone(), *times).context("auth.jwt.jwks_url")?;
            return Ok(TokenVerifier::following(source, rules));
        }
    };
    Ok(TokenVerifier::fixed(KeySet::new(vec![key]), rules))
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("reading {}", file.display()))
}

/// Gets the keys that verify tokens: now, and again and again. That they cannot be had now does not stop the start; until
/// they can, tokens are answered with a refusal that says so.
pub(crate) async fn follow_keys(authenticator: Arc<ArcSwap<Authenticator>>, log: Logger) {
    let mut failing = false;
    loop {
        let current = authenticator.load_full();
        match current.refresh_keys().await {
            Ok(_) => failing = false,
            Err(error) if !failing => {
                failing = true;
                warn!(log, "the keys that verify tokens cannot be had; the known ones stay in use";
                    "error" => %error);
            }
            Err(_) => {}
        }
        let pause = current.key_source().map(KeySource::every);
        tokio::time::sleep(pause.unwrap_or(IDLE)).await;
    }
}
