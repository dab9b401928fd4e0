//! The data sources as they are in use: the stored description, the pool, the validator.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use gateway_core::{
    DataSource, DataSourceId, Engine, ExplainAnalyze, FunctionLevel, Secret, SourceRules, SourceStatus,
};
use gateway_drivers::{
    AbsentDriver, Activity, BreakerState, Driver, Drivers, ExplainBy, Health, PoolCounters, PoolStatus,
    SourcePool, Vitals,
};
use gateway_sql::{CachedValidator, Explain, Level, Policy, Validator};
use gateway_store::Snapshot;

use crate::meters::SourceMeters;

/// Verdicts remembered for each source.
const REMEMBERED_VERDICTS: usize = 2000;

/// What pools are made with.
pub(crate) struct Workshop {
    pub(crate) drivers: Drivers,
    pub(crate) activity: Activity,
}

/// A data source ready for use.
pub struct LiveSource {
    source: DataSource,
    password: Option<Secret>,
    sessions: Result<Sessions, AbsentDriver>,
    validator: Arc<CachedValidator>,
    meters: Arc<SourceMeters>,
}

/// A source's pool, made when it is first asked for: a gateway may know many sources that nobody uses.
#[derive(Clone)]
struct Sessions {
    driver: Arc<dyn Driver>,
    /// Shared with the successors of a source that use the same pool.
    pool: Arc<OnceLock<SourcePool>>,
}

/// A source's pool, for health reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceHealth {
    /// The source.
    pub id: DataSourceId,
    /// Its sessions; the reason where its engine has no driver.
    pub pool: Result<PoolHealth, AbsentDriver>,
}

/// A pool, and how its database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolHealth {
    /// Its sessions now.
    pub status: PoolStatus,
    /// What has happened to them.
    pub counters: PoolCounters,
    /// Whether the database is connected to.
    pub breaker: BreakerState,
    /// How the database is.
    pub vitals: Vitals,
}

/// A pool in numbers, for metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolReport {
    /// The source.
    pub id: DataSourceId,
    /// What it is.
    pub engine: Engine,
    /// Its sessions now.
    pub status: PoolStatus,
    /// What has happened to them since the pool was made.
    pub counters: PoolCounters,
    /// Whether the database is connected to.
    pub breaker: BreakerState,
    /// How the database is.
    pub health: Health,
}

impl PoolHealth {
    /// That of a pool that nobody has asked for yet.
    fn unused(max: u32) -> Self {
        Self {
            status: PoolStatus {
                max: max as usize,
                open: 0,
                idle: 0,
                waiting: 0,
            },
            counters: PoolCounters::default(),
            breaker: BreakerState::Closed,
            vitals: Vitals {
                health: Health::Unknown,
                since: None,
                last_success: None,
                last_error: None,
                latency: None,
            },
        }
    }
}

impl LiveSource {
    /// The stored description.
    #[must_use]
    pub fn source(&self) -> &DataSource {
        &self.source
    }

    /// Whether it takes queries.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.source.status == SourceStatus::Active
    }

    /// The check for its statements, which remembers its verdicts.
    #[must_use]
    pub fn validator(&self) -> &CachedValidator {
        &self.validator
    }

    /// Where what happens on it is counted.
    pub(crate) fn meters(&self) -> Arc<SourceMeters> {
        Arc::clone(&self.meters)
    }

    /// Its sessions, or why there cannot be any.
    pub(crate) fn pool(&self, workshop: &Workshop) -> Result<&SourcePool, AbsentDriver> {
        let sessions = self.sessions.as_ref().map_err(|absent| *absent)?;
        Ok(sessions.pool.get_or_init(|| {
            SourcePool::sharing(
                &workshop.activity,
                workshop.drivers.rules(),
                Arc::clone(&sessions.driver),
                self.source.config.clone(),
                self.password.clone(),
            )
        }))
    }

    /// Its pool, if it was ever asked for.
    pub(crate) fn used_pool(&self) -> Option<&SourcePool> {
        self.sessions.as_ref().ok()?.pool.get()
    }

    /// Most sessions it may have; 0 without a driver.
    pub(crate) fn most_sessions(&self) -> usize {
        let most = self.source.config.max_pool_size as usize;
        self.sessions.as_ref().map_or(0, |_| most)
    }

    /// Its pool and how its database is.
    pub(crate) fn health(&self) -> SourceHealth {
        let pool = match (&self.sessions, self.used_pool()) {
            (Err(absent), _) => Err(*absent),
            (Ok(_), None) => Ok(PoolHealth::unused(self.source.config.max_pool_size)),
            (Ok(_), Some(pool)) => Ok(PoolHealth {
                status: pool.status(),
                counters: pool.counters(),
                breaker: pool.breaker(),
                vitals: pool.vitals(),
            }),
        };
        SourceHealth {
            id: self.source.id,
            pool,
        }
    }

    /// Its pool in numbers, if it was ever asked for.
    pub(crate) fn report(&self) -> Option<PoolReport> {
        let pool = self.used_pool()?;
        Some(PoolReport {
            id: self.source.id,
            engine: self.source.engine,
            status: pool.status(),
            counters: pool.counters(),
            breaker: pool.breaker(),
            health: pool.health(),
        })
    }

    /// How to get the plan of a query.
    pub(crate) fn explain(&self) -> ExplainBy {
        match &self.sessions {
            Ok(sessions) => sessions.driver.capabilities().explain,
            Err(absent) => ExplainBy::Refused(absent.reason),
        }
    }

    pub(crate) fn password(&self) -> Option<&Secret> {
        self.password.as_ref()
    }

    fn new(source: DataSource, password: Option<Secret>, workshop: &Workshop) -> Self {
        let driver = workshop.drivers.find(source.engine);
        let sessions = driver.map(|driver| Sessions {
            driver,
            pool: Arc::default(),
        });
        let validator = Validator::new(source.engine, policy(&source));
        let validator = Arc::new(CachedValidator::new(validator, REMEMBERED_VERDICTS));
        let meters = Arc::new(SourceMeters::new(source.id, source.engine));
        Self {
            source,
            password,
            sessions,
            validator,
            meters,
        }
    }

    /// Whether sessions made for this source serve `source` with `password` just as well.
    fn shares_sessions(&self, source: &DataSource, password: Option<&Secret>) -> bool {
        self.source.engine == source.engine
            && self.source.config == source.config
            && self.password.as_ref() == password
    }

    /// The same source after a change. Its sessions are kept unless the change concerns them.
    fn succeed(&self, source: DataSource, password: Option<Secret>, workshop: &Workshop) -> Self {
        if !self.shares_sessions(&source, password.as_ref()) {
            return Self::new(source, password, workshop);
        }
        Self {
            source,
            password,
            sessions: self.sessions.clone(),
            validator: Arc::clone(&self.validator),
            meters: Arc::clone(&self.meters),
        }
    }

    /// Lets running queries end and takes no more.
    fn retire(&self, successor: Option<&Self>) {
        let Some(pool) = self.used_pool() else { return };
        let kept = successor.is_some_and(|next| self.shares_sessions(&next.source, next.password.as_ref()));
        if !kept {
            pool.close();
        }
    }
}

/// What the owner of `source` permits. Options that cannot be read, which are refused when a source is stored, permit nothing.
fn policy(source: &DataSource) -> Policy {
    let rules = SourceRules::read(&source.config.options).unwrap_or_default();
    Policy {
        level: match rules.level {
            FunctionLevel::Strict => Level::Strict,
            FunctionLevel::Standard => Level::Standard,
        },
        explain: match rules.explain {
            ExplainAnalyze::Refused => Explain::PlanOnly,
            ExplainAnalyze::Permitted => Explain::Analyze,
        },
        functions: rules.functions,
        ..Policy::default()
    }
}

/// All data sources at one revision of the store.
#[derive(Default)]
pub(crate) struct LiveSources {
    pub(crate) revision: u64,
    by_id: HashMap<DataSourceId, Arc<LiveSource>>,
}

impl LiveSources {
    pub(crate) fn get(&self, id: DataSourceId) -> Option<&Arc<LiveSource>> {
        self.by_id.get(&id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<LiveSource>> {
        self.by_id.values()
    }

    /// What these sources become with a new snapshot; pools whose source did not change in a way that concerns them live on.
    pub(crate) fn advance(&self, snapshot: Snapshot, workshop: &Workshop) -> Self {
        let by_id = snapshot
            .sources
            .into_iter()
            .map(|(source, password)| {
                let id = source.id;
                let live = match self.by_id.get(&id) {
                    Some(known) if known.source == source && known.password == password => Arc::clone(known),
                    Some(known) => Arc::new(known.succeed(source, password, workshop)),
                    None => Arc::new(LiveSource::new(source, password, workshop)),
                };
                (id, live)
            })
            .collect();
        Self {
            revision: snapshot.revision,
            by_id,
        }
    }

    /// Closes the pools that `next` does not carry on.
    pub(crate) fn retire_in_favour_of(&self, next: &Self) {
        for (id, old) in &self.by_id {
            old.retire(next.by_id.get(id).map(Arc::as_ref));
        }
    }
}
