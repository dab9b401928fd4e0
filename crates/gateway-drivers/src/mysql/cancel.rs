//! Stopping a statement (<https://dev.mysql.com/doc/refman/9.4/en/kill.html>).

use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::error;
use super::refusal::Failure;
use super::wire::{Account, Line, Wire};
use crate::{Canceller, DriverError};

/// Ends the connection with its statement. Ending the statement alone is not enough: the request may arrive while the
/// statement is still on its way, or when its rows are being sent to nobody.
pub(super) struct Kill {
    pub(super) line: Line,
    pub(super) account: Account,
    /// The session's number on the server.
    pub(super) id: u32,
    pub(super) opened: Instant,
}

impl Kill {
    /// A connection of its own, as the session's is.
    async fn control(&self) -> Result<Wire, Failure> {
        Wire::open(&self.line, &self.account).await
    }

    async fn kill(&self, mut control: Wire) -> Result<(), Failure> {
        match control.run(&format!("KILL {}", self.id)).await {
            Ok(()) => {}
            Err(failure) if error::is_no_such_session(&failure) => {}
            Err(failure) => return Err(failure),
        }
        control.close().await;
        Ok(())
    }

    async fn kill_lost(&self) -> Result<(), Failure> {
        let mut control = self.control().await?;
        if !self.is_same_server(&mut control).await? {
            return Ok(());
        }
        self.kill(control).await
    }

    /// Whether the server has been up for as long as the session: after a restart its number may be somebody else's.
    async fn is_same_server(&self, control: &mut Wire) -> Result<bool, Failure> {
        let status = control.ask("SHOW GLOBAL STATUS LIKE 'Uptime'").await?;
        let Some([_, Some(uptime)]) = status.first().map(Vec::as_slice) else {
            return Ok(false);
        };
        let uptime = uptime.parse().ok().map(Duration::from_secs);
        Ok(uptime.is_some_and(|uptime| uptime + Duration::from_secs(1) >= self.opened.elapsed()))
    }
}

#[async_trait]
impl Canceller for Kill {
    async fn cancel(&self) -> Result<(), DriverError> {
        let killed = match self.control().await {
            Ok(control) => self.kill(control).await,
            Err(failure) => Err(failure),
        };
        killed.map_err(|failure| error::housekeeping("KILL", &failure))
    }

    async fn cancel_lost(&self) -> Result<(), DriverError> {
        self.kill_lost()
            .await
            .map_err(|failure| error::housekeeping("KILL", &failure))
    }
}
