//! Pools on the server, statements, and their answers as text.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use gateway_core::trace::Trace;
use gateway_core::{
    AtDeadline, Batch, Cell, Column, Engine, Frame, Parameters, QueryId, QueryLimits, QueryRequest, Secret,
    SourceConfig, ValueStyle, temporal,
};
use gateway_drivers::{DriverError, Drivers, QueryStream, SourcePool};
use gateway_sql::{Policy, Validator};

/// After so long a trial stops waiting for what must happen. Nothing is ever decided by being faster.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A pool on a port of this machine whose source wants the driver.
pub(crate) fn pool(port: u16, driver: &str, change: impl FnOnce(&mut SourceConfig)) -> SourcePool {
    let mut config = SourceConfig {
        host: Some("127.0.0.1".to_owned()),
        port: Some(port),
        service_name: Some("testpdb".to_owned()),
        username: Some("scott".to_owned()),
        acquire_timeout: PATIENCE,
        options: BTreeMap::from([("driver".to_owned(), driver.to_owned())]),
        ..SourceConfig::default()
    };
    change(&mut config);
    let drivers = Drivers::builtin().with_oracle_client(fake_oci::folder().to_owned());
    SourcePool::new(
        drivers.get(Engine::Oracle).unwrap(),
        config,
        Some(Secret::new("tiger")),
    )
}

/// A request with generous limits.
pub(crate) fn request(text: &str, parameters: &Parameters) -> QueryRequest {
    let validator = Validator::new(Engine::Oracle, Policy::default());
    let approved = validator.approve(text).unwrap();
    QueryRequest {
        id: QueryId::new(),
        sql: approved.bind(parameters, None).unwrap(),
        limits: QueryLimits {
            max_rows: None,
            offset: 0,
            max_bytes: 64 << 20,
            max_cell_bytes: 1 << 20,
            deadline: Instant::now() + 2 * PATIENCE,
            at_deadline: AtDeadline::Fail,
        },
        style: ValueStyle::default(),
        trace: Trace::default(),
    }
}

/// The columns and rows of a statement.
pub(crate) async fn run(
    pool: &SourcePool,
    text: &str,
) -> Result<(Vec<Column>, Vec<Vec<String>>), DriverError> {
    read(pool.query(request(text, &Parameters::None)).await?).await
}

/// The columns and rows of an answer.
pub(crate) async fn read(mut stream: QueryStream) -> Result<(Vec<Column>, Vec<Vec<String>>), DriverError> {
    let (mut columns, mut rows) = (Vec::new(), Vec::new());
    loop {
        let frame = tokio::time::timeout(PATIENCE, stream.next())
            .await
            .expect("a frame comes");
        match frame.expect("an answer has an end")? {
            Frame::Columns(described) => columns = described.to_vec(),
            Frame::Batch(batch) => rows.extend(
                batch
                    .rows()
                    .map(|row| row.iter().map(|cell| show(&batch, *cell)).collect::<Vec<_>>()),
            ),
            Frame::End(_) => return Ok((columns, rows)),
        }
    }
}

/// Waits until something has happened that must happen.
pub(crate) async fn until(what: &str, mut happened: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
        // A breath between two looks, for the machine that does the work.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn show(batch: &Batch, cell: Cell) -> String {
    let mut text = Vec::new();
    match cell {
        Cell::Null => return "NULL".to_owned(),
        Cell::Int(number) => return number.to_string(),
        Cell::Float(number) => return format!("{number:?}"),
        Cell::Double(number) => return format!("{number:?}"),
        Cell::Text(_) => return batch.text(cell).unwrap().to_owned(),
        Cell::Bytes(_) => {
            let bytes = batch.bytes(cell).unwrap();
            return bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        }
        Cell::Timestamp { secs, nanos, digits } => temporal::write_timestamp(&mut text, secs, nanos, digits),
        Cell::TimestampTz { secs, nanos, digits } => {
            temporal::write_timestamp(&mut text, secs, nanos, digits);
            text.push(b'Z');
        }
        other => panic!("{other:?} does not come from this driver"),
    }
    String::from_utf8(text).unwrap()
}
