//! The thread that owns the connection.
//!
//! SQLite calls block, so they run on one thread of their own, fed through a bounded channel: callers wait when it is
//! full, and the async runtime is never blocked. A job whose caller has left still runs to its end.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{mpsc, oneshot};

use super::error::failed;
use crate::StoreError;

/// Jobs that may wait.
const QUEUE: usize = 64;
/// How long a statement waits for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Runs jobs on the connection, one after another; ends when it is dropped.
pub(super) struct Worker {
    jobs: mpsc::Sender<Job>,
}

impl Worker {
    /// Opens or creates the file.
    pub(super) async fn open(path: &Path) -> Result<Self, StoreError> {
        let path: PathBuf = path.to_owned();
        let (jobs, mut waiting) = mpsc::channel::<Job>(QUEUE);
        let (report, opened) = oneshot::channel();
        thread::Builder::new()
            .name("store-sqlite".to_owned())
            .spawn(move || {
                let mut connection = match connect(&path) {
                    Ok(connection) => connection,
                    Err(error) => {
                        // The caller may have left; then nobody wants to know.
                        let _ = report.send(Err(error));
                        return;
                    }
                };
                if report.send(Ok(())).is_err() {
                    return;
                }
                while let Some(job) = waiting.blocking_recv() {
                    job(&mut connection);
                }
            })
            .map_err(|error| unavailable(format!("no thread for it: {error}")))?;
        opened.await.map_err(|_| gone())??;
        Ok(Self { jobs })
    }

    /// Runs `job` on the connection and returns what it returns.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, result) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // The caller may have left; what the job did stays done.
            let _ = reply.send(job(connection));
        });
        self.jobs.send(job).await.map_err(|_| gone())?;
        result.await.map_err(|_| gone())?
    }

    /// Has `job` run when its turn comes, without waiting. It is left out if more jobs wait than there is room for.
    pub(super) fn send(&self, job: impl FnOnce(&mut Connection) + Send + 'static) {
        // Nobody waits for it, so there is nobody to tell.
        let _ = self.jobs.try_send(Box::new(job));
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    create_private(path).map_err(|error| unavailable(format!("{}: {error}", path.display())))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
    // FULL, because a change that was confirmed must survive a loss of power; changes are rare.
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        .map_err(failed)?;
    Ok(connection)
}

/// Makes the file, if it is new, such that only its owner may read it. SQLite gives its side files the same rights.
fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn gone() -> StoreError {
    unavailable("its thread has ended".to_owned())
}

fn unavailable(reason: String) -> StoreError {
    StoreError::Unavailable { reason }
}
