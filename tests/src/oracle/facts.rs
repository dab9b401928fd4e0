//! What tests can ask a double about.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Statements that are remembered.
const MAX_LOG: usize = 10_000;

/// A session's transaction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Transaction {
    /// None.
    #[default]
    None,
    /// Begun by `SET TRANSACTION READ ONLY`.
    ReadOnly,
    /// Begun by a statement that writes.
    ReadWrite,
}

/// What is known about a session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionFacts {
    /// Its number.
    pub id: u64,
    /// The account.
    pub user: String,
    /// The service it asked for.
    pub service: String,
    /// What the client said about itself at login, such as `AUTH_PROGRAM_NM` and `SESSION_CLIENT_DRIVER_NAME`.
    pub about: BTreeMap<String, String>,
    /// The module that it is in.
    pub module: String,
    /// The action.
    pub action: String,
    /// On whose behalf it acts.
    pub client_identifier: String,
    /// More about the client.
    pub client_info: String,
    /// What `ALTER SESSION SET` has set.
    pub settings: BTreeMap<String, String>,
    /// Its transaction.
    pub transaction: Transaction,
    /// The last statement.
    pub statement: String,
    /// Whether it is at work on a call.
    pub active: bool,
}

/// A session's facts, which it changes.
pub(super) type Profile = Arc<Mutex<SessionFacts>>;

/// Locks what no panic leaves in disorder.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Connections that the listener has accepted so far.
    pub connects: usize,
    /// Logins so far.
    pub logins: usize,
    /// Connections that are open.
    pub sockets: usize,
    /// Sessions that are logged in.
    pub sessions: usize,
    /// Statements that have begun and are neither answered nor fetched to the end.
    pub running: usize,
    /// Breaks so far.
    pub breaks: usize,
    /// Statements so far.
    pub statements: usize,
}

/// All that is known.
#[derive(Debug, Default)]
pub(super) struct Board {
    pub(super) connects: AtomicUsize,
    pub(super) logins: AtomicUsize,
    pub(super) breaks: AtomicUsize,
    pub(super) sockets: Arc<AtomicUsize>,
    pub(super) running: Arc<AtomicUsize>,
    statements: AtomicUsize,
    sessions: Mutex<BTreeMap<u64, Profile>>,
    log: Mutex<VecDeque<String>>,
    complaints: Mutex<Vec<String>>,
}

impl Board {
    pub(super) fn stats(&self) -> Stats {
        let read = |count: &AtomicUsize| count.load(Ordering::SeqCst);
        Stats {
            connects: read(&self.connects),
            logins: read(&self.logins),
            sockets: read(&self.sockets),
            sessions: lock(&self.sessions).len(),
            running: read(&self.running),
            breaks: read(&self.breaks),
            statements: read(&self.statements),
        }
    }

    pub(super) fn enter(&self, facts: SessionFacts) -> Profile {
        self.logins.fetch_add(1, Ordering::SeqCst);
        let id = facts.id;
        let profile = Arc::new(Mutex::new(facts));
        lock(&self.sessions).insert(id, Arc::clone(&profile));
        profile
    }

    pub(super) fn leave(&self, id: u64) {
        lock(&self.sessions).remove(&id);
    }

    pub(super) fn sessions(&self) -> Vec<SessionFacts> {
        let sessions = lock(&self.sessions);
        sessions.values().map(|profile| lock(profile).clone()).collect()
    }

    pub(super) fn note(&self, sql: &str) {
        self.statements.fetch_add(1, Ordering::SeqCst);
        let mut log = lock(&self.log);
        if log.len() == MAX_LOG {
            log.pop_front();
        }
        log.push_back(sql.to_owned());
    }

    /// A client has said something that the double does not understand.
    pub(super) fn complain(&self, what: String) {
        let mut complaints = lock(&self.complaints);
        if complaints.len() < MAX_LOG {
            complaints.push(what);
        }
    }

    pub(super) fn complaints(&self) -> Vec<String> {
        lock(&self.complaints).clone()
    }

    pub(super) fn log(&self) -> Vec<String> {
        lock(&self.log).iter().cloned().collect()
    }
}

/// Counts something as long as it lives.
#[derive(Debug)]
pub(super) struct Counted(Arc<AtomicUsize>);

impl Counted {
    pub(super) fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
