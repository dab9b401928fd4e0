//! Counting what runs, and stopping it when the process is to end.

use std::time::Duration;

use tokio::sync::watch;

/// How long cancelled queries may take to settle.
const SETTLING: Duration = Duration::from_secs(3);

/// The running queries of all pools that share it. Cloning shares.
#[derive(Debug, Clone)]
pub struct Activity {
    running: watch::Sender<usize>,
    stop: watch::Sender<bool>,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            running: watch::Sender::new(0),
            stop: watch::Sender::new(false),
        }
    }
}

impl Activity {
    /// How many queries run now.
    #[must_use]
    pub fn running(&self) -> usize {
        *self.running.borrow()
    }

    /// Waits up to `grace` for the running queries to end, then cancels those that still run and waits for their sessions
    /// to settle. Queries that begin later are cancelled at once. Returns how many had to be cancelled.
    pub async fn drain(&self, grace: Duration) -> usize {
        if tokio::time::timeout(grace, self.idle()).await.is_ok() {
            return 0;
        }
        let cancelled = self.running();
        self.stop.send_replace(true);
        // What has not settled by then ends with the process.
        let _ = tokio::time::timeout(SETTLING, self.idle()).await;
        cancelled
    }

    /// Counts a query for as long as the returned value lives.
    pub(crate) fn enter(&self) -> Running {
        self.running.send_modify(|count| *count += 1);
        Running(self.clone())
    }

    async fn idle(&self) {
        // The sender is alive as long as `self` is, so this cannot fail.
        let _ = self.running.subscribe().wait_for(|count| *count == 0).await;
    }
}

/// One running query.
#[derive(Debug)]
pub(crate) struct Running(Activity);

impl Running {
    /// Returns once all queries are to stop.
    pub(crate) async fn told_to_stop(&self) {
        let _ = self.0.stop.subscribe().wait_for(|stop| *stop).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.send_modify(|count| *count -= 1);
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
