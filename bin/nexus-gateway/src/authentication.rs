//! From the settings to what tells callers apart.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use arc_swap::ArcSwap;
use gateway_core::trace::Trace;
use gateway_http::auth::{
    Accepted, Authenticator, KeySet, KeySource, Kinds, LoginThrottle, TokenVerifier, VerifyingKey,
};
use gateway_service::AccessService;
use slog::{Logger, warn};

use crate::config::{AuthSettings, JwtKeys, JwtSettings, LimitSettings};

/// How often to look whether a reload has brought another key set to follow.
const IDLE: Duration = Duration::from_secs(5);

/// The credentials that `settings` accept. Reads the files of keys; a key set is had later.
pub(crate) fn accepted(settings: &AuthSettings) -> anyhow::Result<Accepted> {
    Ok(match settings {
        AuthSettings::Credentials(accepted) => Accepted::Credentials(Box::new(Kinds {
            tokens: accepted.jwt.as_ref().map(verifier).transpose()?,
            api_keys: accepted.api_keys,
            certificates: accepted.certificates.clone(),
        })),
        AuthSettings::Off => Accepted::Anybody,
    })
}

/// What tells callers apart.
pub(crate) fn authenticator(
    accepted: Accepted,
    limits: &LimitSettings,
    access: &Arc<AccessService>,
) -> Authenticator {
    let throttle = LoginThrottle::new(limits.login_failures);
    Authenticator::new(accepted, Arc::clone(access), throttle)
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
    let mut asked: Option<(Arc<Authenticator>, Instant)> = None;
    loop {
        let current = authenticator.load_full();
        let every = current.key_source().map_or(IDLE, KeySource::every);
        // A reload may have brought other keys to follow, or another time.
        let is_due = asked
            .as_ref()
            .is_none_or(|(of, at)| !Arc::ptr_eq(of, &current) || at.elapsed() >= every);
        if is_due {
            asked = Some((Arc::clone(&current), Instant::now()));
            match current.refresh_keys(&Trace::default()).await {
                Ok(_) => failing = false,
                Err(error) if !failing => {
                    failing = true;
                    warn!(log, "the keys that verify tokens cannot be had; the known ones stay in use";
                        "error" => %error);
                }
                Err(_) => {}
            }
        }
        tokio::time::sleep(every.min(IDLE)).await;
    }
}
