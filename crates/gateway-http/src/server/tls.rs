//! TLS 1.2 and 1.3 for the listener, by rustls. Files that change are read again; connections that are there keep what they
//! began with.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use arc_swap::ArcSwap;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::danger::ClientCertVerifier;
use tokio_rustls::rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
use tokio_rustls::rustls::{self, RootCertStore, ServerConfig};

/// The names of protocols in the handshake (RFC 7301), the preferred first.
const PROTOCOLS: [&[u8]; 2] = [H2, b"http/1.1"];

/// HTTP/2 over TLS.
pub(super) const H2: &[u8] = b"h2";

/// What the listener proves who it is with, and whom it believes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSettings {
    /// The certificate and those that lead to its authority, in PEM.
    pub cert_file: PathBuf,
    /// Its private key, in PEM.
    pub key_file: PathBuf,
    /// What clients have to prove.
    pub client_auth: ClientAuth,
}

/// What clients have to prove. A certificate that is shown must be good in any case, or there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientAuth {
    /// They are not asked for a certificate.
    None,
    /// They may show one by an authority in the file.
    Optional {
        /// The authorities, in PEM.
        ca_file: PathBuf,
    },
    /// They must.
    Required {
        /// The authorities, in PEM.
        ca_file: PathBuf,
    },
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
    /// The authorities cannot be used.
    #[error("authorities of client certificates: {0}")]
    Authorities(#[from] VerifierBuilderError),
}

/// The listener's certificate, its key, and its clients' authorities, as they are in use.
pub struct ListenerTls {
    settings: TlsSettings,
    current: ArcSwap<Current>,
}

struct Current {
    config: Arc<ServerConfig>,
    stamps: Vec<Option<SystemTime>>,
}

impl ListenerTls {
    /// Reads the files.
    ///
    /// # Errors
    ///
    /// If they cannot be read or do not go together.
    pub fn open(settings: TlsSettings) -> Result<Self, TlsFailure> {
        let current = Current::read(&settings)?;
        Ok(Self {
            settings,
            current: ArcSwap::from_pointee(current),
        })
    }

    /// Reads the files again if one was written since; whether others are in use now.
    ///
    /// # Errors
    ///
    /// If they cannot be used, for instance because only one of two has been written yet; what was in use stays.
    pub fn reload_if_changed(&self) -> Result<bool, TlsFailure> {
        if stamps(&self.settings) == self.current.load().stamps {
            return Ok(false);
        }
        self.current.store(Arc::new(Current::read(&self.settings)?));
        Ok(true)
    }

    /// Accepts a connection with what is in use now.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.current.load().config))
    }
}

impl Current {
    fn read(settings: &TlsSettings) -> Result<Self, TlsFailure> {
        // Before the content: what is written meanwhile is then read once more.
        let stamps = stamps(settings);
        let config = Arc::new(config(settings)?);
        Ok(Self { config, stamps })
    }
}

/// When the files were last written.
fn stamps(settings: &TlsSettings) -> Vec<Option<SystemTime>> {
    let ca_file = match &settings.client_auth {
        ClientAuth::None => None,
        ClientAuth::Optional { ca_file } | ClientAuth::Required { ca_file } => Some(ca_file),
    };
    [&settings.cert_file, &settings.key_file]
        .into_iter()
        .chain(ca_file)
        .map(|file| std::fs::metadata(file).and_then(|facts| facts.modified()).ok())
        .collect()
}

fn config(settings: &TlsSettings) -> Result<ServerConfig, TlsFailure> {
    let chain = certificates(&settings.cert_file)?;
    let key = PrivateKeyDer::from_pem_file(&settings.key_file).map_err(|reason| TlsFailure::File {
        file: settings.key_file.clone(),
        reason,
    })?;
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?;
    let builder = match client_verifier(&settings.client_auth)? {
        Some(verifier) => builder.with_client_cert_verifier(verifier),
        None => builder.with_no_client_auth(),
    };
    let mut config = builder.with_single_cert(chain, key)?;
    config.alpn_protocols = PROTOCOLS.iter().map(|name| name.to_vec()).collect();
    Ok(config)
}

fn client_verifier(auth: &ClientAuth) -> Result<Option<Arc<dyn ClientCertVerifier>>, TlsFailure> {
    let (ca_file, is_optional) = match auth {
        ClientAuth::None => return Ok(None),
        ClientAuth::Optional { ca_file } => (ca_file, true),
        ClientAuth::Required { ca_file } => (ca_file, false),
    };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(ca_file)? {
        roots.add(certificate)?;
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    let builder = if is_optional {
        builder.allow_unauthenticated()
    } else {
        builder
    };
    Ok(Some(builder.build()?))
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsFailure> {
    let read: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|reason| TlsFailure::File {
            file: file.to_owned(),
            reason,
        })?;
    if read.is_empty() {
        return Err(TlsFailure::NoCertificate(file.to_owned()));
    }
    Ok(read)
}
