//! One connection: the client library on a thread of its own, behind a relay.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gateway_core::{BoundSql, OracleClient, SourceConfig, SourceRules};
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use super::OracleDriver;
use super::connect::{Plan, Wish};
use super::error;
use super::relay::{Interrupter, Relay};
use super::thin::ThinClient;
use crate::threaded::Threaded;
use crate::{Canceller, DriverError, RowSink, RunEnd, ServerFacts, Session, Target};

/// How long saying goodbye to a server may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// A session on one database.
pub(super) struct OracleSession {
    thread: Option<Threaded>,
    stop: Arc<Stop>,
    killer: AbortHandle,
    /// Whether the server owes an answer: it is not asked for a goodbye then.
    is_busy: bool,
}

struct Stop {
    interrupter: Interrupter,
    /// The thread may wait for its reader instead of the server.
    waiting: Arc<Notify>,
}

#[async_trait]
impl Canceller for Stop {
    async fn cancel(&self) -> Result<(), DriverError> {
        // Kept for a thread that is about to wait; the session runs nothing after this.
        self.waiting.notify_one();
        self.interrupter.interrupt().await
    }

    async fn cancel_lost(&self) -> Result<(), DriverError> {
        // Stopping another session takes ALTER SYSTEM, which no account that only reads has; the server's own search for dead
        // clients (SQLNET.EXPIRE_TIME) ends it.
        Ok(())
    }
}

impl OracleSession {
    pub(super) async fn open(driver: &OracleDriver, target: &Target<'_>) -> Result<Self, DriverError> {
        let client = client(target.config)?;
        let wish = Wish::of(target.config)?;
        let target = Target {
            config: &wish.config,
            ..*target
        };
        let mut relay = Relay::open(&target, client).await?;
        let plan = Plan::new(&target, &wish.service, relay.port())?;
        let (interrupter, killer, known) = (relay.interrupter(), relay.killer(), relay.failure());
        let waiting = Arc::new(Notify::new());
        let mut guard = KillOnDrop(Some(killer.clone()));
        let started = start(client, driver, &target, plan, relay, Arc::clone(&waiting)).await;
        let thread = started.map_err(|failure| {
            let known = known.and_then(|mut known| known.try_recv().ok());
            known.unwrap_or_else(|| match client {
                OracleClient::Thin => error::at_connect(failure),
                OracleClient::Oci => failure,
            })
        })?;
        guard.0 = None;
        Ok(Self {
            thread: Some(thread),
            stop: Arc::new(Stop { interrupter, waiting }),
            killer,
            is_busy: false,
        })
    }

    fn thread(&mut self) -> Result<&mut Threaded, DriverError> {
        let closed = || DriverError::Lost("the session is closed".into());
        self.thread.as_mut().ok_or_else(closed)
    }
}

#[async_trait]
impl Session for OracleSession {
    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::clone(&self.stop) as Arc<dyn Canceller>
    }

    async fn run(&mut self, sql: &BoundSql, sink: &mut RowSink) -> Result<RunEnd, DriverError> {
        self.is_busy = true;
        let outcome = self.thread()?.run(sql, sink).await;
        self.is_busy = false;
        outcome
    }

    async fn facts(&mut self) -> Result<ServerFacts, DriverError> {
        self.is_busy = true;
        let outcome = self.thread()?.facts().await;
        self.is_busy = false;
        outcome
    }

    fn is_broken(&self) -> bool {
        self.thread.as_ref().is_none_or(Threaded::is_broken)
            // Without its relay it cannot work: the server has hung up.
            || self.killer.is_finished()
    }

    async fn close(mut self: Box<Self>) {
        if let Some(thread) = self.thread.take() {
            // A server that does not answer loses the connection all the same.
            let _ = tokio::time::timeout(GOODBYE, thread.close()).await;
        }
    }
}

impl Drop for OracleSession {
    fn drop(&mut self) {
        let is_idle = !self.is_busy && self.thread.take().is_some();
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if is_idle => {
                let killer = self.killer.clone();
                // The thread says goodbye now that its handle is gone, and the relay ends with that.
                runtime.spawn(async move {
                    tokio::time::sleep(GOODBYE).await;
                    killer.abort();
                });
            }
            _ => self.killer.abort(),
        }
    }
}

/// Which client the source wants.
fn client(config: &SourceConfig) -> Result<OracleClient, DriverError> {
    let rules = SourceRules::read(&config.options);
    let rules = rules.map_err(|problem| DriverError::Unsupported(problem.message))?;
    if cfg!(not(feature = "oracle-oci")) && rules.oracle_client == OracleClient::Oci {
        return Err(DriverError::Unsupported(
            "The driver oci is not part of this build, which lacks the feature oracle-oci".to_owned(),
        ));
    }
    Ok(rules.oracle_client)
}

/// Starts the client on a thread of its own.
#[cfg_attr(
    not(feature = "oracle-oci"),
    expect(unused_variables, reason = "what only the client library needs")
)]
async fn start(
    client: OracleClient,
    driver: &OracleDriver,
    target: &Target<'_>,
    plan: Plan,
    relay: Relay,
    waiting: Arc<Notify>,
) -> Result<Threaded, DriverError> {
    #[cfg(feature = "oracle-oci")]
    if client == OracleClient::Oci {
        let setup = super::oci::Setup {
            plan,
            folder: driver.client_folder.clone(),
            query_timeout: target.config.query_timeout,
        };
        let open = move || super::oci::OciClient::open(&setup, relay).map(|client| (client, ()));
        return Threaded::start("oracle-oci", waiting, open)
            .await
            .map(|(thread, ())| thread);
    }
    let open = move || ThinClient::open(&plan, relay).map(|client| (client, ()));
    Threaded::start("oracle", waiting, open)
        .await
        .map(|(thread, ())| thread)
}

/// Closes the connections of a session that does not come about, whatever its thread waits for.
struct KillOnDrop(Option<AbortHandle>);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        if let Some(killer) = &self.0 {
            killer.abort();
        }
    }
}
