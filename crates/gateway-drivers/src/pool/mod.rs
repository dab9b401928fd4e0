//! The sessions of one data source.

mod activity;
mod breaker;
mod chance;
mod check;
mod counters;
mod lease;
mod maker;
mod probe;
mod run;
mod signal;
mod traced;
mod upkeep;
mod vitals;

use std::sync::Arc;
use std::time::Instant;

use deadpool::managed::{self, Timeouts};
use gateway_core::trace::SpanKind;
use gateway_core::{QueryRequest, Secret, SourceConfig};

use crate::{Canceller, Capabilities, Catalog, ConnectFailure, ConnectRules, Driver, DriverError};

pub use activity::Activity;
pub use breaker::{BreakerSettings, BreakerState};
pub use counters::PoolCounters;
pub use probe::Probe;
pub use run::{QueryCanceller, QueryStream};
pub use vitals::{Health, LastError, Vitals};

use breaker::Breaker;
use counters::Counting;
use maker::SessionMaker;
use vitals::Pulse;

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
            breaker: Breaker::new(rules.breaker()),
            pulse: Pulse::new(),
            counting: Arc::new(Counting::default()),
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
        self.sessions.manager().pulse.used();
        let mut acquiring = request.trace.stage("acquire", SpanKind::Internal);
        let leased = self.lease(request.limits.deadline).await;
        if let Ok(lease) = &leased {
            acquiring.set("nexus.session.is_new", Lease::metrics(lease).recycle_count == 0);
        }
        acquiring.concluded(&leased);
        let lease = leased?;
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

    /// What has happened to its sessions so far.
    #[must_use]
    pub fn counters(&self) -> PoolCounters {
        self.sessions.manager().counting.read()
    }

    /// Whether its database is connected to.
    #[must_use]
    pub fn breaker(&self) -> BreakerState {
        self.sessions.manager().breaker.state()
    }

    /// How its database is.
    #[must_use]
    pub fn vitals(&self) -> Vitals {
        self.sessions.manager().pulse.read()
    }

    /// [`Vitals::health`] alone, which takes no lock.
    #[must_use]
    pub fn health(&self) -> Health {
        self.sessions.manager().pulse.health()
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
}
