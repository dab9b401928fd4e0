//! The metrics of one data source.

use std::sync::OnceLock;
use std::time::Duration;

use gateway_core::{DataSourceId, Engine, ErrorKind, QuerySummary};
use metrics::{Counter, Histogram, SharedString, counter, describe_counter, describe_histogram, histogram};

use super::ADMISSION_WAIT;

const QUERIES: &str = "nexus_queries_total";
const DURATION: &str = "nexus_query_duration_seconds";
const ACQUIRE: &str = "nexus_pool_acquire_duration_seconds";
const ROWS: &str = "nexus_query_rows_total";
const BYTES: &str = "nexus_query_bytes_total";

/// The code of what went well.
const OK: &str = "OK";

pub(super) fn describe() {
    describe_counter!(QUERIES, "Statements that came to their end, by outcome");
    describe_histogram!(
        DURATION,
        "Time from a statement's arrival to the end of its rows, its reader's pauses included"
    );
    describe_histogram!(ACQUIRE, "Time statements waited for a session with the database");
    describe_counter!(ROWS, "Rows given to callers");
    describe_counter!(BYTES, "Bytes of cell data given to callers");
}

/// Handles on a source's series. They come into being when the source is first used: a gateway may know many that nobody
/// asks for.
pub(crate) struct SourceMeters {
    engine: Engine,
    labels: Labels,
    by_code: [OnceLock<Counter>; ErrorKind::ALL.len() + 1],
    used: OnceLock<Used>,
}

/// What every statement adds to.
struct Used {
    /// That of all sources. A handle saves the recorder's being asked for it.
    admission: Histogram,
    duration: Histogram,
    acquire: Histogram,
    rows: Counter,
    bytes: Counter,
}

#[derive(Clone)]
struct Labels {
    source: SharedString,
    engine: &'static str,
}

impl SourceMeters {
    pub(crate) fn new(source: DataSourceId, engine: Engine) -> Self {
        Self {
            engine,
            labels: Labels {
                source: source.to_string().into(),
                engine: engine.as_str(),
            },
            by_code: std::array::from_fn(|_| OnceLock::new()),
            used: OnceLock::new(),
        }
    }

    pub(super) const fn engine(&self) -> Engine {
        self.engine
    }

    /// Notes how long a statement waited to be let in.
    pub(super) fn admitted_after(&self, time: Duration) {
        self.used().admission.record(time.as_secs_f64());
    }

    /// Notes how long a statement waited for its session.
    pub(super) fn acquired_after(&self, time: Duration) {
        self.used().acquire.record(time.as_secs_f64());
    }

    /// Notes a statement that came to its end.
    pub(super) fn ended(&self, took: Duration, outcome: Result<Option<&QuerySummary>, ErrorKind>) {
        let (index, code) = match outcome {
            Ok(_) => (0, OK),
            Err(kind) => (kind as usize + 1, kind.code()),
        };
        if let Some(counter) = self.by_code.get(index) {
            counter.get_or_init(|| self.counter(code)).increment(1);
        }
        let used = self.used();
        used.duration.record(took.as_secs_f64());
        if let Ok(Some(summary)) = outcome {
            used.rows.increment(summary.rows);
            used.bytes.increment(summary.bytes);
        }
    }

    fn counter(&self, code: &'static str) -> Counter {
        let Labels { source, engine } = self.labels.clone();
        counter!(QUERIES, "source" => source, "engine" => engine, "code" => code)
    }

    fn used(&self) -> &Used {
        self.used.get_or_init(|| {
            let Labels { source, engine } = self.labels.clone();
            Used {
                admission: histogram!(ADMISSION_WAIT),
                duration: histogram!(DURATION, "source" => source.clone(), "engine" => engine),
                acquire: histogram!(ACQUIRE, "source" => source.clone(), "engine" => engine),
                rows: counter!(ROWS, "source" => source.clone(), "engine" => engine),
                bytes: counter!(BYTES, "source" => source, "engine" => engine),
            }
        })
    }
}
