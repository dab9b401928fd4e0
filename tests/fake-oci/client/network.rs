//! As much of Oracle Net as shows what the other side does with a connection: opening it, waiting on it, losing it.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::script::Fault;

const CONNECT: u8 = 1;
const ACCEPT: u8 = 2;
const DATA: u8 = 6;
const MARKER: u8 = 12;

/// The version of the protocol from which on lengths have four bytes.
const LONG_LENGTHS: u16 = 315;

/// Bytes of a packet before its body.
const HEADER: usize = 8;

/// A connection to a server.
pub(crate) struct Connection {
    stream: TcpStream,
    /// Whether lengths have four bytes.
    has_long_lengths: bool,
}

impl Connection {
    /// Connects to the address in a descriptor; `None` if there is none in it.
    pub(crate) fn open(descriptor: &str) -> Option<Result<Self, Fault>> {
        let part = |key: &str| Some(descriptor.split_once(key)?.1.split_once(')')?.0);
        let (host, port) = (part("(HOST=")?, part("(PORT=")?.parse().ok()?);
        Some(Self::begin(host, port))
    }

    fn begin(host: &str, port: u16) -> Result<Self, Fault> {
        let mut stream = TcpStream::connect((host, port)).map_err(|_| Fault {
            code: 12541,
            message: "TNS:no listener",
        })?;
        let mut request = [0; 70];
        (request[1], request[4], request[27]) = (70, CONNECT, 70);
        let mut answer = [0; HEADER];
        let answered = stream
            .write_all(&request)
            .and_then(|()| stream.read_exact(&mut answer));
        match answered {
            Ok(()) if answer[4] == ACCEPT => {}
            _ => {
                return Err(Fault {
                    code: 12547,
                    message: "TNS:lost contact",
                });
            }
        }
        let mut body = vec![0; usize::from(answer[0]) << 8 | usize::from(answer[1])];
        body.truncate(body.len() - HEADER);
        stream.read_exact(&mut body).map_err(|_| Fault::LOST)?;
        Ok(Self {
            stream,
            has_long_lengths: u16::from_be_bytes([body[0], body[1]]) >= LONG_LENGTHS,
        })
    }

    /// Sends a request, and waits for what comes: an interrupt, the end of the connection, or the call's time limit.
    pub(crate) fn wait(&mut self, limit: Option<Duration>) -> Fault {
        let mut request = [0, 0, 0, 0, DATA, 0, 0, 0, 0, 0];
        request[if self.has_long_lengths { 3 } else { 1 }] = 10;
        let mut answer = [0; HEADER + 3];
        let answered = self
            .stream
            .set_read_timeout(limit)
            .and_then(|()| self.stream.write_all(&request))
            .and_then(|()| self.stream.read_exact(&mut answer));
        match answered {
            Ok(()) if answer[4] == MARKER => Fault {
                code: 1013,
                message: "user requested cancel of current operation",
            },
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                Fault::TIMED_OUT
            }
            _ => Fault::LOST,
        }
    }
}
