//! The beginning of a connection: from the client's CONNECT to the server's ACCEPT.
//!
//! A listener may ask for the request once more (RESEND) or send the client elsewhere (REDIRECT, as those of clusters do).
//! Both are settled here: the client sees nothing but the end. What it cannot cope with is refused here, too: the one in
//! Rust panics when a server insists on Oracle's own encryption.

use std::io;

use bytes::{BufMut, Bytes, BytesMut};
use gateway_core::OracleClient;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use super::packet::{self, ACCEPT, CONNECT, DATA, HEADER, PacketReader, REDIRECT, REFUSE, RESEND};
use super::upstream::{Dialer, Upstream, unreachable};
use crate::tls::cause_in;
use crate::{ConnectFailure, DriverError};

/// Times that a server may ask for something else before it is given up.
const MAX_TURNS: usize = 8;

/// Where in a CONNECT the length of the connect data is, and where the data begins, counted from the start of the packet.
const DATA_LENGTH: usize = 24;
const DATA_OFFSET: usize = 26;

/// Connect data beyond this follow in a packet of their own.
const MAX_INLINE: usize = 230;

/// In the flags of a packet: the request comes from a redirect; TLS is to begin anew.
const FLAG_REDIRECT: u8 = 0x04;
const FLAG_TLS_AGAIN: u8 = 0x08;

/// In an ACCEPT: where the flags are, and the one that demands Oracle's own encryption.
const ACCEPT_FLAGS: usize = 14;
const NATIVE_ENCRYPTION: u8 = 0x10;

/// An accepted connection.
pub(super) struct Accepted {
    pub(super) upstream: Upstream,
    /// What the server has sent beyond its ACCEPT.
    pub(super) rest: Bytes,
}

/// Brings a client and a server together. `Ok(None)` if the server refused, which the client has been told.
pub(super) async fn handshake(
    reader: &mut PacketReader,
    client: &mut (impl AsyncRead + AsyncWrite + Unpin),
    mut upstream: Upstream,
    mut host: String,
    dialer: &Dialer,
) -> Result<Option<Accepted>, DriverError> {
    let mut request = read_request(reader, client).await?;
    let mut answers = PacketReader::new();
    send(&mut upstream, &request).await?;
    for _ in 0..MAX_TURNS {
        let answer = expect(answers.next(&mut upstream).await)?;
        match packet::kind(&answer) {
            ACCEPT => {
                check(&answer, dialer.client())?;
                send(client, &answer).await?;
                reader.accepted(packet::number(packet::body(&answer), 0));
                let rest = answers.into_rest();
                return Ok(Some(Accepted { upstream, rest }));
            }
            REFUSE => {
                send(client, &answer).await?;
                return Ok(None);
            }
            RESEND => {
                if answer[5] & FLAG_TLS_AGAIN != 0 {
                    upstream = dialer.secure_again(upstream, &host).await?;
                    answers = PacketReader::new();
                }
                send(&mut upstream, &request).await?;
            }
            REDIRECT => {
                let wanted = read_redirect(&answer, &mut answers, &mut upstream).await?;
                let (address, data) = wanted
                    .split_once('\0')
                    .ok_or_else(|| unreachable("the listener's redirect cannot be read"))?;
                let (next, port) = place(address)?;
                upstream = dialer.redirect(&next, port).await?;
                host = next;
                answers = PacketReader::new();
                request = redirected(&request, data)?;
                send(&mut upstream, &request).await?;
            }
            other => return Err(unreachable(&format!("no listener: a packet of type {other}"))),
        }
    }
    Err(unreachable("the listener never accepts"))
}

/// The client's request: a CONNECT, and its data if they did not fit.
async fn read_request(
    reader: &mut PacketReader,
    client: &mut (impl AsyncRead + Unpin),
) -> Result<Bytes, DriverError> {
    let connect = expect(reader.next(client).await)?;
    if packet::kind(&connect) != CONNECT {
        return Err(unreachable("the client library did not begin with a CONNECT"));
    }
    if packet::number(&connect, DATA_OFFSET) + packet::number(&connect, DATA_LENGTH) <= connect.len() {
        return Ok(connect);
    }
    let data = expect(reader.next(client).await)?;
    Ok([connect, data].concat().into())
}

/// What a server says of where to go: in the packet itself, or in the one that follows.
async fn read_redirect(
    answer: &[u8],
    answers: &mut PacketReader,
    upstream: &mut Upstream,
) -> Result<String, DriverError> {
    let body = packet::body(answer);
    let length = packet::number(body, 0);
    let text = match body.get(2..2 + length) {
        Some(text) => text.to_vec(),
        None => {
            let data = expect(answers.next(upstream).await)?;
            if packet::kind(&data) != DATA {
                return Err(unreachable("the listener's redirect cannot be read"));
            }
            // Two bytes of flags come first.
            packet::body(&data).get(2..).unwrap_or_default().to_vec()
        }
    };
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Host and port of the first address in `(ADDRESS=(PROTOCOL=tcp)(HOST=h)(PORT=1521))`, whatever else is said there: where it may lead
/// is judged afterwards.
fn place(text: &str) -> Result<(String, u16), DriverError> {
    let upper = text.to_ascii_uppercase();
    let value = |key: &str| {
        let from = upper.find(key)? + key.len();
        let rest = text.get(from..)?.trim_start().strip_prefix('=')?;
        rest.split_once(')').map(|(value, _)| value.trim())
    };
    let port = value("(PORT").and_then(|port| port.parse().ok());
    match (value("(HOST"), port) {
        (Some(host), Some(port)) if !host.is_empty() => Ok((host.trim_matches(['[', ']']).to_owned(), port)),
        _ => Err(unreachable("the listener's redirect leads to no address")),
    }
}

/// The request as it is sent after a redirect: with other data, and marked.
fn redirected(request: &[u8], data: &str) -> Result<Bytes, DriverError> {
    let (offset, length) = (packet::number(request, DATA_OFFSET), data.len());
    let (Some(fixed), Ok(short)) = (request.get(..offset), u16::try_from(length)) else {
        return Err(unreachable("the listener's redirect cannot be followed"));
    };
    let mut built = BytesMut::from(fixed);
    built[5] |= FLAG_REDIRECT;
    built[DATA_LENGTH..DATA_LENGTH + 2].copy_from_slice(&short.to_be_bytes());
    let is_inline = length <= MAX_INLINE;
    if is_inline {
        built.put_slice(data.as_bytes());
    }
    let size = u16::try_from(built.len()).unwrap_or(u16::MAX);
    built[..2].copy_from_slice(&size.to_be_bytes());
    if !is_inline {
        let size = u16::try_from(HEADER + 2 + length)
            .map_err(|_| unreachable("the listener's redirect is too long"))?;
        built.put_u16(size);
        built.put_slice(&[0, 0, DATA, 0, 0, 0, 0, 0]);
        built.put_slice(data.as_bytes());
    }
    Ok(built.freeze())
}

fn check(accept: &[u8], client: OracleClient) -> Result<(), DriverError> {
    let flags = packet::body(accept).get(ACCEPT_FLAGS).copied();
    match client {
        OracleClient::Thin if flags.unwrap_or_default() & NATIVE_ENCRYPTION != 0 => {}
        OracleClient::Thin | OracleClient::Oci => return Ok(()),
    }
    Err(DriverError::Connect {
        reason: ConnectFailure::Unsupported(
            "The database demands Oracle's native network encryption, which this driver does not have; \
             let it accept TLS, or use the driver oci",
        ),
        message: "native network encryption is demanded".into(),
    })
}

async fn send(to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> Result<(), DriverError> {
    let sent = async {
        to.write_all(bytes).await?;
        to.flush().await
    };
    sent.await.map_err(|failure| broken(&failure))
}

fn expect(packet: io::Result<Option<Bytes>>) -> Result<Bytes, DriverError> {
    match packet {
        Ok(Some(packet)) => Ok(packet),
        Ok(None) => Err(unreachable("the connection was closed before it was accepted")),
        Err(failure) => Err(broken(&failure)),
    }
}

/// A server of TLS 1.3 says what it thinks of our certificate after its own handshake is over.
fn broken(failure: &io::Error) -> DriverError {
    DriverError::Connect {
        reason: cause_in(failure).map_or(ConnectFailure::Unreachable, ConnectFailure::Tls),
        message: failure.to_string(),
    }
}
