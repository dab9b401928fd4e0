//! TLS before a double: its connections are decrypted, and handed on to the port where it speaks plainly.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// What a double shows its clients, as PEM, and asks of them.
#[derive(Clone)]
pub struct Tls {
    /// Its certificate.
    pub certificate: String,
    /// The certificate's key.
    pub key: String,
    /// The authority whose certificates clients must show; none if they need not.
    pub clients: Option<String>,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls")
            .field("asks_clients", &self.clients.is_some())
            .finish_non_exhaustive()
    }
}

impl Tls {
    fn acceptor(&self) -> io::Result<TlsAcceptor> {
        let certificate =
            CertificateDer::from_pem_slice(self.certificate.as_bytes()).map_err(io::Error::other)?;
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).map_err(io::Error::other)?;
        let builder = ServerConfig::builder();
        let builder = match &self.clients {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                let authority =
                    CertificateDer::from_pem_slice(authority.as_bytes()).map_err(io::Error::other)?;
                roots.add(authority).map_err(io::Error::other)?;
                let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build();
                builder.with_client_cert_verifier(verifier.map_err(io::Error::other)?)
            }
        };
        let config = builder
            .with_single_cert(vec![certificate], key)
            .map_err(io::Error::other)?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// The side that clients see. Its thread ends with it.
#[derive(Debug)]
pub(super) struct Front {
    address: SocketAddr,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Front {
    /// Before a double that listens plainly at `back`.
    pub(super) fn start(tls: &Tls, listener: TcpListener, back: SocketAddr) -> io::Result<Self> {
        let acceptor = tls.acceptor()?;
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (end, ended) = oneshot::channel();
        let thread = thread::spawn(move || {
            runtime.block_on(async move {
                tokio::select! {
                    _ = ended => {}
                    // If it cannot listen, no client gets through, and its trial says so.
                    _ = listen(listener, acceptor, back) => {}
                }
            });
        });
        Ok(Self {
            address,
            end: Some(end),
            thread: Some(thread),
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn listen(listener: TcpListener, acceptor: TlsAcceptor, back: SocketAddr) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut connections = JoinSet::new();
    loop {
        let (client, _) = listener.accept().await?;
        let acceptor = acceptor.clone();
        connections.spawn(async move {
            // A connection that breaks is the end of this conversation and nothing else.
            let _ = pass(client, &acceptor, back).await;
        });
    }
}

async fn pass(client: TcpStream, acceptor: &TlsAcceptor, back: SocketAddr) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut client = acceptor.accept(client).await?;
    let mut server = TcpStream::connect(back).await?;
    server.set_nodelay(true)?;
    let outcome = tokio::io::copy_bidirectional(&mut client, &mut server).await;
    if outcome.is_err() {
        // A reset comes out as one.
        SockRef::from(client.get_ref().0).set_linger(Some(Duration::ZERO))?;
    }
    outcome.map(|_| ())
}
