//! A relay of one connection on the loopback address, between the client library and the server.
//!
//! The client library cannot stop a running statement, waits for ever for a server that does not answer, and knows TLS only
//! with files of its own. All of that is done from outside: the relay forwards whole packets, writes an interrupt between two
//! of them, checks certificates, and by ending it ends whatever the library waits for. The library itself reacts to an
//! interrupt as it must: the server's reset is answered, and the call fails with ORA-01013.

mod answer;
mod handshake;
mod packet;
mod peer;
mod upstream;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use gateway_core::OracleClient;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

pub(super) use self::answer::Answer;

use self::handshake::{Accepted, handshake};
use self::packet::PacketReader;
use self::upstream::{Dialer, Upstream, unreachable};
use crate::tls::client_config;
use crate::{ConnectFailure, DriverError, Place, Target};

/// Bytes that are forwarded to the client at once.
const CHUNK: usize = 64 * 1024;

/// Interrupts that may wait to be written.
const INTERRUPTS: usize = 8;

/// A relay. When it is dropped its connections are closed.
pub(super) struct Relay {
    port: u16,
    is_encrypted: bool,
    interrupts: mpsc::Sender<oneshot::Sender<()>>,
    failure: Option<oneshot::Receiver<DriverError>>,
    answer: Arc<Answer>,
    task: AbortHandle,
}

impl Relay {
    /// Connects to the target's server, and waits for the client library on a loopback port.
    pub(super) async fn open(target: &Target<'_>, client: OracleClient) -> Result<Self, DriverError> {
        let Place::Tcp(address) = target.place else {
            return Err(unreachable("only TCP is supported"));
        };
        let dialer = Dialer::new(target.network.clone(), client_config(target).await?, client);
        let host = match target.host {
            Some(host) => host.to_owned(),
            None => address.ip().to_string(),
        };
        let upstream = dialer.dial(*address, &host).await?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(local)?;
        let port = listener.local_addr().map_err(local)?.port();
        let (interrupts, asked) = mpsc::channel(INTERRUPTS);
        let (failed, failure) = oneshot::channel();
        let is_encrypted = dialer.is_encrypted();
        let answer = Arc::new(Answer::default());
        let work = Work {
            listener,
            upstream,
            host,
            dialer,
            asked,
            failed,
            answer: Arc::clone(&answer),
        };
        let task = tokio::spawn(work.serve());
        Ok(Self {
            port,
            is_encrypted,
            interrupts,
            failure: Some(failure),
            answer,
            task: task.abort_handle(),
        })
    }

    /// The port that the client library is to connect to.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Whether the connection to the server is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// Tells why no connection came about, if the relay knows more than the client library. It is told before the library
    /// is.
    pub(super) fn failure(&mut self) -> Option<oneshot::Receiver<DriverError>> {
        self.failure.take()
    }

    /// How large the server's answers are.
    pub(super) fn answer(&self) -> &Answer {
        &self.answer
    }

    /// What stops statements.
    pub(super) fn interrupter(&self) -> Interrupter {
        Interrupter(self.interrupts.clone())
    }

    /// Closes the connections now.
    pub(super) fn close(&self) {
        self.task.abort();
    }

    /// What closes the connections.
    pub(super) fn killer(&self) -> AbortHandle {
        self.task.clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Stops what runs on a connection.
#[derive(Clone)]
pub(super) struct Interrupter(mpsc::Sender<oneshot::Sender<()>>);

impl Interrupter {
    /// Writes an interrupt to the server, between two packets of the client's, and returns when it is written.
    pub(super) async fn interrupt(&self) -> Result<(), DriverError> {
        let gone = || DriverError::Lost("the connection is closed".into());
        let (written, done) = oneshot::channel();
        self.0.send(written).await.map_err(|_| gone())?;
        done.await.map_err(|_| gone())
    }
}

/// What a relay's task works with.
struct Work {
    listener: TcpListener,
    upstream: Upstream,
    host: String,
    dialer: Dialer,
    asked: mpsc::Receiver<oneshot::Sender<()>>,
    failed: oneshot::Sender<DriverError>,
    answer: Arc<Answer>,
}

impl Work {
    async fn serve(self) {
        let Self {
            listener,
            upstream,
            host,
            dialer,
            asked,
            failed,
            answer,
        } = self;
        let Ok(mut client) = accept(&listener).await else {
            return;
        };
        drop(listener);
        let mut reader = PacketReader::new();
        let accepted = handshake(&mut reader, &mut client, upstream, host, &dialer).await;
        let Accepted { upstream, rest } = match accepted {
            Ok(Some(accepted)) => accepted,
            Ok(None) => return,
            Err(failure) => {
                let _ = failed.send(failure);
                return;
            }
        };
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = tokio::io::split(upstream);
        // Whichever ends first, there is nothing left to say on the other side.
        let _ = tokio::select! {
            ended = forward(&mut reader, &mut from_client, &mut to_server, asked, &answer) => ended,
            ended = give_back(&rest, &mut from_server, &mut to_client, &answer) => ended,
        };
        let _ = to_server.shutdown().await;
    }
}

/// The connection that this process makes; others are hung up on.
async fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    let local = listener.local_addr()?;
    loop {
        let (client, peer) = listener.accept().await?;
        if is_ours(peer, local).await {
            client.set_nodelay(true)?;
            return Ok(client);
        }
    }
}

async fn is_ours(peer: SocketAddr, local: SocketAddr) -> bool {
    tokio::task::spawn_blocking(move || peer::is_ours(peer, local))
        .await
        .unwrap_or(false)
}

/// From the client to the server, packet by packet.
async fn forward(
    reader: &mut PacketReader,
    client: &mut (impl tokio::io::AsyncRead + Unpin),
    server: &mut (impl tokio::io::AsyncWrite + Unpin),
    mut asked: mpsc::Receiver<oneshot::Sender<()>>,
    answer: &Answer,
) -> io::Result<()> {
    loop {
        tokio::select! {
            packet = reader.next(client) => match packet? {
                Some(packet) => {
                    answer.begin();
                    server.write_all(&packet).await?;
                }
                None => return Ok(()),
            },
            Some(written) = asked.recv() => {
                server.write_all(reader.interrupt()).await?;
                let _ = written.send(());
            }
        }
        server.flush().await?;
    }
}

/// From the server to the client, as it comes.
async fn give_back(
    rest: &[u8],
    server: &mut (impl tokio::io::AsyncRead + Unpin),
    client: &mut (impl tokio::io::AsyncWrite + Unpin),
    answer: &Answer,
) -> io::Result<()> {
    client.write_all(rest).await?;
    let mut buffer = vec![0; CHUNK];
    loop {
        match server.read(&mut buffer).await? {
            0 => return Ok(()),
            count if answer.take(count) => client.write_all(&buffer[..count]).await?,
            _ => return Ok(()),
        }
    }
}

fn local(failure: io::Error) -> DriverError {
    DriverError::Connect {
        reason: ConnectFailure::Unreachable,
        message: format!("the relay on the loopback address: {failure}"),
    }
}
