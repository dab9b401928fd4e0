//! Client certificates: the name a caller has proven to have by TLS.

use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

/// The part of a certificate that names its bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CertificateName {
    /// The common name of the subject.
    #[default]
    CommonName,
    /// The first DNS name among the subject alternative names.
    Dns,
    /// The first URI among the subject alternative names, as SPIFFE uses it.
    Uri,
    /// The first mail address among the subject alternative names.
    Email,
}

impl CertificateName {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::CommonName, Self::Dns, Self::Uri, Self::Email];

    /// The name in the settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CommonName => "cn",
            Self::Dns => "dns",
            Self::Uri => "uri",
            Self::Email => "email",
        }
    }

    /// The name of this kind in a certificate, in DER, whose chain has been verified already.
    pub(super) fn of(self, der: &[u8]) -> Option<String> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let found = match self {
            Self::CommonName => {
                let mut names = certificate.subject().iter_common_name();
                let only = names.next()?.as_str().ok()?.to_owned();
                // Which of two would be meant nobody can say.
                names.next().is_none().then_some(only)
            }
            Self::Dns | Self::Uri | Self::Email => {
                let names = certificate.subject_alternative_name().ok()??;
                names
                    .value
                    .general_names
                    .iter()
                    .find_map(|name| match (self, name) {
                        (Self::Dns, GeneralName::DNSName(text))
                        | (Self::Uri, GeneralName::URI(text))
                        | (Self::Email, GeneralName::RFC822Name(text)) => Some((*text).to_owned()),
                        _ => None,
                    })
            }
        };
        found.filter(|name| !name.is_empty() && name.len() <= 256)
    }
}

/// The certificate that a connection's client has proven to be its own, in DER.
#[derive(Debug, Clone)]
pub struct ClientCertificate(pub std::rc::Rc<[u8]>);
