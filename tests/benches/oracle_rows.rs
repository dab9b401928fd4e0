//! Rows from Oracle through a pool of ours against the client library's own loop, on the same double and in turns. The ratio is
//! the result: `cargo bench -p nexus-tests --bench oracle_rows`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "this is a benchmark; a panic is a failure with a place"
)]

use std::time::{Duration, Instant};

use gateway_core::trace::Trace;
use gateway_core::{
    AtDeadline, Engine, Frame, Parameters, QueryId, QueryLimits, QueryRequest, Secret, SourceConfig,
    ValueStyle,
};
use gateway_drivers::{Drivers, SourcePool};
use gateway_sql::{Policy, Validator};
use nexus_tests::oracle::{Double, Mode};
use oracledb::{Config, Connection};

const ROWS: u64 = 100_000;
const SQL: &str = "SELECT * FROM many_rows";
const TURNS: usize = 7;

#[tokio::main]
async fn main() {
    for mode in [Mode::Classic, Mode::Fast] {
        let double = Double::start(mode).unwrap();
        let (pool, bare) = (pool(&double), bare(&double));
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            theirs.push(tokio::task::block_in_place(|| read_bare(&bare)));
            ours.push(read_pool(&pool).await);
        }
        let (ours, theirs) = (rate(&mut ours), rate(&mut theirs));
        println!(
            "{mode:?}: pool {ours:.0} rows/s, bare loop {theirs:.0} rows/s, ratio {:.2}",
            ours / theirs
        );
    }
}

/// Rows a second, by the median.
fn rate(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    ROWS as f64 / times[times.len() / 2].as_secs_f64()
}

fn bare(double: &Double) -> Connection {
    let place = format!("127.0.0.1:{}/testpdb", double.port());
    let config = Config::default().set_credentials("scott", "tiger");
    oracledb::connect(config.set_connect_string(&place).unwrap()).unwrap()
}

/// As the library's documentation has it, with the batches that the driver uses.
fn read_bare(connection: &Connection) -> Duration {
    let begun = Instant::now();
    let builder = connection.statement(SQL).unwrap();
    let statement = builder.prefetch_rows(64).fetch_array_size(256).build().unwrap();
    let mut read = 0;
    let mut length = 0;
    for row in statement.query(&[]).unwrap() {
        let row = row.unwrap();
        let (number, text, same): (String, &str, &str) =
            (row.get(0).unwrap(), row.get(1).unwrap(), row.get(2).unwrap());
        length += number.len() + text.len() + same.len();
        read += 1;
    }
    assert!(read == ROWS && length > 0);
    begun.elapsed()
}

fn pool(double: &Double) -> SourcePool {
    let config = SourceConfig {
        host: Some("127.0.0.1".to_owned()),
        port: Some(double.port()),
        service_name: Some("testpdb".to_owned()),
        username: Some("scott".to_owned()),
        ..SourceConfig::default()
    };
    let driver = Drivers::builtin().get(Engine::Oracle).unwrap();
    SourcePool::new(driver, config, Some(Secret::new("tiger")))
}

async fn read_pool(pool: &SourcePool) -> Duration {
    let begun = Instant::now();
    let approved = Validator::new(Engine::Oracle, Policy::default())
        .approve(SQL)
        .unwrap();
    let request = QueryRequest {
        id: QueryId::new(),
        sql: approved.bind(&Parameters::None, None).unwrap(),
        limits: QueryLimits {
            max_rows: None,
            offset: 0,
            max_bytes: u64::MAX,
            max_cell_bytes: 1 << 20,
            deadline: begun + Duration::from_mins(1),
            at_deadline: AtDeadline::Fail,
        },
        style: ValueStyle::default(),
        trace: Trace::default(),
    };
    let mut stream = pool.query(request).await.unwrap();
    let mut read = 0;
    while let Some(frame) = stream.next().await {
        if let Frame::Batch(batch) = frame.unwrap() {
            read += batch.row_count() as u64;
        }
    }
    assert_eq!(read, ROWS);
    begun.elapsed()
}
