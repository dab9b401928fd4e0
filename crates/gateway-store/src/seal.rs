//! Sealing texts: XChaCha20-Poly1305 with a random nonce.
//!
//! A sealed text is `1 | length of key id | key id | nonce (24 bytes) | ciphertext and tag`. It is bound to a context (the
//! identifier of the source it belongs to), so that a sealed password copied to another source does not open there.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use gateway_core::Secret;

use crate::KeyRing;
use crate::keyring::Key;

const FORMAT: u8 = 1;
const NONCE_BYTES: usize = 24;

/// Why a text cannot be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key ring lacks the key.
    #[error("the key ring has no key {key_id:?}")]
    UnknownKey {
        /// Its identifier.
        key_id: String,
    },
    /// The key is not the one that sealed it, it was sealed for another place, or it was changed.
    #[error(
        "it does not open with the key {key_id:?}: it was changed, moved, or sealed with another key of that name"
    )]
    Rejected {
        /// The key's identifier.
        key_id: String,
    },
    /// It is not a sealed text.
    #[error("it is not of the form in which it was written")]
    Malformed,
    /// The system gives no random bytes, or the text is too long.
    #[error("the cipher failed")]
    Failed,
}

/// Seals `text` for `context` with the ring's newest key.
pub(crate) fn seal(ring: &KeyRing, context: &[u8], text: &str) -> Result<Vec<u8>, SealError> {
    let key = ring.sealing_key().ok_or(SealError::Failed)?;
    let id_length = u8::try_from(key.id.len()).map_err(|_| SealError::Failed)?;
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).map_err(|_| SealError::Failed)?;
    let payload = Payload {
        msg: text.as_bytes(),
        aad: context,
    };
    let ciphertext = cipher(key)?
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| SealError::Failed)?;
    let mut sealed = Vec::with_capacity(2 + key.id.len() + NONCE_BYTES + ciphertext.len());
    sealed.extend([FORMAT, id_length]);
    sealed.extend(key.id.as_bytes());
    sealed.extend(nonce);
    sealed.extend(ciphertext);
    Ok(sealed)
}

/// Opens what [`seal`] made for the same context.
pub(crate) fn open(ring: &KeyRing, context: &[u8], sealed: &[u8]) -> Result<Secret, SealError> {
    let (key_id, rest) = split(sealed)?;
    let key = ring.key(key_id).ok_or_else(|| SealError::UnknownKey {
        key_id: key_id.to_owned(),
    })?;
    let (nonce, ciphertext) = rest
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(SealError::Malformed)?;
    let payload = Payload {
        msg: ciphertext,
        aad: context,
    };
    let text = cipher(key)?
        .decrypt(&XNonce::from(*nonce), payload)
        .map_err(|_| SealError::Rejected {
            key_id: key_id.to_owned(),
        })?;
    String::from_utf8(text)
        .map(Secret::new)
        .map_err(|_| SealError::Malformed)
}

/// The identifier of the key that sealed something.
pub(crate) fn key_id(sealed: &[u8]) -> Result<&str, SealError> {
    split(sealed).map(|(key_id, _)| key_id)
}

pub(crate) fn split(sealed: &[u8]) -> Result<(&str, &[u8]), SealError> {
    let [FORMAT, id_length, rest @ ..] = sealed else {
        return Err(SealError::Malformed);
    };
    let (key_id, rest) = rest
        .split_at_checked(usize::from(*id_length))
        .ok_or(SealError::Malformed)?;
    let key_id = std::str::from_utf8(key_id).map_err(|_| SealError::Malformed)?;
    Ok((key_id, rest))
}

fn cipher(key: &Key) -> Result<XChaCha20Poly1305, SealError> {
    XChaCha20Poly1305::new_from_slice(key.bytes.as_ref()).map_err(|_| SealError::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(lines: &[(&str, u8)]) -> KeyRing {
        use base64::Engine as _;
        let text: String = lines
            .iter()
            .map(|(id, byte)| {
                let key = base64::engine::general_purpose::STANDARD.encode([*byte; 32]);
                format!("{id}:{key}\n")
            })
            .collect();
        KeyRing::from_text(&text).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_in_its_context_only() {
        let ring = ring(&[("a", 1)]);
        let sealed = seal(&ring, b"here", "pässword").unwrap();
        assert_eq!(open(&ring, b"here", &sealed), Ok(Secret::new("pässword")));
        let rejected = Err(SealError::Rejected { key_id: "a".into() });
        assert_eq!(open(&ring, b"there", &sealed), rejected);
    }

    #[test]
    fn no_two_sealed_texts_are_alike() {
        let ring = ring(&[("a", 1)]);
        assert_ne!(
            seal(&ring, b"", "same").unwrap(),
            seal(&ring, b"", "same").unwrap()
        );
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let ring = ring(&[("a", 1)]);
        let sealed = seal(&ring, b"here", "password").unwrap();
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(open(&ring, b"here", &changed).is_err(), "byte {index}");
        }
        for length in 0..sealed.len() {
            assert!(
                open(&ring, b"here", &sealed[..length]).is_err(),
                "length {length}"
            );
        }
    }

    #[test]
    fn old_keys_open_and_the_newest_seals() {
        let old = ring(&[("a", 1)]);
        let both = ring(&[("a", 1), ("b", 2)]);
        let sealed = seal(&old, b"", "one").unwrap();
        assert_eq!(open(&both, b"", &sealed), Ok(Secret::new("one")));
        let newer = seal(&both, b"", "two").unwrap();
        assert_eq!(key_id(&newer), Ok("b"));
        let unknown = Err(SealError::UnknownKey { key_id: "b".into() });
        assert_eq!(open(&old, b"", &newer), unknown);
    }
}
