//! The arithmetic of a login: both sides prove that they know the password, and neither tells it.

use std::num::NonZeroU32;

use aws_lc_rs::cipher::{
    AES_192, AES_256, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext, UnboundCipherKey,
};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::{digest, pbkdf2, rand};

const GENERATION_ROUNDS: u32 = 4096;
const DERIVATION_ROUNDS: u32 = 3;
const BLOCK: usize = 16;
/// What the server encrypts with the agreed key to prove itself.
const PROOF: &[u8] = b"SERVER_TO_CLIENT";

/// How a password is kept by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verifier {
    /// Salted SHA-512, many times over: since 12c.
    Sha512,
    /// Salted SHA-1: 11g. Some clients refuse it.
    Sha1,
}

impl Verifier {
    /// The number by which clients know it.
    fn code(self) -> u64 {
        match self {
            Self::Sha512 => 0x4815,
            Self::Sha1 => 0xb152,
        }
    }

    fn key_length(self) -> usize {
        match self {
            Self::Sha512 => 32,
            Self::Sha1 => 24,
        }
    }
}

/// A login in progress.
pub(super) struct Login {
    verifier: Verifier,
    salt: [u8; 16],
    mixing_salt: [u8; 16],
    /// The server's half of the key.
    half: [u8; 32],
    /// Made of the password; encrypts the halves.
    hash: Vec<u8>,
}

/// A key and a value, with flags.
pub(super) type Pair = (&'static str, String, u64);

impl Login {
    /// For an account with a password.
    pub(super) fn new(verifier: Verifier, password: &str) -> Result<Self, Unspecified> {
        let (mut salt, mut mixing_salt, mut half) = ([0; 16], [0; 16], [0; 32]);
        for random in [&mut salt[..], &mut mixing_salt, &mut half] {
            rand::fill(random)?;
        }
        let password = password.as_bytes();
        let hash = match verifier {
            Verifier::Sha512 => {
                let stretched = stretch(
                    password,
                    &[&salt[..], b"AUTH_PBKDF2_SPEEDY_KEY"].concat(),
                    GENERATION_ROUNDS,
                    64,
                );
                let digest = digest::digest(&digest::SHA512, &[&stretched[..], &salt].concat());
                digest.as_ref()[..32].to_vec()
            }
            Verifier::Sha1 => {
                let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &[password, &salt].concat());
                [digest.as_ref(), &[0; 4]].concat()
            }
        };
        Ok(Self {
            verifier,
            salt,
            mixing_salt,
            half,
            hash,
        })
    }

    /// What the client is told first.
    pub(super) fn challenge(&self) -> Result<Vec<Pair>, Unspecified> {
        let mut pairs = vec![
            ("AUTH_SESSKEY", hex(&encrypt(&self.hash, &self.half)?), 0),
            ("AUTH_VFR_DATA", hex(&self.salt), self.verifier.code()),
            ("AUTH_PBKDF2_CSK_SALT", hex(&self.mixing_salt), 0),
        ];
        if self.verifier == Verifier::Sha512 {
            pairs.push(("AUTH_PBKDF2_VGEN_COUNT", GENERATION_ROUNDS.to_string(), 0));
        }
        pairs.push(("AUTH_PBKDF2_SDER_COUNT", DERIVATION_ROUNDS.to_string(), 0));
        Ok(pairs)
    }

    /// Checks the client's half of the key and its password; the server's proof if they are right.
    pub(super) fn check(&self, half: &str, password: &str, expected: &str) -> Option<String> {
        let length = self.verifier.key_length();
        let client = decrypt(&self.hash, &unhex(half)?).ok()?;
        let halves = [client.get(..length)?, &self.half[..length]].concat();
        let key = stretch(
            hex(&halves).as_bytes(),
            &self.mixing_salt,
            DERIVATION_ROUNDS,
            length,
        );
        let clear = decrypt(&key, &unhex(password)?).ok()?;
        let padding = usize::from(*clear.last()?);
        let given = clear.get(BLOCK..clear.len().checked_sub(padding)?)?;
        if given != expected.as_bytes() {
            return None;
        }
        let mut proof = [0; BLOCK];
        rand::fill(&mut proof).ok()?;
        let proof = [&proof[..], PROOF, &[BLOCK as u8; BLOCK]].concat();
        Some(hex(&encrypt(&key, &proof).ok()?))
    }
}

fn stretch(secret: &[u8], salt: &[u8], rounds: u32, length: usize) -> Vec<u8> {
    let mut key = vec![0; length];
    let rounds = NonZeroU32::new(rounds).unwrap_or(NonZeroU32::MIN);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA512, rounds, salt, secret, &mut key);
    key
}

fn unbound(key: &[u8]) -> Result<UnboundCipherKey, Unspecified> {
    UnboundCipherKey::new(if key.len() == 24 { &AES_192 } else { &AES_256 }, key)
}

fn encrypt(key: &[u8], clear: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let mut bytes = clear.to_vec();
    let start = EncryptionContext::Iv128(FixedLength::from([0; BLOCK]));
    EncryptingKey::cbc(unbound(key)?)?.less_safe_encrypt(&mut bytes, start)?;
    Ok(bytes)
}

fn decrypt(key: &[u8], hidden: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let mut bytes = hidden.to_vec();
    let start = DecryptionContext::Iv128(FixedLength::from([0; BLOCK]));
    DecryptingKey::cbc(unbound(key)?)?.decrypt(&mut bytes, start)?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    (0..text.len() / 2)
        .map(|at| u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok())
        .collect()
}
