//! A network between a pool and its server that can be measured and cut.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes connections on.
pub(super) struct Proxy {
    port: u16,
    received: Arc<AtomicU64>,
    cuts: watch::Sender<u64>,
}

impl Proxy {
    /// A proxy before the server at `target`.
    pub(super) async fn start(target: String) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let proxy = Self {
            port: listener.local_addr().unwrap().port(),
            received: Arc::default(),
            cuts: watch::Sender::new(0),
        };
        let (received, mut gone) = (Arc::clone(&proxy.received), proxy.cuts.subscribe());
        tokio::spawn(async move {
            loop {
                let client = tokio::select! {
                    accepted = listener.accept() => accepted.unwrap().0,
                    ended = gone.wait_for(|_| false) => match ended {
                        Ok(_) => unreachable!("that never holds"),
                        Err(_) => return,
                    },
                };
                let server = TcpStream::connect(&target).await.unwrap();
                let (received, mut cuts) = (Arc::clone(&received), gone.clone());
                cuts.mark_unchanged();
                tokio::spawn(async move {
                    tokio::select! {
                        () = pass(client, server, &received) => {}
                        _ = cuts.changed() => {}
                    }
                });
            }
        });
        proxy
    }

    /// Where it listens, on the loopback address.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Bytes that have come from the server so far.
    pub(super) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Closes every connection that there is now, on both sides.
    pub(super) fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

async fn pass(client: TcpStream, server: TcpStream, received: &AtomicU64) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let there = async {
        let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
        let _ = to_server.shutdown().await;
    };
    let back = async {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = from_server.read(&mut buffer).await {
            received.fetch_add(count as u64, Ordering::Relaxed);
            if to_client.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
        let _ = to_client.shutdown().await;
    };
    tokio::join!(there, back);
}
