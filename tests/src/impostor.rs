//! Somebody who passes for a PostgreSQL server with a certificate of their own, and passes everything on to the true one.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::{Failed, Leaf, Server};

/// PostgreSQL's question whether TLS may begin: length 8, and the number that stands for it.
pub(crate) const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// A man in the middle who speaks TLS to both sides. His tasks end with him.
pub struct Impostor {
    port: u16,
    _tasks: JoinSet<()>,
}

impl Impostor {
    /// Before `server`, which shows the certificate of the test bed, with `leaf` to show instead.
    ///
    /// # Errors
    ///
    /// If there is no free port or a certificate cannot be used.
    pub async fn start(server: &Server, leaf: &Leaf) -> Result<Self, Failed> {
        let target: SocketAddr = server.address().parse()?;
        let certificate = CertificateDer::from_pem_slice(leaf.certificate.as_bytes())?;
        let key = PrivateKeyDer::from_pem_slice(leaf.key.as_bytes())?;
        let shown = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)?;
        let mut roots = RootCertStore::empty();
        let true_one = std::fs::read(server.tls_folder()?.join("server.crt"))?;
        roots.add(CertificateDer::from_pem_slice(&true_one)?)?;
        let trusting = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let (acceptor, connector) = (
            TlsAcceptor::from(Arc::new(shown)),
            TlsConnector::from(Arc::new(trusting)),
        );
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let (acceptor, connector) = (acceptor.clone(), connector.clone());
                connections.spawn(async move {
                    // A connection that breaks is the end of this conversation and nothing else.
                    let _ = pass(client, target, &acceptor, &connector).await;
                });
            }
        });
        Ok(Self { port, _tasks: tasks })
    }

    /// Where he waits, on the loopback address.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

async fn pass(
    mut client: TcpStream,
    target: SocketAddr,
    acceptor: &TlsAcceptor,
    connector: &TlsConnector,
) -> io::Result<()> {
    let mut server = TcpStream::connect(target).await?;
    server.write_all(&SSL_REQUEST).await?;
    server.read_exact(&mut [0]).await?;
    let mut server = connector
        .connect(
            ServerName::try_from("localhost").map_err(io::Error::other)?,
            server,
        )
        .await?;
    client.read_exact(&mut [0; 8]).await?;
    client.write_all(b"S").await?;
    let mut client = acceptor.accept(client).await?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
