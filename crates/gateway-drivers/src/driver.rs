//! What an engine must offer.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::{BoundSql, Engine};

use crate::{Catalog, DriverError, RowSink, Target};

/// What an engine can do, as data, so that no other code asks which engine it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// A running statement can be stopped on the server.
    pub server_cancel: bool,
    /// Statements run in a transaction that the engine itself keeps read-only.
    pub read_only_transaction: bool,
    /// A list can be bound as one value.
    pub array_parameters: bool,
    /// Parameter types are inferred from the statement.
    pub infers_parameter_types: bool,
    /// A session that has been idle for so long is asked for a sign of life before a statement is sent on it. `None` where a
    /// session knows by itself that it is dead, or says [`DriverError::Stale`] before the statement is sent.
    pub check_after: Option<Duration>,
    /// How to get the plan of a query without executing it.
    pub explain: ExplainBy,
}

/// How an engine tells the plan of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExplainBy {
    /// By a statement that begins with this and goes on with the query.
    Prefix(&'static str),
    /// Not by a statement that only reads; the reason, as a sentence for people.
    Refused(&'static str),
}

/// Knows one engine; stateless.
#[async_trait]
pub trait Driver: Send + Sync + 'static {
    /// The engine it serves.
    fn engine(&self) -> Engine;

    /// What that engine can do.
    fn capabilities(&self) -> Capabilities;

    /// How to ask it about schemas, tables and columns.
    fn catalog(&self) -> &'static Catalog;

    /// Opens a session at the target's place and pins its modes, so that the server reads statements the way the validator did.
    ///
    /// # Errors
    ///
    /// [`DriverError::Connect`] if the database cannot be reached or refuses the account.
    async fn connect(&self, target: &Target<'_>) -> Result<Box<dyn Session>, DriverError>;
}

/// How a statement stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunEnd {
    /// The server has no more to send for it; the session is as it was before.
    Complete,
    /// The sink had enough while the server may still be producing; the session must not be reused.
    Abandoned,
}

/// What a server says about itself and about the account, for a connection test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFacts {
    /// The version as the server reports it.
    pub version: String,
    /// Whether the account could write if it were not kept read-only; `None` where that cannot be told.
    pub can_write: Option<bool>,
    /// Whether the server sees the connection encrypted; `None` where there is no network.
    pub encrypted: Option<bool>,
}

/// One physical connection; one statement at a time.
#[async_trait]
pub trait Session: Send + 'static {
    /// A handle that stops whatever runs on this session, from another task.
    fn canceller(&self) -> Arc<dyn Canceller>;

    /// Runs a statement in a READ ONLY transaction, feeds the rows to `sink`, and rolls back.
    ///
    /// # Errors
    ///
    /// [`DriverError::Stale`] if the connection was dead and the statement certainly did not begin; [`DriverError::Lost`] if it
    /// may have. Any other [`DriverError`]; after one that [`DriverError::leaves_session_usable`] denies, the session must be discarded.
    async fn run(&mut self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, DriverError>;

    /// Asks the server about itself.
    ///
    /// # Errors
    ///
    /// If the server does not answer.
    async fn facts(&mut self) -> Result<ServerFacts, DriverError>;

    /// Asks the server for a sign of life, as cheaply as can be.
    ///
    /// # Errors
    ///
    /// If none comes; the session must be discarded then.
    async fn check(&mut self) -> Result<(), DriverError> {
        self.facts().await.map(drop)
    }

    /// Whether the connection is known to be dead, without asking the server.
    fn is_broken(&self) -> bool;

    /// Ends the session in an orderly way.
    async fn close(self: Box<Self>);
}

/// Stops a statement on the server.
#[async_trait]
pub trait Canceller: Send + Sync + 'static {
    /// Asks the server to stop what runs on the session; harmless if nothing does.
    ///
    /// # Errors
    ///
    /// If the request could not be delivered.
    async fn cancel(&self) -> Result<(), DriverError>;

    /// Stops what a session whose connection broke may have left running. A driver that cannot be sure to hit nothing else
    /// does nothing.
    ///
    /// # Errors
    ///
    /// If the request could not be delivered.
    async fn cancel_lost(&self) -> Result<(), DriverError>;

    /// Whether a request counts as done once it was delivered. Where a server says nothing to it, a network that broke on the
    /// way looks the same.
    fn is_confirmed(&self) -> bool {
        true
    }
}
