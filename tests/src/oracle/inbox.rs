//! What a client has sent and the session has not yet looked at. A reader of its own fills it, so that a break is noticed
//! while the session computes.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::faults::Frost;
use super::wire::malformed;
use super::{Flow, Halt, OraError, packet};

/// Packets that wait; a client that sends more must wait itself.
const CAPACITY: usize = 64;
/// The largest packet that is believed in.
const MAX_PACKET: usize = 1 << 21;
/// In the flags of data: the client says goodbye.
const END_OF_FILE: u16 = 0x0040;

/// A packet.
#[derive(Debug)]
pub(super) struct Packet {
    pub(super) kind: u8,
    pub(super) body: Vec<u8>,
}

#[derive(Debug, Default)]
struct State {
    packets: VecDeque<Packet>,
    /// The client is gone.
    ended: bool,
    /// The double stops.
    stopped: bool,
    killed: Option<OraError>,
    broken: bool,
}

/// The packets of one session.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    state: Mutex<State>,
    changed: Condvar,
    /// A computation should stop and look why. Kept apart so that asking is cheap.
    disturbed: AtomicBool,
    /// Lengths have four bytes: after the handshake.
    large: AtomicBool,
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fills the inbox until the client is gone.
    pub(super) fn fill(&self, mut stream: &TcpStream, frost: &Frost) {
        loop {
            frost.wait_for_thaw(self);
            let Ok(packet) = self.read(&mut stream) else {
                self.lock().ended = true;
                self.changed.notify_all();
                return;
            };
            frost.wait_for_thaw(self);
            let mut state = self.lock();
            if packet.kind == packet::MARKER && packet.body.get(2) != Some(&packet::RESET) {
                state.broken = true;
                self.disturbed.store(true, Ordering::Relaxed);
            }
            while state.packets.len() >= CAPACITY && !state.stopped {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            state.packets.push_back(packet);
            self.changed.notify_all();
        }
    }

    fn read(&self, stream: &mut &TcpStream) -> io::Result<Packet> {
        let mut head = [0; packet::HEADER];
        stream.read_exact(&mut head)?;
        let length = if self.large.load(Ordering::Relaxed) {
            u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize
        } else {
            usize::from(u16::from_be_bytes([head[0], head[1]]))
        };
        if !(packet::HEADER..=MAX_PACKET).contains(&length) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a packet of no sensible length",
            ));
        }
        let mut body = vec![0; length - packet::HEADER];
        stream.read_exact(&mut body)?;
        Ok(Packet { kind: head[4], body })
    }

    /// From now on lengths have four bytes.
    pub(super) fn expect_large_packets(&self) {
        self.large.store(true, Ordering::Relaxed);
    }

    /// The next packet.
    pub(super) fn packet(&self) -> Flow<Packet> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return Err(gone("the double stops"));
            }
            if let Some(packet) = state.packets.pop_front() {
                self.changed.notify_all();
                return Ok(packet);
            }
            if state.ended {
                return Err(gone("the client has left"));
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The content of the next packet, which must be data.
    ///
    /// # Errors
    ///
    /// [`Halt::Broken`] if it is a break instead.
    pub(super) fn data(&self) -> Flow<Vec<u8>> {
        let Packet { kind, mut body } = self.packet()?;
        match kind {
            packet::MARKER => Err(Halt::Broken(body.get(2).copied().unwrap_or(packet::BREAK))),
            packet::DATA if body.len() >= 2 => {
                if u16::from_be_bytes([body[0], body[1]]) & END_OF_FILE != 0 {
                    return Err(gone("the client has said goodbye"));
                }
                body.drain(..2);
                Ok(body)
            }
            kind => Err(malformed(format!("a packet of type {kind}"))),
        }
    }

    /// Whether a computation should stop: ask [`Inbox::disturbance`] then.
    pub(super) fn is_disturbed(&self) -> bool {
        self.disturbed.load(Ordering::Relaxed)
    }

    /// Why a computation should stop, if it should.
    pub(super) fn disturbance(&self) -> Flow<()> {
        let mut state = self.lock();
        if state.stopped {
            return Err(gone("the double stops"));
        }
        if let Some(failure) = &state.killed {
            return Err(Halt::Killed(failure.clone()));
        }
        if !state.broken {
            return Ok(());
        }
        let mut marker = packet::BREAK;
        while let Some(packet) = state.packets.pop_front() {
            if packet.kind == packet::MARKER {
                marker = packet.body.get(2).copied().unwrap_or(marker);
                break;
            }
        }
        Err(Halt::Broken(marker))
    }

    /// Forgets a break that has been dealt with.
    pub(super) fn calm(&self) {
        let mut state = self.lock();
        state.broken = state
            .packets
            .iter()
            .any(|packet| packet.kind == packet::MARKER && packet.body.get(2) != Some(&packet::RESET));
        let disturbed = state.broken || state.stopped || state.killed.is_some();
        self.disturbed.store(disturbed, Ordering::Relaxed);
    }

    /// Waits until the double ends the connection.
    pub(super) fn until_stopped(&self) -> Flow<()> {
        let mut state = self.lock();
        while !state.stopped {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        Err(gone("the double stops"))
    }

    /// Whether the double has ended the connection.
    pub(super) fn is_stopped(&self) -> bool {
        self.lock().stopped
    }

    /// Does nothing for a while, or until something should stop it. Costs no CPU. As a server does, it does not notice that
    /// its client has left.
    pub(super) fn sleep(&self, time: Duration) {
        let end = Instant::now() + time;
        let mut state = self.lock();
        while !self.is_disturbed() {
            let Some(left) = end.checked_duration_since(Instant::now()) else {
                return;
            };
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The session ends at its next step.
    pub(super) fn stop(&self) {
        self.disturb(|state| state.stopped = true);
    }

    /// The session ends with an error that the client is told at its next call, or in this one.
    pub(super) fn kill(&self, failure: OraError) {
        self.disturb(|state| state.killed = Some(failure));
    }

    fn disturb(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        self.disturbed.store(true, Ordering::Relaxed);
        self.changed.notify_all();
    }
}

fn gone(why: impl Into<String>) -> Halt {
    Halt::Gone(io::Error::new(io::ErrorKind::UnexpectedEof, why.into()))
}
