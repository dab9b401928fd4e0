//! Starting a double, asking it, and making things go wrong.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use super::database::Database;
use super::facts::{Board, SessionFacts, Stats, lock};
use super::faults::{Fault, Frost, RowFault};
use super::listener::{self, Held};
use super::script::{self, Answer, Pattern};
use super::tls::{Front, Tls};
use super::{OraError, every};

/// Which server it passes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// 19c: negotiation step by step, and answers that do not say where they end.
    Classic,
    /// 23ai: negotiation and login in one message, and answers that say where they end.
    Fast,
}

impl Mode {
    /// Which fields messages have.
    pub(super) fn field_version(self) -> u8 {
        match self {
            Self::Classic => 12,
            Self::Fast => 24,
        }
    }

    pub(super) fn version_number(self) -> u32 {
        match self {
            Self::Classic => 0x1300_0000,
            Self::Fast => 0x171a_1000,
        }
    }

    pub(super) fn version(self) -> &'static str {
        match self {
            Self::Classic => "19.0.0.0.0",
            Self::Fast => "23.26.1.0.0",
        }
    }

    pub(super) fn banner(self) -> &'static str {
        match self {
            Self::Classic => "Oracle Database 19c Enterprise Edition Release 19.0.0.0.0 - Production",
            Self::Fast => "Oracle AI Database 26ai Enterprise Edition Release 23.26.1.0.0 - Production",
        }
    }
}

/// What a double is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which server it passes for.
    pub mode: Mode,
    /// Where it listens; a free port of the loopback address unless set.
    pub address: SocketAddr,
    /// The account.
    pub user: String,
    /// Its password.
    pub password: String,
    /// The service, which is a SID as well.
    pub service: String,
    /// Whether it speaks TLS.
    pub tls: Option<Tls>,
}

impl Settings {
    /// `scott`, `tiger` and `testpdb`.
    #[must_use]
    pub fn new(mode: Mode) -> Self {
        Self {
            mode,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            user: "scott".to_owned(),
            password: "tiger".to_owned(),
            service: "testpdb".to_owned(),
            tls: None,
        }
    }

    /// What a session starts with.
    pub(super) fn nls(&self) -> BTreeMap<String, String> {
        [
            ("NLS_LANGUAGE", "AMERICAN"),
            ("NLS_TERRITORY", "AMERICA"),
            ("NLS_NUMERIC_CHARACTERS", ".,"),
            ("NLS_DATE_FORMAT", "DD-MON-RR"),
            ("NLS_TIMESTAMP_FORMAT", "DD-MON-RR HH.MI.SSXFF AM"),
            ("NLS_CHARACTERSET", "AL32UTF8"),
            ("NLS_NCHAR_CHARACTERSET", "AL16UTF16"),
            ("NLS_COMP", "BINARY"),
            ("NLS_SORT", "BINARY"),
            ("TIME_ZONE", "+00:00"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }
}

/// What all threads of a double see.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) settings: Settings,
    pub(super) board: Arc<Board>,
    pub(super) frost: Arc<Frost>,
    pub(super) database: Database,
    pub(super) ended: AtomicBool,
    pub(super) connections: Mutex<HashMap<u64, Held>>,
    scripts: Mutex<Vec<(Pattern, Answer)>>,
    fault: Mutex<Fault>,
    row_fault: Mutex<Option<(u64, RowFault)>>,
}

impl Shared {
    pub(super) fn fault(&self) -> Fault {
        lock(&self.fault).clone()
    }

    pub(super) fn row_fault(&self) -> Option<(u64, RowFault)> {
        lock(&self.row_fault).clone()
    }

    /// The answer that a test has written for a statement.
    pub(super) fn scripted(&self, sql: &str) -> Option<Answer> {
        script::find(&lock(&self.scripts), sql)
    }
}

/// A double. It and all of its threads end with it.
#[derive(Debug)]
pub struct Double {
    shared: Arc<Shared>,
    /// Where it listens plainly.
    address: SocketAddr,
    listening: Option<JoinHandle<()>>,
    front: Option<Front>,
}

impl Double {
    /// Starts one on a free port of the loopback address.
    ///
    /// # Errors
    ///
    /// If there is no free port or no room for its database.
    pub fn start(mode: Mode) -> io::Result<Self> {
        Self::start_with(Settings::new(mode))
    }

    /// Starts one.
    ///
    /// # Errors
    ///
    /// If the port is taken or there is no room for its database.
    pub fn start_with(settings: Settings) -> io::Result<Self> {
        let mut listener = TcpListener::bind(settings.address)?;
        let mut front = None;
        if let Some(tls) = &settings.tls {
            let plain = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            let back = plain.local_addr()?;
            front = Some(Front::start(tls, std::mem::replace(&mut listener, plain), back)?);
        }
        let address = listener.local_addr()?;
        let board = Arc::<Board>::default();
        let database = Database::create(settings.mode, Arc::clone(&board)).map_err(io::Error::other)?;
        let shared = Arc::new(Shared {
            settings,
            board,
            frost: Arc::default(),
            database,
            ended: AtomicBool::new(false),
            connections: Mutex::default(),
            scripts: Mutex::new(every::scripts()),
            fault: Mutex::default(),
            row_fault: Mutex::default(),
        });
        let listening = {
            let shared = Arc::clone(&shared);
            thread::spawn(move || listener::listen(&shared, &listener))
        };
        Ok(Self {
            shared,
            address,
            listening: Some(listening),
            front,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.front.as_ref().map_or(self.address, Front::address)
    }

    /// The port where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address().port()
    }

    /// Counts of what it does.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.shared.board.stats()
    }

    /// Its sessions.
    #[must_use]
    pub fn sessions(&self) -> Vec<SessionFacts> {
        self.shared.board.sessions()
    }

    /// The statements it was given, the last ten thousand.
    #[must_use]
    pub fn statements(&self) -> Vec<String> {
        self.shared.board.log()
    }

    /// What clients have said that the double did not understand, and closed the connection for.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        self.shared.board.complaints()
    }

    /// Writes the answer to some statements. It goes before those written earlier, and before the database.
    pub fn script(&self, pattern: impl Into<Pattern>, answer: Answer) {
        lock(&self.shared.scripts).push((pattern.into(), answer));
    }

    /// Runs a statement behind the sessions' backs, in Oracle's words or SQLite's.
    ///
    /// # Errors
    ///
    /// As Oracle would say it.
    pub fn execute(&self, sql: &str) -> Result<(), OraError> {
        self.shared.database.execute(sql)
    }

    /// As [`Double::execute`]: the first column of the first row as text, empty if it is NULL or there is none.
    ///
    /// # Errors
    ///
    /// As Oracle would say it.
    pub fn ask(&self, sql: &str) -> Result<String, OraError> {
        self.shared.database.ask(sql)
    }

    /// What befalls connections from now on.
    pub fn set_fault(&self, fault: Fault) {
        *lock(&self.shared.fault) = fault;
    }

    /// What befalls each result that begins from now on, after some rows; nothing to end that.
    pub fn set_row_fault(&self, fault: Option<(u64, RowFault)>) {
        *lock(&self.shared.row_fault) = fault;
    }

    /// From now on it neither reads nor writes, and keeps its connections.
    pub fn freeze(&self) {
        self.shared.frost.set(true);
    }

    /// Whether it is frozen, by [`Double::freeze`] or by [`RowFault::Freeze`].
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.shared.frost.is_set()
    }

    /// Ends the frost.
    pub fn thaw(&self) {
        self.shared.frost.set(false);
    }

    /// Kills all sessions as an administrator does: each is told the error in its current or next call, and closed.
    pub fn kill_sessions(&self, failure: &OraError) {
        for held in lock(&self.shared.connections).values() {
            held.inbox.kill(failure.clone());
        }
    }

    /// Closes all connections without a word, as a server process does that dies.
    pub fn close_sockets(&self) {
        self.end_connections(false);
    }

    /// Resets all connections, as a database does that is restarted. New ones are accepted.
    pub fn restart(&self) {
        self.end_connections(true);
    }

    fn end_connections(&self, reset: bool) {
        let all: Vec<Held> = lock(&self.shared.connections)
            .drain()
            .map(|(_, held)| held)
            .collect();
        for held in all {
            held.end(&self.shared.frost, reset);
        }
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        self.shared.frost.end();
        // Wakes the listener, which then sees that all is over.
        let _ = TcpStream::connect(self.address);
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
        self.end_connections(false);
    }
}
