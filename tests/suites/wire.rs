//! What is long or wide for the protocols that we speak ourselves.

use std::time::{Duration, Instant};

use gateway_core::trace::Trace;
use gateway_core::{
    AtDeadline, Cell, Engine, Frame, ParamValue, Parameters, QueryId, QueryLimits, QueryRequest, ValueStyle,
};
use gateway_drivers::{Drivers, SourcePool};
use gateway_sql::{Policy, Validator};
use nexus_tests::{Failed, Outcome, Server, Trials};

use crate::drivers;

const ENGINES: [Engine; 3] = [Engine::MySql, Engine::MariaDb, Engine::PostgreSql];

pub(crate) fn register(trials: &mut Trials) {
    for engine in ENGINES {
        trials.engine("wire::long_values", engine, long_values);
        trials.engine("wire::long_parameters", engine, long_parameters);
        trials.engine("wire::many_columns", engine, many_columns);
        trials.engine("wire::many_parameters", engine, many_parameters);
        trials.engine("wire::many_statements", engine, many_statements);
    }
}

/// A column of a row that was read.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Null,
    Number(i64),
    Text(String),
}

/// The only row of an answer.
async fn row(
    pool: &SourcePool,
    engine: Engine,
    sql: &str,
    parameters: Vec<ParamValue>,
) -> Result<Vec<Seen>, Failed> {
    let parameters = match parameters.is_empty() {
        true => Parameters::None,
        false => Parameters::Positional(parameters),
    };
    let approved = Validator::new(engine, Policy::default()).approve(sql)?;
    let request = QueryRequest {
        id: QueryId::new(),
        sql: approved.bind(&parameters, None)?,
        limits: QueryLimits {
            max_rows: None,
            offset: 0,
            max_bytes: u64::MAX,
            max_cell_bytes: usize::MAX,
            deadline: Instant::now() + Duration::from_secs(120),
            at_deadline: AtDeadline::Fail,
        },
        style: ValueStyle::default(),
        trace: Trace::default(),
    };
    let mut stream = pool.query(request).await?;
    let mut row = Vec::new();
    while let Some(frame) = stream.next().await {
        let Frame::Batch(batch) = frame? else { continue };
        for cell in batch.rows().flatten() {
            row.push(match cell {
                Cell::Null => Seen::Null,
                Cell::Int(number) => Seen::Number(*number),
                Cell::UInt(number) => Seen::Number(i64::try_from(*number)?),
                text => Seen::Text(batch.text(*text).ok_or("neither number nor text")?.to_owned()),
            });
        }
    }
    Ok(row)
}

fn pool(server: &Server) -> Result<SourcePool, Failed> {
    let (config, password) = drivers::source(server)?;
    Ok(SourcePool::new(
        Drivers::builtin().get(server.engine)?,
        config,
        password,
    ))
}

/// Around the length at which MySQL's packets go on in another one.
async fn long_values(server: Server) -> Outcome {
    let pool = pool(&server)?;
    let whole = 0xff_ffff;
    for length in [whole - 8, whole - 7, whole - 6, whole - 5, whole - 4] {
        let sql = format!("SELECT repeat('x', {length}) AS v");
        let seen = row(&pool, server.engine, &sql, Vec::new()).await?;
        assert!(seen == [Seen::Text("x".repeat(length))], "{length}");
    }
    let sql = "SELECT repeat('x', 9000000) AS a, NULL AS b, repeat('y', 9000000) AS c, 7 AS d";
    let seen = row(&pool, server.engine, sql, Vec::new()).await?;
    let expected = [
        Seen::Text("x".repeat(9_000_000)),
        Seen::Null,
        Seen::Text("y".repeat(9_000_000)),
        Seen::Number(7),
    ];
    assert!(seen == expected);
    assert_eq!(pool.counters().created, 1, "one session has served all");
    Ok(())
}

async fn long_parameters(server: Server) -> Outcome {
    let pool = pool(&server)?;
    let sql = match server.engine {
        Engine::PostgreSql => "SELECT length($1::text) AS v",
        _ => "SELECT length(?) AS v",
    };
    // MariaDB takes no more than 16 MiB at once unless it is told to.
    let most = if server.engine == Engine::MariaDb {
        16_000_000
    } else {
        17_000_000
    };
    for length in [0, 250, 251, 65_535, 65_536, most] {
        let text = ParamValue::Text("x".repeat(length));
        let seen = row(&pool, server.engine, sql, vec![text]).await?;
        assert_eq!(seen, [Seen::Number(i64::try_from(length)?)]);
    }
    assert_eq!(pool.counters().created, 1, "one session has served all");
    Ok(())
}

async fn many_columns(server: Server) -> Outcome {
    let pool = pool(&server)?;
    for count in [1, 5, 6, 7, 8, 9, 14, 15, 1600] {
        let (columns, expected): (Vec<String>, Vec<Seen>) = (0..count)
            .map(|number| match number % 3 {
                0 => ("NULL".to_owned(), Seen::Null),
                1 => (number.to_string(), Seen::Number(number)),
                _ => (format!("'{number}'"), Seen::Text(number.to_string())),
            })
            .unzip();
        let sql = format!("SELECT {}", columns.join(", "));
        let seen = row(&pool, server.engine, &sql, Vec::new()).await?;
        assert_eq!(seen, expected, "{count}");
    }
    Ok(())
}

async fn many_parameters(server: Server) -> Outcome {
    let pool = pool(&server)?;
    for count in [1_i64, 7, 8, 9, 500] {
        let columns: Vec<String> = (1..=count)
            .map(|number| match server.engine {
                Engine::PostgreSql => format!("${number}::text"),
                _ => "?".to_owned(),
            })
            .collect();
        let sql = format!("SELECT {}", columns.join(", "));
        let values = (0..count).map(|number| match number % 3 {
            0 => ParamValue::Null,
            _ => ParamValue::Text(number.to_string()),
        });
        let seen = row(&pool, server.engine, &sql, values.collect()).await?;
        let expected: Vec<Seen> = (0..count)
            .map(|number| match number % 3 {
                0 => Seen::Null,
                _ => Seen::Text(number.to_string()),
            })
            .collect();
        assert_eq!(seen, expected, "{count}");
    }
    Ok(())
}

/// More than a session keeps prepared, twice, and each with values of different types.
async fn many_statements(server: Server) -> Outcome {
    let pool = pool(&server)?;
    for number in (0..300).chain(0..300) {
        let sql = format!("SELECT {number} AS v");
        let seen = row(&pool, server.engine, &sql, Vec::new()).await?;
        assert_eq!(seen, [Seen::Number(number)]);
    }
    if server.engine != Engine::PostgreSql {
        for round in 0..3 {
            for (value, expected) in [
                (ParamValue::Int(-7), Seen::Number(-7)),
                (ParamValue::Text("-7".to_owned()), Seen::Text("-7".to_owned())),
                (ParamValue::UInt(7), Seen::Number(7)),
                (ParamValue::Null, Seen::Null),
            ] {
                let seen = row(&pool, server.engine, "SELECT ? AS v", vec![value]).await?;
                assert_eq!(seen, [expected], "round {round}");
            }
        }
    }
    assert_eq!(pool.counters().created, 1, "one session has served all");
    Ok(())
}
