//! How a password is proved, or told to nobody but the server.

use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PublicEncryptingKey};
use mysql_common::scramble::{scramble_native, scramble_sha256};
use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject;
use zeroize::Zeroizing;

/// Bytes of a server's nonce.
pub(super) const NONCE: usize = 20;

/// What a server has a proof made with, so that it holds once only.
pub(super) type Nonce = [u8; NONCE];

/// A way of proving a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// `caching_sha2_password`.
    Sha2,
    /// `mysql_native_password`.
    Native,
}

impl Method {
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"caching_sha2_password" => Some(Self::Sha2),
            b"mysql_native_password" => Some(Self::Native),
            _ => None,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sha2 => "caching_sha2_password",
            Self::Native => "mysql_native_password",
        }
    }

    /// Proves to know the password. For an empty one the proof is empty.
    pub(super) fn proof(self, password: &str, nonce: &Nonce) -> Vec<u8> {
        let password = password.as_bytes();
        let proof = match self {
            Self::Sha2 => scramble_sha256(nonce, password).map(Vec::from),
            Self::Native => scramble_native(nonce, password).map(Vec::from),
        };
        proof.unwrap_or_default()
    }
}

/// The password in the form in which servers take it in the clear.
pub(super) fn with_its_end(password: &str) -> Zeroizing<Vec<u8>> {
    let mut told = Zeroizing::new(Vec::with_capacity(password.len() + 1));
    told.extend_from_slice(password.as_bytes());
    told.push(0);
    told
}

/// The password so that only the owner of a public key can read it. The key is not known to be the server's: on a connection
/// without TLS nothing is known to be.
pub(super) fn sealed(password: &str, nonce: &Nonce, pem: &[u8]) -> Option<Vec<u8>> {
    let key = SubjectPublicKeyInfoDer::from_pem_slice(pem).ok()?;
    let key = OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(&key).ok()?).ok()?;
    let mut told = with_its_end(password);
    for (byte, mask) in told.iter_mut().zip(nonce.iter().cycle()) {
        *byte ^= mask;
    }
    let mut sealed = vec![0; key.ciphertext_size()];
    let length = key
        .encrypt(&OAEP_SHA1_MGF1SHA1, &told, &mut sealed, None)
        .ok()?
        .len();
    sealed.truncate(length);
    Some(sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_none_seals_nothing() {
        for pem in [
            &b""[..],
            b"rubbish",
            b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            b"-----BEGIN PUBLIC KEY-----\n\xff\n-----END PUBLIC KEY-----\n",
        ] {
            assert_eq!(sealed("password", &[7; NONCE], pem), None);
        }
    }

    #[test]
    fn an_empty_password_has_an_empty_proof() {
        for method in [Method::Sha2, Method::Native] {
            assert!(method.proof("", &[7; NONCE]).is_empty());
            assert_eq!(Method::named(method.name().as_bytes()), Some(method));
        }
    }
}
