//! Keys that verify signatures, from secrets, PEM files and JSON Web Keys (RFC 7517).

use std::fmt;

use aws_lc_rs::signature::{ParsedPublicKey, RsaPublicKeyComponents};
use aws_lc_rs::{hmac, signature};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gateway_core::Secret;
use rustls_pki_types::SubjectPublicKeyInfoDer;
use rustls_pki_types::pem::PemObject as _;
use serde::Deserialize;

use super::{Algorithm, Family};

/// Why a text is not a key that we can use.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(String);

impl KeyError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// A key with the algorithms that it is good for.
pub struct VerifyingKey {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    material: Material,
}

enum Material {
    /// The HMAC key, prepared.
    Secret(Box<hmac::Key>),
    /// The modulus and the exponent.
    Rsa(RsaPublicKeyComponents<Vec<u8>>),
    /// SubjectPublicKeyInfo, or the bare public key of a curve.
    Public(Vec<u8>),
}

impl VerifyingKey {
    /// A shared secret, good for `algorithm` only.
    ///
    /// # Errors
    ///
    /// If the algorithm takes no secret, or the secret is shorter than its hash (RFC 7518, section 3.2).
    pub fn from_secret(secret: &Secret, algorithm: Algorithm) -> Result<Self, KeyError> {
        Ok(Self {
            id: None,
            algorithms: vec![algorithm],
            material: Material::Secret(Box::new(hmac_key(secret.expose().as_bytes(), algorithm)?)),
        })
    }

    /// A public key in PEM (`BEGIN PUBLIC KEY`), good for `algorithms`, or for all of its family if none are named.
    ///
    /// # Errors
    ///
    /// If it is not such a key, or does not fit the algorithms.
    pub fn from_pem(pem: &[u8], algorithms: &[Algorithm]) -> Result<Self, KeyError> {
        let der = SubjectPublicKeyInfoDer::from_pem_slice(pem)
            .map_err(|_| KeyError::new("not a PEM file with a PUBLIC KEY (SubjectPublicKeyInfo)"))?;
        let fitting: Vec<Algorithm> = Algorithm::ALL
            .into_iter()
            .filter(|algorithm| fits(*algorithm, &der))
            .collect();
        if fitting.is_empty() {
            return Err(KeyError::new(
                "the public key is none of RSA (2048 bits or more), P-256, P-384, P-521 and Ed25519",
            ));
        }
        if let Some(other) = algorithms.iter().find(|asked| !fitting.contains(asked)) {
            return Err(KeyError::new(format!("the public key does not fit {other}")));
        }
        Ok(Self {
            id: None,
            algorithms: if algorithms.is_empty() {
                fitting
            } else {
                algorithms.to_vec()
            },
            material: Material::Public(der.to_vec()),
        })
    }

    /// The `kid` by which tokens name it.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Whether it may verify `algorithm`.
    #[must_use]
    pub fn is_for(&self, algorithm: Algorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }

    /// Whether `signature` over `message` was made with `algorithm` and this key. HMACs are compared in constant time.
    #[must_use]
    pub fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        if !self.is_for(algorithm) {
            return false;
        }
        match &self.material {
            Material::Secret(key) => hmac::verify(key, message, signature).is_ok(),
            Material::Rsa(key) => algorithm
                .of_rsa()
                .is_some_and(|parameters| key.verify(parameters, message, signature).is_ok()),
            Material::Public(key) => verification(algorithm)
                .is_some_and(|parameters| parameters.verify_sig(key, message, signature).is_ok()),
        }
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("id", &self.id)
            .field("algorithms", &self.algorithms)
            .finish_non_exhaustive()
    }
}

fn verification(algorithm: Algorithm) -> Option<&'static dyn signature::VerificationAlgorithm> {
    match algorithm.of_rsa() {
        Some(parameters) => Some(parameters),
        None => algorithm.of_curve(),
    }
}

fn fits(algorithm: Algorithm, der: &[u8]) -> bool {
    verification(algorithm).is_some_and(|parameters| ParsedPublicKey::new(parameters, der).is_ok())
}

pub(in crate::auth) fn hmac_key(secret: &[u8], algorithm: Algorithm) -> Result<hmac::Key, KeyError> {
    let Some(hash) = algorithm.of_hmac() else {
        return Err(KeyError::new(format!(
            "{algorithm} takes a public key, not a secret"
        )));
    };
    let (length, least) = (secret.len(), algorithm.shortest_secret());
    if length < least {
        return Err(KeyError::new(format!(
            "the {algorithm} secret has {length} bytes; RFC 7518 asks for at least {least}"
        )));
    }
    Ok(hmac::Key::new(hash, secret))
}

/// A key as a JSON Web Key Set lists it.
#[derive(Deserialize)]
pub(super) struct Jwk {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default, rename = "use")]
    purpose: Option<String>,
    #[serde(default)]
    key_ops: Option<Vec<String>>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: Option<String>,
    #[serde(default)]
    e: Option<String>,
    #[serde(default)]
    x: Option<String>,
    #[serde(default)]
    y: Option<String>,
}

impl Jwk {
    /// The key, or `None` if it is not meant for verifying or of a kind that we do not know: a set may serve others too.
    /// Shared secrets are left out: a set is a public document.
    ///
    /// # Errors
    ///
    /// If it says that it is for us and cannot be read.
    pub(super) fn into_key(self) -> Result<Option<VerifyingKey>, KeyError> {
        let signs = self.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && (self.key_ops.as_ref())
                .is_none_or(|operations| operations.iter().any(|name| name == "verify"));
        let Some(family) = self.family().filter(|_| signs) else {
            return Ok(None);
        };
        let algorithms = match self.alg.as_deref() {
            None => (Algorithm::ALL.into_iter())
                .filter(|algorithm| algorithm.family() == family)
                .collect(),
            Some(name) => match Algorithm::parse(name).filter(|algorithm| algorithm.family() == family) {
                Some(algorithm) => vec![algorithm],
                None => return Ok(None),
            },
        };
        Ok(Some(VerifyingKey {
            material: self.material(family)?,
            id: self.kid,
            algorithms,
        }))
    }

    fn family(&self) -> Option<Family> {
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => Some(Family::Rsa),
            ("EC", Some("P-256")) => Some(Family::P256),
            ("EC", Some("P-384")) => Some(Family::P384),
            ("EC", Some("P-521")) => Some(Family::P521),
            ("OKP", Some("Ed25519")) => Some(Family::Ed25519),
            _ => None,
        }
    }

    fn material(&self, family: Family) -> Result<Material, KeyError> {
        match family {
            Family::Rsa => Ok(Material::Rsa(RsaPublicKeyComponents {
                n: self.bytes("n", self.n.as_ref())?,
                e: self.bytes("e", self.e.as_ref())?,
            })),
            Family::Ed25519 => self.bytes("x", self.x.as_ref()).map(Material::Public),
            // An uncompressed point (SEC 1, section 2.3.3).
            Family::P256 | Family::P384 | Family::P521 => {
                let mut point = vec![4];
                point.extend(self.bytes("x", self.x.as_ref())?);
                point.extend(self.bytes("y", self.y.as_ref())?);
                Ok(Material::Public(point))
            }
            Family::Secret => Err(KeyError::new("a key set holds no secrets")),
        }
    }

    fn bytes(&self, member: &str, text: Option<&String>) -> Result<Vec<u8>, KeyError> {
        let name = self.kid.as_deref().unwrap_or("without kid");
        let text = text.ok_or_else(|| KeyError::new(format!("the key {name} has no {member:?}")))?;
        URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| KeyError::new(format!("{member:?} of the key {name} is not base64url")))
    }
}
