//! Verifying JSON Web Tokens (RFC 7519) in their compact signed form (RFC 7515, section 3.1).

mod algorithm;
mod claims;
mod key;
mod set;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub use algorithm::{Algorithm, Family};
pub(super) use claims::unix_now;
pub use claims::{TokenRules, TokenSubject};
pub(super) use key::hmac_key;
pub use key::{KeyError, VerifyingKey};
pub use set::KeySet;

use super::Refusal;

/// Longest token, in bytes. Longer ones are refused before anything is decoded.
const LONGEST_TOKEN: usize = 8 * 1024;

/// A token taken apart, nothing of it believed yet.
pub(super) struct Unverified<'a> {
    signed: &'a [u8],
    claims: &'a str,
    signature: Vec<u8>,
    algorithm: Algorithm,
    /// The key that it says it was signed with.
    pub(super) key_id: Option<String>,
}

impl<'a> Unverified<'a> {
    pub(super) fn parse(token: &'a str) -> Result<Self, Refusal> {
        if token.len() > LONGEST_TOKEN {
            return Err(Refusal::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Refusal::Invalid)?;
        let (header, claims) = signed.split_once('.').ok_or(Refusal::Invalid)?;
        let header = claims::TokenHeader::read(&decode(header)?)?;
        Ok(Self {
            signed: signed.as_bytes(),
            claims,
            signature: decode(signature)?,
            algorithm: Algorithm::parse(&header.algorithm).ok_or(Refusal::Invalid)?,
            key_id: header.key_id,
        })
    }

    /// What it says, if one of `keys` signed it and it keeps `rules`. Claims are not looked at before.
    pub(super) fn verify(&self, keys: &KeySet, rules: &TokenRules) -> Result<TokenSubject, Refusal> {
        let mut candidates = keys.for_token(self.key_id.as_deref(), self.algorithm).peekable();
        if candidates.peek().is_none() {
            return Err(Refusal::UnknownKey);
        }
        if !candidates.any(|key| key.verifies(self.algorithm, self.signed, &self.signature)) {
            return Err(Refusal::Invalid);
        }
        TokenSubject::read(&decode(self.claims)?, rules)
    }
}

fn decode(part: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::Invalid)
}
