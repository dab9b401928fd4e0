//! Waiting for something that others bring about.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Something that happens once, and may be waited for by many.
#[derive(Debug, Default)]
pub(super) struct Signal {
    is_given: AtomicBool,
    told: Notify,
}

impl Signal {
    /// Lets it happen. Harmless after the first time.
    pub(super) fn give(&self) {
        self.is_given.store(true, Ordering::SeqCst);
        self.told.notify_waiters();
    }

    /// Returns once it has happened.
    pub(super) async fn given(&self) {
        until(&self.told, || self.is_given.load(Ordering::SeqCst)).await;
    }
}

/// Returns once `is_true`, which whoever makes it true tells by `changed`.
pub(super) async fn until(changed: &Notify, is_true: impl Fn() -> bool) {
    loop {
        let mut told = pin!(changed.notified());
        // In the queue before looking: what happens in between is not missed.
        told.as_mut().enable();
        if is_true() {
            return;
        }
        told.await;
    }
}
