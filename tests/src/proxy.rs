//! A network that can be broken in mid-stream.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

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
    /// What the server says passes a byte at a time, with this between two of them.
    pause: Option<Duration>,
    /// Nothing passes now; what is under way passes later.
    is_parted: bool,
}

/// Passes connections on to a server until told otherwise. Its tasks end with it.
pub struct Proxy {
    port: u16,
    target: SocketAddr,
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
            target,
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

    /// The server behind it.
    #[must_use]
    pub fn target(&self) -> SocketAddr {
        self.target
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

    /// From now on what the server says passes a byte at a time, with a pause after each.
    pub fn slow_down(&self, pause: Duration) {
        self.orders.send_modify(|order| order.pause = Some(pause));
    }

    /// From now on nothing passes, and nobody is told. What is sent meanwhile arrives when the network is whole again, as what
    /// TCP sends again does.
    pub fn part(&self) {
        self.orders.send_modify(|order| order.is_parted = true);
    }

    /// Lets new connections through again, at full speed.
    pub fn heal(&self) {
        self.orders.send_modify(|order| {
            order.is_parted = false;
            order.fault = None;
            order.pause = None;
        });
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
            until_whole(&mut orders.clone()).await;
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
    let followed = orders.clone();
    let both = async {
        tokio::join!(
            pump(from_client, &to_server, followed.clone(), false),
            pump(from_server, &to_client, followed.clone(), true)
        )
    };
    let fault = tokio::select! {
        _ = both => return,
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

async fn until_whole(orders: &mut watch::Receiver<Order>) {
    // Only the proxy's own end ends the channel.
    let _ = orders.wait_for(|order| !order.is_parted).await;
}

async fn pump(
    mut from: OwnedReadHalf,
    to: &tokio::sync::Mutex<OwnedWriteHalf>,
    mut orders: watch::Receiver<Order>,
    is_paced: bool,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        until_whole(&mut orders).await;
        let mut rest = &buffer[..count];
        while is_paced && let Some((first, others)) = rest.split_first() {
            let Some(pause) = orders.borrow_and_update().pause else {
                break;
            };
            if to.lock().await.write_all(&[*first]).await.is_err() {
                return;
            }
            rest = others;
            // Whoever heals the network need not wait for the pause.
            let healed = orders.wait_for(|order| order.pause.is_none());
            let _ = tokio::time::timeout(pause, healed).await;
        }
        if to.lock().await.write_all(rest).await.is_err() {
            return;
        }
    }
    until_whole(&mut orders).await;
    let _ = to.lock().await.shutdown().await;
}
