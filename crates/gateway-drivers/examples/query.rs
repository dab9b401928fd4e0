//! A query run, streamed and cancelled. Try it: `cargo run -p gateway-drivers --example query -- shop.db "SELECT 1"`.
//!
//! Without arguments it makes a database of its own, and asks for more rows than it cares to read.

use std::error::Error;
use std::time::{Duration, Instant};

use gateway_core::trace::Trace;
use gateway_core::{Engine, Frame, Parameters, QueryId, QueryLimits, QueryRequest, SourceConfig, ValueStyle};
use gateway_drivers::{Drivers, SourcePool};
use gateway_sql::{Policy, Validator};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().map_or_else(|| sample(folder.path()), Ok)?;
    let text = arguments
        .next()
        .unwrap_or_else(|| "SELECT a.n, b.n FROM numbers a, numbers b".to_owned());

    let config = SourceConfig {
        path: Some(path),
        ..SourceConfig::default()
    };
    let pool = SourcePool::new(Drivers::builtin().get(Engine::Sqlite)?, config, None);
    let approved = Validator::new(Engine::Sqlite, Policy::default()).approve(&text)?;
    let (id, sql) = (QueryId::new(), approved.bind(&Parameters::None, None)?);
    let limits = generous();
    let mut stream = pool
        .query(QueryRequest {
            id,
            sql,
            limits,
            style: ValueStyle::default(),
            trace: Trace::default(),
        })
        .await?;
    let mut rows = 0;
    while let Some(frame) = stream.next().await {
        match frame {
            Ok(Frame::Columns(columns)) => println!("{} column(s)", columns.len()),
            Ok(Frame::Batch(batch)) => rows += batch.row_count(),
            Ok(Frame::End(summary)) => println!("complete: {} row(s)", summary.rows),
            Err(error) => println!("stopped: {error}"),
        }
        if rows > 10_000 {
            stream.canceller().cancel();
        }
    }
    Ok(())
}

fn generous() -> QueryLimits {
    QueryLimits {
        max_rows: None,
        offset: 0,
        max_bytes: 1 << 30,
        max_cell_bytes: 1 << 20,
        deadline: Instant::now() + Duration::from_secs(30),
        at_deadline: gateway_core::AtDeadline::Fail,
    }
}

/// A database with a thousand numbers.
fn sample(folder: &std::path::Path) -> rusqlite::Result<String> {
    let path = folder.join("numbers.db");
    rusqlite::Connection::open(&path)?.execute_batch(
        "CREATE TABLE numbers (n INTEGER);
         WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 1000)
         INSERT INTO numbers SELECT n FROM s",
    )?;
    Ok(path.display().to_string())
}
