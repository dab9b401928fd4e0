//! TLS 1.2 and 1.3 for the listener, by rustls.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// The names of protocols in the handshake (RFC 7301), the preferred first.
const PROTOCOLS: [&[u8]; 2] = [H2, b"http/1.1"];

/// HTTP/2 over TLS.
pub(super) const H2: &[u8] = b"h2";

/// What the listener proves who it is with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSettings {
    /// The certificate and those that lead to its authority, in PEM.
    pub cert_file: PathBuf,
    /// Its private key, in PEM.
    pub key_file: PathBuf,
}

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TlsFailure {
    /// The listener is not usable.
    #[error("the listener is not usable: {0}")]
    Listener(io::Error),
    /// A file cannot be read, or holds no usable PEM.
    #[error("{}: {reason}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// What is wrong.
        reason: pem::Error,
    },
    /// The file holds no certificate.
    #[error("{}: no certificate in it", .0.display())]
    NoCertificate(PathBuf),
    /// The certificate and the key do not go together, or one of them is of an unknown kind.
    #[error("certificate and key: {0}")]
    Unusable(#[from] rustls::Error),
}

/// Accepts TLS connections with the certificate and key of `settings`.
pub(super) fn acceptor(settings: &TlsSettings) -> Result<TlsAcceptor, TlsFailure> {
    let failed = |file: &PathBuf| {
        let file = file.clone();
        move |reason| TlsFailure::File { file, reason }
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&settings.cert_file)
        .and_then(Iterator::collect)
        .map_err(failed(&settings.cert_file))?;
    if chain.is_empty() {
        return Err(TlsFailure::NoCertificate(settings.cert_file.clone()));
    }
    let key = PrivateKeyDer::from_pem_file(&settings.key_file).map_err(failed(&settings.key_file))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = PROTOCOLS.iter().map(|name| name.to_vec()).collect();
    Ok(TlsAcceptor::from(Arc::new(config)))
}
