//! The channel binding `tls-server-end-point` (RFC 5929, section 4.1): the password's proof holds only on a connection that ends
//! at the server with this certificate, so a man in the middle cannot pass it on, even where the certificate is not checked.

use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_parser::prelude::{FromDer, X509Certificate};

/// Signatures by SHA-256, and by MD5 and SHA-1, which count as SHA-256: RSA, DSA and ECDSA.
const SHA_256: [&str; 6] = [
    "1.2.840.113549.1.1.4",
    "1.2.840.113549.1.1.5",
    "1.2.840.10040.4.3",
    "1.2.840.10045.4.1",
    "1.2.840.113549.1.1.11",
    "1.2.840.10045.4.3.2",
];

/// By SHA-384: RSA and ECDSA.
const SHA_384: [&str; 2] = ["1.2.840.113549.1.1.12", "1.2.840.10045.4.3.3"];

/// By SHA-512: RSA and ECDSA.
const SHA_512: [&str; 2] = ["1.2.840.113549.1.1.13", "1.2.840.10045.4.3.4"];

/// The hash of a certificate by the function that its signature uses; `None` where RFC 5929 defines none.
pub(super) fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    let signed_with = parsed.signature_algorithm.algorithm.to_id_string();
    let is_among = |known: &[&str]| known.contains(&signed_with.as_str());
    if is_among(&SHA_256) {
        return Some(Sha256::digest(certificate).to_vec());
    }
    if is_among(&SHA_384) {
        return Some(Sha384::digest(certificate).to_vec());
    }
    is_among(&SHA_512).then(|| Sha512::digest(certificate).to_vec())
}
