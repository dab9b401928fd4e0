//! As much of a database server as is needed for a connection to exist: it accepts, and answers interrupts. What is in the
//! packets is the client library's business, which here plays from a script.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const ACCEPT: u8 = 2;
const MARKER: u8 = 12;

/// In the flags of an ACCEPT: Oracle's own encryption is demanded.
pub(crate) const NATIVE_ENCRYPTION: u8 = 0x10;

/// How a server is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// In its ACCEPT.
    pub(crate) flags: u8,
    /// The version of the protocol; from 315 on lengths have four bytes.
    pub(crate) version: u16,
    pub(crate) answers_interrupts: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            flags: 0,
            version: 318,
            answers_interrupts: true,
        }
    }
}

/// A server that runs until the process ends.
pub(crate) struct Listener {
    pub(crate) port: u16,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    open: AtomicUsize,
    requests: AtomicUsize,
    interrupts: AtomicUsize,
}

impl Listener {
    pub(crate) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let counts = Arc::new(Counts::default());
        let shared = Arc::clone(&counts);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let counts = Arc::clone(&shared);
                counts.open.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || {
                    // The end of the connection, however it comes.
                    let _ = serve(stream, manner, &counts);
                    counts.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { port, counts }
    }

    /// Connections that are open.
    pub(crate) fn open(&self) -> usize {
        self.counts.open.load(Ordering::SeqCst)
    }

    /// Requests that came after the login.
    pub(crate) fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }

    /// Interrupts that came.
    pub(crate) fn interrupts(&self) -> usize {
        self.counts.interrupts.load(Ordering::SeqCst)
    }
}

fn serve(mut stream: TcpStream, manner: Manner, counts: &Counts) -> io::Result<()> {
    read_packet(&mut stream, false)?;
    let mut accept = [0; 32];
    (accept[1], accept[4]) = (32, ACCEPT);
    accept[8..10].copy_from_slice(&manner.version.to_be_bytes());
    accept[8 + 14] = manner.flags;
    stream.write_all(&accept)?;
    let has_long_lengths = manner.version >= 315;
    loop {
        if read_packet(&mut stream, has_long_lengths)? != MARKER {
            counts.requests.fetch_add(1, Ordering::SeqCst);
            continue;
        }
        counts.interrupts.fetch_add(1, Ordering::SeqCst);
        if manner.answers_interrupts {
            stream.write_all(&[0, 0, 0, 11, MARKER, 0, 0, 0, 1, 0, 1])?;
        }
    }
}

/// Reads a packet, and tells its type.
fn read_packet(stream: &mut TcpStream, has_long_lengths: bool) -> io::Result<u8> {
    let mut head = [0; 8];
    stream.read_exact(&mut head)?;
    let length = if has_long_lengths {
        u32::from_be_bytes([head[0], head[1], head[2], head[3]])
    } else {
        u32::from(u16::from_be_bytes([head[0], head[1]]))
    };
    let mut body = vec![0; length as usize - head.len()];
    stream.read_exact(&mut body)?;
    Ok(head[4])
}
