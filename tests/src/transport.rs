//! The ways in which clients speak to the gateway.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use reqwest::{Certificate, Client, ClientBuilder};

use crate::Failed;

/// A version of HTTP, with or without TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// HTTP/1.1 in the clear.
    Http1,
    /// HTTP/2 in the clear, with prior knowledge.
    Http2,
    /// HTTP/1.1 over TLS.
    Tls1,
    /// HTTP/2 over TLS, agreed in the handshake.
    Tls2,
}

impl Transport {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Http1, Self::Http2, Self::Tls1, Self::Tls2];

    /// The scheme of its addresses.
    #[must_use]
    pub const fn scheme(self) -> &'static str {
        match self {
            Self::Http1 | Self::Http2 => "http",
            Self::Tls1 | Self::Tls2 => "https",
        }
    }

    /// Makes a certificate in `folder` where one is needed. The gateway's settings for it, and a client.
    pub(crate) fn prepare(self, folder: &Path) -> Result<(String, Client), Failed> {
        let client = Client::builder().timeout(Duration::from_secs(60));
        match self {
            Self::Http1 => Ok((String::new(), client.http1_only().build()?)),
            Self::Http2 => Ok((String::new(), client.http2_prior_knowledge().build()?)),
            Self::Tls1 => secure(folder, client.http1_only()),
            Self::Tls2 => secure(folder, client),
        }
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http1 => "http1",
            Self::Http2 => "http2",
            Self::Tls1 => "tls_http1",
            Self::Tls2 => "tls_http2",
        })
    }
}

fn secure(folder: &Path, client: ClientBuilder) -> Result<(String, Client), Failed> {
    let names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names)?;
    let (cert_file, key_file) = (folder.join("gateway.crt"), folder.join("gateway.key"));
    std::fs::write(&cert_file, cert.pem())?;
    std::fs::write(&key_file, signing_key.serialize_pem())?;
    let settings = format!(
        "server.tls.cert_file = {:?}\nserver.tls.key_file = {:?}\n",
        cert_file.display().to_string(),
        key_file.display().to_string()
    );
    let trusted = Certificate::from_pem(cert.pem().as_bytes())?;
    Ok((settings, client.tls_certs_only([trusted]).build()?))
}
