//! Stopping a statement (<https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS>).

use async_trait::async_trait;

use super::error;
use super::wire::{BackendKey, Line};
use crate::{Canceller, DriverError};

/// Asks the server to stop what runs on one session: where the session itself goes, by the same rules.
pub(super) struct CancelRequest {
    pub(super) key: BackendKey,
    pub(super) line: Line,
}

#[async_trait]
impl Canceller for CancelRequest {
    async fn cancel(&self) -> Result<(), DriverError> {
        self.key
            .cancel(&self.line)
            .await
            .map_err(|failure| error::housekeeping("cancel request", &failure))
    }

    async fn cancel_lost(&self) -> Result<(), DriverError> {
        // Its secret names the session; a server that has been restarted does not know it.
        self.cancel().await
    }

    fn is_confirmed(&self) -> bool {
        false
    }
}
