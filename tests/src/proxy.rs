//! A network that can be broken in mid-stream.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::Failed;

/// What happens to the connections that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Both ends are closed.
    Cut,
    /// Nothing passes any more, and nobody is told.
    Stall,
    /// As [`Fault::Stall`], and new connections get no answer either.
    BlackHole,
    /// Each end is told that the other sends no more, and nothing is closed.
    HalfClose,
    /// As [`Fault::Cut`], and new connections are closed at once.
    Refuse,
}

impl Fault {
    /// Those of a network, which concern the connections that there are.
    pub const ALL: [Self; 4] = [Self::Cut, Self::Stall, Self::BlackHole, Self::HalfClose];
}

/// What the connections are to do, and since when.
#[derive(Debug, Clone, Copy, Default)]
struct Order {
    number: u64,
    fault: Option<Fault>,
}

/// Passes connections on to a server until told otherwise. Its tasks end with it.
pub struct Proxy {
    port: u16,
    accepted: Arc<AtomicU64>,
    orders: watch::Sender<Order>,
    _tasks: JoinSet<()>,
}

impl Proxy {
    /// A proxy before the server at `target`, such as `127.0.0.1:5432`.
    ///
    /// # Errors
    ///
    /// If there is no free port or the target is no address.
    pub async fn start(target: &str) -> Result<Self, Failed> {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into(), target).await
    }

    /// [`Proxy::start`] at an address of its own.
    ///
    /// # Errors
    ///
    /// If the address is taken or the target is no address.
    pub async fn start_at(address: SocketAddr, target: &str) -> Result<Self, Failed> {
        let target: SocketAddr = target.parse()?;
        let listener = TcpListener::bind(address).await?;
        let port = listener.local_addr()?.port();
        let orders = watch::Sender::new(Order::default());
        let seen = orders.subscribe();
        let accepted = Arc::<AtomicU64>::default();
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, target, seen, Arc::clone(&accepted)));
        Ok(Self {
            port,
            accepted,
            orders,
            _tasks: tasks,
        })
    }

    /// Where it listens, on the loopback address.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many connections have come in so far.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::SeqCst)
    }

    /// Breaks every connection that there is.
    pub fn inflict(&self, fault: Fault) {
        self.orders.send_modify(|order| {
            order.number += 1;
            order.fault = Some(fault);
        });
    }

    /// Turns new connections away and leaves those alone that there are.
    pub fn shut(&self) {
        self.orders.send_modify(|order| order.fault = Some(Fault::Refuse));
    }

    /// Lets new connections through again.
    pub fn heal(&self) {
        self.orders.send_modify(|order| order.fault = None);
    }
}

async fn accept(
    listener: TcpListener,
    target: SocketAddr,
    mut orders: watch::Receiver<Order>,
    accepted: Arc<AtomicU64>,
) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        accepted.fetch_add(1, Ordering::SeqCst);
        let order = *orders.borrow_and_update();
        let mut orders = orders.clone();
        connections.spawn(async move {
            match order.fault {
                Some(Fault::BlackHole) => {
                    let _kept = client;
                    return std::future::pending::<()>().await;
                }
                Some(Fault::Refuse) => return,
                Some(Fault::Cut | Fault::Stall | Fault::HalfClose) | None => {}
            }
            let Ok(server) = TcpStream::connect(target).await else {
                return;
            };
            pass(client, server, order.number, &mut orders).await;
        });
    }
}

async fn pass(client: TcpStream, server: TcpStream, number: u64, orders: &mut watch::Receiver<Order>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (to_client, to_server) = (
        Arc::new(tokio::sync::Mutex::new(to_client)),
        Arc::new(tokio::sync::Mutex::new(to_server)),
    );
    let fault = tokio::select! {
        _ = async { tokio::join!(pump(from_client, &to_server), pump(from_server, &to_client)) } => return,
        order = orders.wait_for(|order| order.number > number) => order.ok().and_then(|order| order.fault),
    };
    match fault {
        Some(Fault::Cut | Fault::Refuse) | None => {}
        Some(Fault::Stall | Fault::BlackHole) => {
            let _kept = (to_client, to_server);
            std::future::pending::<()>().await;
        }
        Some(Fault::HalfClose) => {
            let _ = to_client.lock().await.shutdown().await;
            let _ = to_server.lock().await.shutdown().await;
            std::future::pending::<()>().await;
        }
    }
}

async fn pump(mut from: OwnedReadHalf, to: &tokio::sync::Mutex<OwnedWriteHalf>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if to.lock().await.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
    let _ = to.lock().await.shutdown().await;
}
