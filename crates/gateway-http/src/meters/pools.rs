//! The pools of the data sources, as they are when somebody scrapes.

use gateway_service::core::Engine;
use gateway_service::{BreakerState, Health, PoolReport};
use metrics::{SharedString, counter, describe_counter, describe_gauge, gauge};

const MOST: &str = "nexus_pool_sessions_max";
const SESSIONS: &str = "nexus_pool_sessions";
const WAITING: &str = "nexus_pool_waiting";
const CREATED: &str = "nexus_pool_sessions_created_total";
const CLOSED: &str = "nexus_pool_sessions_closed_total";
const CONNECT_FAILURES: &str = "nexus_pool_connect_failures_total";
const ACQUIRE_TIMEOUTS: &str = "nexus_pool_acquire_timeouts_total";
const SUSPENDED: &str = "nexus_breaker_refusals_total";
const BREAKER: &str = "nexus_breaker_state";
const UP: &str = "nexus_data_source_up";

pub(super) fn describe() {
    describe_gauge!(MOST, "Sessions that a data source may have");
    describe_gauge!(SESSIONS, "Sessions that are open, idle or in use");
    describe_gauge!(WAITING, "Statements that wait for a session");
    describe_counter!(CREATED, "Sessions opened");
    describe_counter!(
        CLOSED,
        "Sessions closed: expired ones were sound, discarded ones dead or not certain to be clean"
    );
    describe_counter!(CONNECT_FAILURES, "Attempts to open a session that failed");
    describe_counter!(ACQUIRE_TIMEOUTS, "Statements that waited for a session in vain");
    describe_counter!(
        SUSPENDED,
        "Statements refused at once because the breaker was open"
    );
    describe_gauge!(
        BREAKER,
        "0 closed, 1 half-open, 2 open: whether the database is connected to"
    );
    describe_gauge!(UP, "1 if the database was reachable when last tried, else 0");
}

/// Takes over the state of the pools that were ever used. The others are as many as there are sources, and say nothing.
pub(super) fn collect(reports: &[PoolReport]) {
    let used = |report: &&PoolReport| report.health != Health::Unknown;
    reports.iter().filter(used).for_each(collect_one);
}

fn collect_one(report: &PoolReport) {
    let labels = Labels {
        source: report.id.to_string().into(),
        engine: report.engine,
    };
    let (status, counts) = (&report.status, &report.counters);
    labels.gauge(MOST, status.max as f64);
    labels.gauge(WAITING, status.waiting as f64);
    let in_use = status.open.saturating_sub(status.idle);
    for (state, sessions) in [("idle", status.idle), ("in_use", in_use)] {
        let (source, engine) = labels.values();
        gauge!(SESSIONS, "source" => source, "engine" => engine, "state" => state).set(sessions as f64);
    }
    for (reason, sessions) in [("expired", counts.expired), ("discarded", counts.discarded)] {
        let (source, engine) = labels.values();
        counter!(CLOSED, "source" => source, "engine" => engine, "reason" => reason).absolute(sessions);
    }
    labels.counter(CREATED, counts.created);
    labels.counter(CONNECT_FAILURES, counts.connect_failures);
    labels.counter(ACQUIRE_TIMEOUTS, counts.acquire_timeouts);
    labels.counter(SUSPENDED, counts.suspended);
    let breaker = match report.breaker {
        BreakerState::Closed => 0.0,
        BreakerState::HalfOpen => 1.0,
        BreakerState::Open => 2.0,
    };
    labels.gauge(BREAKER, breaker);
    labels.gauge(UP, f64::from(u8::from(report.health == Health::Up)));
}

struct Labels {
    source: SharedString,
    engine: Engine,
}

impl Labels {
    fn values(&self) -> (SharedString, &'static str) {
        (self.source.clone(), self.engine.as_str())
    }

    fn gauge(&self, name: &'static str, value: f64) {
        let (source, engine) = self.values();
        gauge!(name, "source" => source, "engine" => engine).set(value);
    }

    fn counter(&self, name: &'static str, value: u64) {
        let (source, engine) = self.values();
        counter!(name, "source" => source, "engine" => engine).absolute(value);
    }
}
