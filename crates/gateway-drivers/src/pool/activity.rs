//! Counting what runs, and stopping it when the process is to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use super::signal::{Signal, until};

/// How long cancelled queries may take to settle.
const SETTLING: Duration = Duration::from_secs(3);

/// The running queries of all pools that share it. Cloning shares.
#[derive(Debug, Clone, Default)]
pub struct Activity(Arc<Shared>);

/// Every query passes here twice, so this is two numbers, and somebody is told only when somebody waits.
#[derive(Debug, Default)]
struct Shared {
    running: AtomicUsize,
    idle: Notify,
    stop: Signal,
}

impl Activity {
    /// How many queries run now.
    #[must_use]
    pub fn running(&self) -> usize {
        self.0.running.load(Ordering::Acquire)
    }

    /// Waits up to `grace` for the running queries to end, then cancels those that still run and waits for their sessions
    /// to settle. Queries that begin later are cancelled at once. Returns how many had to be cancelled.
    pub async fn drain(&self, grace: Duration) -> usize {
        if tokio::time::timeout(grace, self.idle()).await.is_ok() {
            return 0;
        }
        let cancelled = self.running();
        self.0.stop.give();
        // What has not settled by then ends with the process.
        let _ = tokio::time::timeout(SETTLING, self.idle()).await;
        cancelled
    }

    /// Counts a query for as long as the returned value lives.
    pub(crate) fn enter(&self) -> Running {
        self.0.running.fetch_add(1, Ordering::AcqRel);
        Running(self.clone())
    }

    async fn idle(&self) {
        until(&self.0.idle, || self.running() == 0).await;
    }
}

/// One running query.
#[derive(Debug)]
pub(crate) struct Running(Activity);

impl Running {
    /// Returns once all queries are to stop.
    pub(crate) async fn told_to_stop(&self) {
        self.0.0.stop.given().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.0.running.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.0.idle.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_ends_in_time_is_not_cancelled() {
        let activity = Activity::default();
        let running = activity.enter();
        let ending = async { drop(running) };
        let (cancelled, ()) = tokio::join!(activity.drain(Duration::from_secs(60)), ending);
        assert_eq!((cancelled, activity.running()), (0, 0));
    }

    #[tokio::test]
    async fn what_does_not_end_is_told_to() {
        let activity = Activity::default();
        let running = activity.enter();
        let obedient = async {
            running.told_to_stop().await;
            drop(running);
        };
        let (cancelled, ()) = tokio::join!(activity.drain(Duration::ZERO), obedient);
        assert_eq!((cancelled, activity.running()), (1, 0));
    }
}
