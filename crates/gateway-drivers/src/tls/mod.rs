//! Encrypted connections to databases: what a source's `tls` asks for, in rustls's terms.
//!
//! `prefer` and `require` encrypt and check nothing; `verify-ca` checks that an authority the source trusts has signed the
//! certificate; `verify-full` also that the certificate is for the host. Without `tlsCa` the authorities are those of the
//! operating system, read at each connect, so that an authority that its administrator adds or removes counts at once.

mod client;
mod failure;
mod verify;

use std::sync::Arc;

use gateway_core::{FieldProblem, SourceConfig, TlsMode};
use rustls::RootCertStore;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

pub use failure::TlsFailure;

pub(crate) use client::client_config;
pub(crate) use failure::cause_in;

use crate::{ConnectFailure, DriverError, Target};

/// What the TLS of one connection needs.
pub(crate) struct TlsPlan {
    mode: TlsMode,
    roots: Vec<CertificateDer<'static>>,
}

impl TlsPlan {
    /// The plan for a target; `None` if it is to be reached in plain text.
    pub(crate) async fn of(target: &Target<'_>) -> Result<Option<Self>, DriverError> {
        let mode = target.config.tls;
        let roots = match mode {
            TlsMode::Disable => return Ok(None),
            TlsMode::Prefer | TlsMode::Require => Vec::new(),
            TlsMode::VerifyCa | TlsMode::VerifyFull => match &target.config.tls_ca {
                Some(pem) => certificates(pem).ok_or_else(|| settings("tlsCa has no certificate"))?,
                None => system_roots().await?,
            },
        };
        Ok(Some(Self { mode, roots }))
    }

    /// How the certificate is checked.
    pub(crate) fn mode(&self) -> TlsMode {
        self.mode
    }

    /// The authorities to trust.
    pub(crate) fn roots(&self) -> &[CertificateDer<'static>] {
        &self.roots
    }
}

/// What of a source's certificates can be seen to be wrong.
pub(crate) fn problem(config: &SourceConfig) -> Option<FieldProblem> {
    for (field, pem) in [
        ("config.tlsCa", &config.tls_ca),
        ("config.tlsCert", &config.tls_cert),
    ] {
        if let Some(pem) = pem
            && certificates(pem).is_none()
        {
            return Some(FieldProblem {
                field,
                message: "must be one or more certificates in PEM form".to_owned(),
            });
        }
    }
    None
}

/// The cryptography that every connection uses.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// The certificate that a server is shown, and its key.
pub(crate) type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// What a target's server is shown, if anything.
pub(crate) fn identity(target: &Target<'_>) -> Result<Option<Identity>, DriverError> {
    let (Some(pem), Some(key)) = (&target.config.tls_cert, target.tls_key) else {
        return Ok(None);
    };
    let chain = certificates(pem).ok_or_else(|| settings("tlsCert has no certificate"))?;
    // The reader's own words could quote the file.
    let key = PrivateKeyDer::from_pem_slice(key.expose().as_bytes())
        .map_err(|_| settings("tlsKey refers to something that is not a private key in PEM form"))?;
    Ok(Some((chain, key)))
}

/// The certificates in a PEM text; `None` if there are none or one cannot be an authority or a leaf.
fn certificates(pem: &str) -> Option<Vec<CertificateDer<'static>>> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let found = found.ok().filter(|found| !found.is_empty())?;
    found.iter().all(is_readable).then_some(found)
}

fn is_readable(certificate: &CertificateDer<'_>) -> bool {
    rustls::server::ParsedCertificate::try_from(certificate).is_ok()
        || RootCertStore::empty()
            .add(certificate.clone().into_owned())
            .is_ok()
}

async fn system_roots() -> Result<Vec<CertificateDer<'static>>, DriverError> {
    let loading = tokio::task::spawn_blocking(|| {
        let mut found = rustls_native_certs::load_native_certs().certs;
        // Systems keep a few that rustls cannot use.
        found.retain(|certificate| RootCertStore::empty().add(certificate.clone()).is_ok());
        found
    });
    let found = loading.await.map_err(|failure| settings(&failure.to_string()))?;
    if found.is_empty() {
        return Err(settings("the system trusts no authority; give tlsCa"));
    }
    Ok(found)
}

/// A failure that its owner can mend.
pub(crate) fn settings(message: &str) -> DriverError {
    DriverError::Connect {
        reason: ConnectFailure::Tls(TlsFailure::Settings),
        message: message.to_owned(),
    }
}
