//! Authenticating what is not secret: HMAC-SHA-256 under a key derived from the key ring's.
//!
//! An authenticator is `1 | length of key id | key id | tag (32 bytes)`. Who has no key cannot make one, so who can write to
//! the store only cannot change what was authenticated without its showing.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::keyring::Key;
use crate::{KeyRing, SealError, seal};

const FORMAT: u8 = 1;

/// Keeps this use of a key apart from sealing, which uses the key itself.
const PURPOSE: &[u8] = b"nexus-gateway audit chain";

/// Authenticates `message` with the ring's newest key.
pub(crate) fn sign(ring: &KeyRing, message: &[u8]) -> Result<Vec<u8>, SealError> {
    let key = ring.sealing_key().ok_or(SealError::Failed)?;
    let id_length = u8::try_from(key.id.len()).map_err(|_| SealError::Failed)?;
    let mut signed = vec![FORMAT, id_length];
    signed.extend(key.id.as_bytes());
    signed.extend(tag(key, message)?.finalize().into_bytes());
    Ok(signed)
}

/// Whether `signed` is what [`sign`] makes of `message` with one of the ring's keys.
pub(crate) fn verify(ring: &KeyRing, message: &[u8], signed: &[u8]) -> Result<(), SealError> {
    let (key_id, given) = seal::split(signed)?;
    let key = ring.key(key_id).ok_or_else(|| SealError::UnknownKey {
        key_id: key_id.to_owned(),
    })?;
    tag(key, message)?
        .verify_slice(given)
        .map_err(|_| SealError::Rejected {
            key_id: key_id.to_owned(),
        })
}

fn tag(key: &Key, message: &[u8]) -> Result<Hmac<Sha256>, SealError> {
    // One block of HKDF-Expand (RFC 5869): the ring's keys are uniformly random, so nothing needs to be extracted.
    let mut expand = keyed(key.bytes.as_ref())?;
    expand.update(PURPOSE);
    expand.update(&[1]);
    let mut tag = keyed(&expand.finalize().into_bytes())?;
    tag.update(message);
    Ok(tag)
}

fn keyed(key: &[u8]) -> Result<Hmac<Sha256>, SealError> {
    Hmac::new_from_slice(key).map_err(|_| SealError::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(text: &str) -> KeyRing {
        KeyRing::from_text(text).unwrap()
    }

    #[test]
    fn only_the_key_that_signed_verifies() {
        let (a, b) = (KeyRing::generate().unwrap(), KeyRing::generate().unwrap());
        let signed = sign(&a, b"message").unwrap();
        assert_eq!(verify(&a, b"message", &signed), Ok(()));
        assert!(matches!(
            verify(&a, b"massage", &signed),
            Err(SealError::Rejected { .. })
        ));
        assert!(matches!(
            verify(&b, b"message", &signed),
            Err(SealError::UnknownKey { .. })
        ));
        for length in 0..signed.len() {
            assert!(verify(&a, b"message", &signed[..length]).is_err());
        }
    }

    #[test]
    fn the_form_is_the_one_that_is_stored() {
        let ring = ring("a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        let signed = sign(&ring, b"m").unwrap();
        assert_eq!((&signed[..3], signed.len()), (&[1, 1, b'a'][..], 35));
    }
}
