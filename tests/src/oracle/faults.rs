//! What can go wrong, when a test wants it to.

use std::net::SocketAddr;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::OraError;
use super::inbox::Inbox;

/// What befalls connections from now on, until another is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// The listener accepts and never says a word.
    Silent,
    /// The listener refuses with an error's number, whatever service is asked for: 12514, 12505, 12516.
    Refuse(u32),
    /// The listener sends clients to another one, as RAC's do.
    Redirect {
        /// The other one.
        to: SocketAddr,
        /// Where the address stands.
        form: RedirectForm,
    },
    /// The server insists on Oracle's own network encryption, which thin clients do not have.
    Encryption,
    /// The account has only the verifier of 11g.
    OldVerifier,
    /// Everything comes a few bytes at a time, with a pause between.
    Trickle {
        /// Bytes at a time.
        bytes: usize,
        /// The pause.
        pause: Duration,
    },
}

/// Where a redirect's address stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectForm {
    /// In the packet that redirects.
    Inside,
    /// In a data packet after it.
    Following,
}

/// What befalls a result after some rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFault {
    /// An error.
    Fail(OraError),
    /// The server falls silent, as all of the double does, until [`Double::thaw`](super::Double::thaw).
    Freeze,
    /// The connection is reset.
    Reset,
}

/// Stops a double in its tracks.
#[derive(Debug, Default)]
pub(super) struct Frost {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    frozen: bool,
    ended: bool,
}

impl Frost {
    pub(super) fn set(&self, frozen: bool) {
        self.change(|state| state.frozen = frozen);
    }

    pub(super) fn is_set(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).frozen
    }

    /// Frees everybody for good.
    pub(super) fn end(&self) {
        self.change(|state| state.ended = true);
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    /// Lets those look up whose connections have been ended.
    pub(super) fn nudge(&self) {
        self.change(|_| {});
    }

    /// Waits as long as it is frozen and the connection is not ended.
    pub(super) fn wait_for_thaw(&self, inbox: &Inbox) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.frozen && !state.ended && !inbox.is_stopped() {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
