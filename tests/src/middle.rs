//! Somebody between the gateway and a database who reads along and meddles with the offer of TLS.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use gateway_core::Engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::impostor::SSL_REQUEST;
use crate::{Failed, Server};

/// What they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meddling {
    /// They read.
    Listen,
    /// They pretend that the server does not speak TLS.
    StripOffer,
    /// They let TLS begin and break it off.
    BreakHandshake,
}

/// Somebody in the middle. Their tasks end with them.
pub struct Middle {
    port: u16,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
    _tasks: JoinSet<()>,
}

impl Middle {
    /// Between the gateway and `server`.
    ///
    /// # Errors
    ///
    /// If there is no free port.
    pub async fn start(server: &Server, meddling: Meddling) -> Result<Self, Failed> {
        let (target, engine): (SocketAddr, _) = (server.address().parse()?, server.engine);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let heard = Arc::<Mutex<Vec<Vec<u8>>>>::default();
        let (mut tasks, all) = (JoinSet::new(), Arc::clone(&heard));
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let number = {
                    let mut all = lock(&all);
                    all.push(Vec::new());
                    all.len() - 1
                };
                let all = Arc::clone(&all);
                connections.spawn(async move {
                    // A connection that breaks is the end of this conversation and nothing else.
                    let _ = pass(client, target, engine, meddling, |bytes| {
                        lock(&all)[number].extend_from_slice(bytes);
                    })
                    .await;
                });
            }
        });
        Ok(Self {
            port,
            heard,
            _tasks: tasks,
        })
    }

    /// Where they wait, on the loopback address.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What the gateway has said so far, a connection at a time.
    #[must_use]
    pub fn heard(&self) -> Vec<Vec<u8>> {
        lock(&self.heard).clone()
    }

    /// Whether `text` went by in the clear.
    #[must_use]
    pub fn has_heard(&self, text: &str) -> bool {
        let text = text.as_bytes();
        self.heard()
            .iter()
            .any(|said| said.windows(text.len()).any(|part| part == text))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn pass(
    client: TcpStream,
    target: SocketAddr,
    engine: Engine,
    meddling: Meddling,
    mut hear: impl FnMut(&[u8]),
) -> std::io::Result<()> {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = TcpStream::connect(target).await?.into_split();
    let mut buffer = vec![0; 16 * 1024];
    if engine == Engine::PostgreSql {
        let mut question = [0; 8];
        from_client.read_exact(&mut question).await?;
        hear(&question);
        match meddling {
            Meddling::StripOffer if question == SSL_REQUEST => to_client.write_all(b"N").await?,
            Meddling::BreakHandshake if question == SSL_REQUEST => {
                to_client.write_all(b"S").await?;
                let count = from_client.read(&mut buffer).await?;
                hear(&buffer[..count]);
                return Ok(());
            }
            _ => to_server.write_all(&question).await?,
        }
    } else {
        let mut head = [0; 4];
        from_server.read_exact(&mut head).await?;
        let mut greeting = vec![0; usize::from(head[0]) | usize::from(head[1]) << 8];
        from_server.read_exact(&mut greeting).await?;
        if meddling == Meddling::StripOffer {
            // Version 10, the server's version and a zero, the session's number, 8 bytes and a zero, then capabilities.
            let version = greeting[1..].iter().position(|byte| *byte == 0).unwrap_or(0) + 1;
            greeting[version + 1 + 4 + 8 + 1 + 1] &= !0x08;
        }
        to_client.write_all(&head).await?;
        to_client.write_all(&greeting).await?;
        if meddling == Meddling::BreakHandshake {
            let count = from_client.read(&mut buffer).await?;
            hear(&buffer[..count]);
            return Ok(());
        }
    }
    let there = async {
        while let Ok(count @ 1..) = from_client.read(&mut buffer).await {
            hear(&buffer[..count]);
            if to_server.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
        let _ = to_server.shutdown().await;
    };
    let back = async {
        let _ = tokio::io::copy(&mut from_server, &mut to_client).await;
        let _ = to_client.shutdown().await;
    };
    tokio::join!(there, back);
    Ok(())
}
