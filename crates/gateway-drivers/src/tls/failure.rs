//! Why no encrypted connection came about.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError};

/// Why no encrypted connection came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsFailure {
    /// The server does not speak TLS, or somebody in between pretends so.
    NotOffered,
    /// No authority that is trusted has signed the server's certificate.
    UnknownAuthority,
    /// The certificate is for another host.
    WrongName,
    /// The certificate has expired, or is not valid yet.
    Expired,
    /// The certificate is not acceptable for another reason.
    BadCertificate,
    /// The server did not accept the gateway's own certificate, or wants one.
    OwnCertificate,
    /// What the source says about TLS cannot be used.
    Settings,
    /// The two did not come to terms.
    Handshake,
}

impl TlsFailure {
    /// The reason in words that may be shown to a caller.
    pub(crate) const fn public(self) -> &'static str {
        match self {
            Self::NotOffered => "The database server does not offer TLS, and the data source demands it",
            Self::UnknownAuthority => {
                "The database server's certificate is not signed by an authority that the data source trusts"
            }
            Self::WrongName => "The database server's certificate is for another host name",
            Self::Expired => "The database server's certificate has expired or is not valid yet",
            Self::BadCertificate => "The database server's certificate is not acceptable",
            Self::OwnCertificate => {
                "The database server does not accept the data source's client certificate, or demands one"
            }
            Self::Settings => "The data source's TLS settings cannot be used",
            Self::Handshake => "The TLS handshake with the database server failed",
        }
    }
}

/// The TLS failure that `error`, or something that it was made of, tells of.
pub(crate) fn cause_in(error: &(dyn Error + 'static)) -> Option<TlsFailure> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(failure) = error.downcast_ref::<rustls::Error>() {
            return Some(classify(failure));
        }
        // What an I/O error wraps is not among its sources.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn classify(failure: &rustls::Error) -> TlsFailure {
    match failure {
        rustls::Error::InvalidCertificate(wrong) => match wrong {
            // A signature that does not fit is another authority's of the same name, one that was made anew for instance.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => TlsFailure::UnknownAuthority,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsFailure::WrongName
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => TlsFailure::Expired,
            _ => TlsFailure::BadCertificate,
        },
        rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied,
        ) => TlsFailure::OwnCertificate,
        rustls::Error::InconsistentKeys(_) => TlsFailure::Settings,
        _ => TlsFailure::Handshake,
    }
}
