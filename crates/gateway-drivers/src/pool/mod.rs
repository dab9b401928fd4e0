//! The sessions of one data source.

mod activity;
mod probe;
mod run;
mod upkeep;

use std::sync::Arc;
use std::time::Instant;

use deadpool::managed::{self, Metrics, PoolError, RecycleError, RecycleResult, TimeoutType, Timeouts};
use gateway_core::{QueryRequest, Secret, SourceConfig};

use crate::{Canceller, Capabilities, Catalog, ConnectFailure, ConnectRules, Driver, DriverError, Session};

pub use activity::Activity;
pub use probe::Probe;
pub use run::{QueryCanceller, QueryStream};

type Sessions = managed::Pool<SessionMaker>;
type Lease = managed::Object<SessionMaker>;

/// How many sessions there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolStatus {
    /// The most there may be.
    pub max: usize,
    /// Open sessions.
    pub open: usize,
    /// Open sessions that run nothing.
    pub idle: usize,
    /// Queries waiting for a session.
    pub waiting: usize,
}

/// The sessions of one data source. Nothing is opened before the first query; idle sessions are closed in time.
#[derive(Clone)]
pub struct SourcePool {
    sessions: Sessions,
    config: Arc<SourceConfig>,
    driver: Arc<dyn Driver>,
    activity: Activity,
}

impl SourcePool {
    /// A pool for the database that `config` describes, wherever that is. Opens nothing; must be called within a tokio
    /// runtime.
    #[must_use]
    pub fn new(driver: Arc<dyn Driver>, config: SourceConfig, password: Option<Secret>) -> Self {
        Self::sharing(
            &Activity::default(),
            &ConnectRules::default(),
            driver,
            config,
            password,
        )
    }

    /// [`SourcePool::new`] for a pool that obeys `rules`, and whose queries are counted, and can be stopped, together with
    /// those of others.
    #[must_use]
    pub fn sharing(
        activity: &Activity,
        rules: &ConnectRules,
        driver: Arc<dyn Driver>,
        config: SourceConfig,
        password: Option<Secret>,
    ) -> Self {
        let config = Arc::new(config);
        let maker = SessionMaker {
            driver: Arc::clone(&driver),
            config: Arc::clone(&config),
            password,
            rules: rules.clone(),
        };
        let limits = managed::PoolConfig {
            max_size: config.max_pool_size as usize,
            timeouts: Timeouts {
                wait: Some(config.acquire_timeout),
                create: None,
                recycle: None,
            },
            queue_mode: managed::QueueMode::Lifo,
        };
        let sessions = Sessions::builder(maker)
            .config(limits)
            .runtime(deadpool::Runtime::Tokio1)
            .build();
        // `build` fails only if a timeout is set without a runtime.
        let sessions = match sessions {
            Ok(sessions) => sessions,
            Err(managed::BuildError::NoRuntimeSpecified) => unreachable!("a runtime is given above"),
        };
        upkeep::start(sessions.weak(), config.idle_timeout, config.max_lifetime);
        Self {
            sessions,
            config,
            driver,
            activity: activity.clone(),
        }
    }

    /// Starts a statement.
    ///
    /// The returned stream yields the columns, then rows as they arrive. Dropping it cancels the statement on the server.
    ///
    /// # Errors
    ///
    /// If no session can be had. Failures of the statement itself come through the stream.
    pub async fn query(&self, request: QueryRequest) -> Result<QueryStream, DriverError> {
        let (approved, actual) = (request.sql.engine(), self.driver.engine());
        if approved != actual {
            return Err(DriverError::WrongEngine { approved, actual });
        }
        let started = Instant::now();
        let lease = self.lease(request.limits.deadline).await?;
        Ok(run::start(self.clone(), lease, request, started))
    }

    /// Connects outside the pool and asks the server about itself.
    ///
    /// # Errors
    ///
    /// If the database cannot be reached, refuses the account or does not answer.
    pub async fn probe(&self) -> Result<Probe, DriverError> {
        let started = Instant::now();
        let mut session = self.sessions.manager().open().await?;
        let connect_time = started.elapsed();
        let asked = Instant::now();
        let facts = tokio::time::timeout(self.config.connect_timeout, session.facts()).await;
        let round_trip = asked.elapsed();
        let facts = facts.unwrap_or_else(|_| {
            Err(DriverError::Connect {
                reason: ConnectFailure::Timeout,
                message: "the server does not tell about itself".into(),
            })
        })?;
        session.close().await;
        Ok(Probe {
            facts,
            connect_time,
            round_trip,
        })
    }

    /// How many sessions there are now.
    #[must_use]
    pub fn status(&self) -> PoolStatus {
        let status = self.sessions.status();
        PoolStatus {
            max: status.max_size,
            open: status.size,
            idle: status.available,
            waiting: status.waiting,
        }
    }

    /// What its engine can do.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.driver.capabilities()
    }

    /// How to ask its engine about schemas, tables and columns.
    #[must_use]
    pub fn catalog(&self) -> &'static Catalog {
        self.driver.catalog()
    }

    /// The settings it was made with.
    #[must_use]
    pub fn config(&self) -> &SourceConfig {
        &self.config
    }

    /// Takes no more queries; running ones end as they would have, then their sessions close.
    pub fn close(&self) {
        self.sessions.close();
    }

    /// A session, new or used, within the acquire timeout and before `deadline`.
    async fn lease(&self, deadline: Instant) -> Result<Lease, DriverError> {
        let leased = tokio::time::timeout_at(deadline.into(), self.sessions.get()).await;
        match leased {
            Err(_) => Err(DriverError::Deadline),
            Ok(Ok(lease)) => Ok(lease),
            Ok(Err(PoolError::Backend(error))) => Err(error),
            Ok(Err(PoolError::Closed)) => Err(DriverError::Closed),
            Ok(Err(PoolError::Timeout(TimeoutType::Wait))) => Err(DriverError::Busy),
            Ok(Err(PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle))) => {
                Err(DriverError::Connect {
                    reason: ConnectFailure::Timeout,
                    message: "pool timeout".into(),
                })
            }
            Ok(Err(PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_))) => {
                Err(DriverError::Housekeeping {
                    step: "lease",
                    message: "pool misconfigured".into(),
                })
            }
        }
    }

    /// Stops, beside everything else, what a broken connection may have left running: a server that computes does not notice
    /// that nobody is there.
    fn stop_lost(&self, canceller: Arc<dyn Canceller>) {
        let running = self.activity.enter();
        tokio::spawn(async move {
            tokio::select! {
                () = run::stop_lost(&*canceller) => {}
                () = running.told_to_stop() => {}
            }
        });
    }

    /// Drops every idle session: after a restart of the server all of them are dead.
    fn drop_idle(&self) {
        self.sessions.retain(|_, _| false);
    }
}

/// A session in the pool.
struct Slot {
    session: Box<dyn Session>,
    /// Whether the last query on it came to a proven end. A task that panics or is aborted leaves this unset, and the
    /// session is not handed out again.
    proven_clean: bool,
}

impl Slot {
    fn is_usable(&self) -> bool {
        self.proven_clean && !self.session.is_broken()
    }
}

/// Opens sessions for the pool.
struct SessionMaker {
    driver: Arc<dyn Driver>,
    config: Arc<SourceConfig>,
    /// As it is stored: it may be a reference.
    password: Option<Secret>,
    rules: ConnectRules,
}

impl SessionMaker {
    async fn open(&self) -> Result<Box<dyn Session>, DriverError> {
        let connecting = self
            .rules
            .connect(&*self.driver, &self.config, self.password.as_ref());
        match tokio::time::timeout(self.config.connect_timeout, connecting).await {
            Ok(outcome) => outcome,
            Err(_) => Err(DriverError::Connect {
                reason: ConnectFailure::Timeout,
                message: format!("no session within {:?}", self.config.connect_timeout),
            }),
        }
    }
}

impl managed::Manager for SessionMaker {
    type Type = Slot;
    type Error = DriverError;

    async fn create(&self) -> Result<Self::Type, Self::Error> {
        Ok(Slot {
            session: self.open().await?,
            proven_clean: true,
        })
    }

    async fn recycle(&self, slot: &mut Slot, metrics: &Metrics) -> RecycleResult<Self::Error> {
        if !slot.is_usable() {
            return Err(RecycleError::message("session is dead or not proven clean"));
        }
        if metrics.created.elapsed() > self.config.max_lifetime {
            return Err(RecycleError::message("session has reached its lifetime"));
        }
        Ok(())
    }
}
