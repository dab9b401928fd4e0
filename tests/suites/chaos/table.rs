//! The table: what is tried, what callers may be told while it lasts, and what they must be told at least once.

use std::time::Duration;

/// What befalls a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// `kill -9`, and it stays away for a while.
    Killed,
    /// An orderly restart.
    Restarted,
    /// Its processes are stopped and go on later (`SIGSTOP`, `SIGCONT`).
    Stopped,
    /// Connections are closed as soon as they are made.
    Refused,
    /// Nothing passes, and nobody is told.
    BlackHole,
    /// Connections break again and again in the middle of what they carry.
    CutMidRow,
    /// A byte a second.
    Slow,
    /// As many connections as the account may have, which is fewer than there were.
    Full,
    /// The account's password is another one, and its sessions are gone.
    PasswordChanged,
}

impl Fault {
    pub(super) const ALL: [Self; 9] = [
        Self::Killed,
        Self::Restarted,
        Self::Stopped,
        Self::Refused,
        Self::BlackHole,
        Self::CutMidRow,
        Self::Slow,
        Self::Full,
        Self::PasswordChanged,
    ];

    /// Whether the server itself suffers, so that nobody else may use it meanwhile.
    pub(super) fn needs_the_server_alone(self) -> bool {
        matches!(self, Self::Killed | Self::Restarted | Self::Stopped)
    }

    /// What a caller may be told while it lasts, beside what they are told always.
    pub(super) fn allows(self) -> &'static [&'static str] {
        match self {
            // It is told at once, and so is who waits for a session or is refused while the source is left alone.
            Self::Killed | Self::Restarted | Self::Refused | Self::CutMidRow | Self::PasswordChanged => {
                &["CONNECTION_ERROR"]
            }
            // A statement that runs ends by its deadline, a connection attempt by its own, and who waits for a session has
            // waited in vain.
            Self::Stopped | Self::BlackHole | Self::Slow => {
                &["TIMEOUT_ERROR", "CONNECTION_ERROR", "OVERLOADED", "truncated"]
            }
            // The sessions that there are serve on, and are too few.
            Self::Full => &["CONNECTION_ERROR", "OVERLOADED", "TIMEOUT_ERROR", "truncated"],
        }
    }

    /// How long it lasts.
    pub(super) fn lasts(self) -> Duration {
        let (short, long) = match self {
            // These bring their time along.
            Self::Restarted | Self::CutMidRow => (0, 0),
            // Long enough for deadlines to pass.
            Self::Stopped | Self::BlackHole | Self::Slow => (4000, 10_000),
            _ => (1500, 10_000),
        };
        Duration::from_millis(if super::is_long() { long } else { short })
    }
}
