//! The text of an API key: `nxk_`, a public prefix by which it is found, `_`, and the secret.

use aws_lc_rs::{constant_time, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gateway_core::{ApiKey, ApiKeyDraft, Secret, UnixMicros};

use crate::ServiceError;
use crate::secrecy::{hex, unguessable};

/// By this a key is told from a token, and found by scanners for leaked secrets.
pub const API_KEY_MARK: &str = "nxk_";

/// Bytes of the prefix, which makes 16 characters.
const PREFIX_BYTES: usize = 8;

/// Bytes of the secret.
const SECRET_BYTES: usize = 32;

/// A key that was just made. The text is known only now.
#[derive(Debug)]
pub struct NewApiKey {
    /// What is stored of it.
    pub key: ApiKey,
    /// What its bearer sends.
    pub text: Secret,
}

impl NewApiKey {
    pub(super) fn make(draft: ApiKeyDraft, created_by: &str) -> Result<Self, ServiceError> {
        let prefix = hex(&unguessable::<PREFIX_BYTES>()?);
        let secret = Secret::new(URL_SAFE_NO_PAD.encode(unguessable::<SECRET_BYTES>()?));
        let text = Secret::new(format!("{API_KEY_MARK}{prefix}_{}", secret.expose()));
        Ok(Self {
            key: ApiKey {
                hash: hash(secret.expose()),
                prefix,
                draft,
                created_by: created_by.to_owned(),
                created_at: UnixMicros::now(),
                last_used_at: None,
            },
            text,
        })
    }
}

/// What a caller presents as a key, taken apart.
pub(super) struct Presented<'a> {
    pub(super) prefix: &'a str,
    secret: &'a str,
}

impl<'a> Presented<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (prefix, secret) = text.strip_prefix(API_KEY_MARK)?.split_once('_')?;
        let fits = prefix.len() == 2 * PREFIX_BYTES && secret.len() == SECRET_BYTES.div_ceil(3) * 4 - 1;
        fits.then_some(Self { prefix, secret })
    }

    /// Whether it is the key with that hash, in a time that says nothing about how much of it is right.
    pub(super) fn is(&self, expected: &[u8; 32]) -> bool {
        constant_time::verify_slices_are_equal(&hash(self.secret), expected).is_ok()
    }
}

fn hash(secret: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, secret.as_bytes()).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use gateway_core::{ScopeSet, SourceGrant};

    #[test]
    fn a_key_is_recognized_and_another_is_not() {
        let draft = ApiKeyDraft {
            name: "report".into(),
            scopes: ScopeSet::parse("query"),
            sources: SourceGrant::All,
            expires_at: None,
        };
        let made = NewApiKey::make(draft.clone(), "ann").unwrap();
        let other = NewApiKey::make(draft, "ann").unwrap();
        let presented = Presented::parse(made.text.expose()).unwrap();
        assert_eq!(presented.prefix, made.key.prefix);
        assert!(presented.is(&made.key.hash) && !presented.is(&other.key.hash));
        assert!(!format!("{made:?}").contains(presented.secret));
        for text in [
            "",
            "nxk_",
            "nxk_abc_def",
            &made.text.expose()[1..],
            &made.text.expose()[..50],
        ] {
            assert!(Presented::parse(text).is_none(), "{text}");
        }
    }
}
