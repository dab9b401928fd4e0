//! Accepting connections, each served by threads of its own.

use std::collections::HashMap;
use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use socket2::SockRef;

use super::facts::{Counted, SessionFacts, lock};
use super::faults::{Fault, Frost};
use super::handshake::{House, SDU};
use super::inbox::Inbox;
use super::lob::Lobs;
use super::packet::Link;
use super::session::Session;
use super::wire::Out;
use super::{Flow, Halt, Shared};

/// How long a write waits until it looks whether the double has ended the connection.
const LOOK_UP: Duration = Duration::from_millis(100);

/// A connection, as the double holds it from outside.
#[derive(Debug)]
pub(super) struct Held {
    stream: Weak<TcpStream>,
    pub(super) inbox: Arc<Inbox>,
    thread: Option<JoinHandle<()>>,
}

impl Held {
    /// Ends it, and waits for the end.
    pub(super) fn end(mut self, frost: &Frost, reset: bool) {
        let stream = self.stream.upgrade();
        if let Some(stream) = stream.as_ref().filter(|_| reset) {
            // Before the session wakes, which closes its connection accordingly. A failure means that it is closed already.
            let _ = SockRef::from(&**stream).set_linger(Some(Duration::ZERO));
        }
        self.inbox.stop();
        frost.nudge();
        if let Some(stream) = stream {
            let _ = stream.shutdown(if reset { Shutdown::Read } else { Shutdown::Both });
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Accepts until the double ends.
pub(super) fn listen(shared: &Arc<Shared>, listener: &TcpListener) {
    while let Ok((stream, _)) = listener.accept() {
        if shared.ended.load(Ordering::SeqCst) {
            return;
        }
        let number = shared.board.connects.fetch_add(1, Ordering::SeqCst) as u64 + 1;
        let stream = Arc::new(stream);
        let inbox = Arc::<Inbox>::default();
        let held = Held {
            stream: Arc::downgrade(&stream),
            inbox: Arc::clone(&inbox),
            thread: None,
        };
        lock(&shared.connections).insert(number, held);
        let (served, counted) = (Arc::clone(shared), Counted::new(&shared.board.sockets));
        let thread = thread::spawn(move || {
            // Whatever ends a connection ends only that.
            if let Err(failure) = serve(&served, &stream, &inbox, number)
                && failure.kind() == io::ErrorKind::InvalidData
            {
                served.board.complain(failure.to_string());
            }
            served.board.leave(number);
            drop(stream);
            drop(counted);
        });
        let mut connections = lock(&shared.connections);
        connections.retain(|_, held| held.thread.as_ref().is_none_or(|thread| !thread.is_finished()));
        if let Some(held) = connections.get_mut(&number) {
            held.thread = Some(thread);
        }
    }
}

fn serve(shared: &Arc<Shared>, stream: &Arc<TcpStream>, inbox: &Arc<Inbox>, number: u64) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(LOOK_UP))?;
    let reader = {
        let (stream, inbox, frost) = (Arc::clone(stream), Arc::clone(inbox), Arc::clone(&shared.frost));
        thread::spawn(move || inbox.fill(&stream, &frost))
    };
    let link = Link::new(
        Arc::clone(stream),
        Arc::clone(inbox),
        Arc::clone(&shared.frost),
        SDU,
    );
    let outcome = converse(shared, link, inbox, number);
    inbox.stop();
    let is_reset = SockRef::from(&**stream).linger()? == Some(Duration::ZERO);
    // A reset comes when the last holder lets go; a goodbye before it would spoil it.
    let _ = stream.shutdown(if is_reset { Shutdown::Read } else { Shutdown::Both });
    let _ = reader.join();
    match outcome {
        Err(Halt::Gone(failure)) => Err(failure),
        _ => Ok(()),
    }
}

fn converse(shared: &Arc<Shared>, mut link: Link, inbox: &Arc<Inbox>, number: u64) -> Flow<()> {
    let fault = shared.fault();
    if fault == Fault::Silent {
        return inbox.until_stopped();
    }
    if let Fault::Trickle { bytes, pause } = fault {
        link.trickle = Some((bytes, pause));
    }
    let house = House {
        mode: shared.settings.mode,
        service: &shared.settings.service,
        user: &shared.settings.user,
        password: &shared.settings.password,
        fault,
        number,
    };
    let Some(arrival) = house.receive(&mut link)? else {
        return Ok(());
    };
    let profile = shared.board.enter(SessionFacts {
        id: number,
        user: arrival.user,
        service: arrival.service,
        about: arrival.about,
        settings: shared.settings.nls(),
        ..SessionFacts::default()
    });
    let connection = shared
        .database
        .connect(Some((Arc::clone(&profile), Arc::clone(inbox))))
        .map_err(|failure| Halt::Gone(io::Error::other(failure)))?;
    let mut session = Session {
        shared: Arc::clone(shared),
        profile,
        link,
        inbox: Arc::clone(inbox),
        connection: &connection,
        version: arrival.version,
        cursors: HashMap::new(),
        next_cursor: 1,
        current: None,
        lobs: Lobs::default(),
        out: Out::default(),
    };
    Ok(session.serve()?)
}
