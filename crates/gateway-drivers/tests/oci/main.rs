//! Oracle by its client library: sibyl and everything above it are the real ones, the library is one that plays from a script
//! (`tests/fake-oci`), and connects to a listener by way of the driver's relay.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "this is a test; a panic is a failure with a place"
)]

mod listener;
mod reading;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use gateway_core::{Classify, ErrorKind, ParamType, ParamValue, Parameters, StandardType};
use gateway_drivers::{CancelCause, ConnectFailure, DriverError};
use libtest_mimic::{Arguments, Trial};

use self::listener::{Listener, Manner, NATIVE_ENCRYPTION};
use self::reading::{pool, read, request, run, until};

fn main() {
    let trials = vec![
        trial("every_type", every_type),
        trial("numbers", numbers),
        trial("text_that_may_be_cut_off", text_that_may_be_cut_off),
        trial("limits_of_cells", limits_of_cells),
        trial("binds", binds),
        trial("transactions", transactions),
        trial("failures", failures),
        trial("logins", logins),
        trial("facts", facts),
        trial("native_encryption", native_encryption),
        trial("cancelling", cancelling),
        trial("deadlines", deadlines),
        trial("a_server_that_does_not_listen", a_server_that_does_not_listen),
    ];
    // One after the other, so that each can see that it left nothing behind.
    let arguments = Arguments {
        test_threads: Some(1),
        ..Arguments::from_args()
    };
    libtest_mimic::run(&arguments, trials).exit();
}

fn trial(name: &str, body: impl AsyncFnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        runtime.block_on(async {
            body().await;
            // The environment and where its errors go, which stay for the life of the process.
            until("everything is given back to the client library", || {
                fake_oci::live() <= 2
            })
            .await;
        });
        Ok(())
    })
}

async fn every_type() {
    let listener = Listener::start(Manner::default());
    let pool = pool(listener.port, "oci", |_| {});
    let (columns, rows) = run(&pool, "SELECT * FROM everything").await.unwrap();
    let expected = [
        ("C_CHAR", "char", StandardType::String, "ab      "),
        ("C_NVARCHAR2", "nvarchar2", StandardType::String, "příliš"),
        ("C_LONG", "long", StandardType::String, "long ago"),
        ("C_FLOAT", "binary_float", StandardType::Float, "1.5"),
        (
            "C_DOUBLE",
            "binary_double",
            StandardType::Double,
            "2.2250738585072014e-308",
        ),
        (
            "C_TIMESTAMP",
            "timestamp",
            StandardType::Timestamp,
            "2024-02-29T23:59:58.123456789",
        ),
        (
            "C_TIMESTAMP_TZ",
            "timestamp with time zone",
            StandardType::TimestampTz,
            "2024-03-01T03:29:58.123456789Z",
        ),
        (
            "C_TIMESTAMP_LTZ",
            "timestamp with local time zone",
            StandardType::TimestampTz,
            "2024-02-29T21:59:58.123456789Z",
        ),
        (
            "C_INTERVAL_YM",
            "interval year to month",
            StandardType::Interval,
            "P-3Y-1M",
        ),
        (
            "C_INTERVAL_DS",
            "interval day to second",
            StandardType::Interval,
            "P4DT5H6M7.89S",
        ),
        ("C_RAW", "raw", StandardType::Binary, "00ff7f"),
        ("C_LONG_RAW", "long raw", StandardType::Binary, "0102"),
        ("C_CLOB", "clob", StandardType::String, "čtyři"),
        ("C_BLOB", "blob", StandardType::Binary, "00626c6f62"),
        ("C_ROWID", "rowid", StandardType::String, "AAAR3sAAEAAAACXAAA"),
    ];
    let found: Vec<_> = columns
        .iter()
        .zip(&rows[0])
        .map(|(column, value)| {
            let native = column.native_type.as_ref();
            (&*column.name, native, column.standard_type, &**value)
        })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(rows.len(), 2);
    assert!(rows[1].iter().all(|value| value == "NULL"), "{:?}", rows[1]);
    let (columns, rows) = run(&pool, "SELECT id, name, born FROM people").await.unwrap();
    let nullable: Vec<_> = columns.iter().map(|column| column.nullable).collect();
    assert_eq!(nullable, [Some(false), Some(true), Some(true)]);
    assert_eq!((columns[0].precision, columns[0].scale), (Some(10), Some(0)));
    assert_eq!(
        rows,
        [
            ["1", "Ada", "1815-12-10T13:45:59"],
            ["2", "NULL", "NULL"],
            ["3", "Žofie 🌷", "-4711-01-01T00:00:00"],
        ]
    );
    let refused = run(&pool, "SELECT b FROM truths").await.unwrap_err();
    assert!(refused.detail().hint.unwrap().contains("TO_CHAR"), "{refused:?}");
    pool.close();
}

async fn numbers() {
    let listener = Listener::start(Manner::default());
    let pool = pool(listener.port, "oci", |_| {});
    let (_, rows) = run(&pool, "SELECT n FROM numbers").await.unwrap();
    let expected = [
        "0".to_owned(),
        "-1".to_owned(),
        "100".to_owned(),
        "12345678901234567890123456789012345678".to_owned(),
        "-99999999999999999999999999999999999999".to_owned(),
        format!("0.{}1", "0".repeat(37)),
        "-1234.5678".to_owned(),
        format!("0.{}1", "0".repeat(129)),
        format!("{}{}", "9".repeat(38), "0".repeat(88)),
    ];
    assert_eq!(rows.concat(), expected);
    pool.close();
}

/// In a database that does not keep its text in UTF-8, what fills sibyl's room may have been longer.
async fn text_that_may_be_cut_off() {
    let listener = Listener::start(Manner::default());
    let pool = pool(listener.port, "oci", |config| {
        config.service_name = Some("latin.testpdb".to_owned());
    });
    let failure = run(&pool, "SELECT * FROM everything").await.unwrap_err();
    let hint = failure.detail().hint.unwrap();
    assert!(hint.contains("ORACLE_UTF8_CONV_FACTOR"), "{hint}");
    // With room to spare nothing can be missing.
    let (_, rows) = run(&pool, "SELECT id, name, born FROM people").await.unwrap();
    assert_eq!(rows[2][1], "Žofie 🌷");
    pool.close();
}

async fn limits_of_cells() {
    let listener = Listener::start(Manner::default());
    let pool = pool(listener.port, "oci", |_| {});
    for (limit, count) in [(8, 2), (7, 0)] {
        let mut asked = request("SELECT * FROM lengthy", &Parameters::None);
        asked.limits.max_cell_bytes = limit;
        let (_, rows) = read(pool.query(asked).await.unwrap()).await.unwrap();
        assert_eq!(rows.len(), count, "with cells of {limit} bytes");
    }
    pool.close();
}

async fn binds() {
    let listener = Listener::start(Manner::default());
    let pool = pool(listener.port, "oci", |_| {});
    let typed = |kind, text: &str| ParamValue::Typed(kind, text.to_owned());
    let values = [
        ("a", ParamValue::Text("žluť".to_owned())),
        ("b", ParamValue::Int(-7)),
        ("c", ParamValue::Number("-12345678901234567890.5e3".to_owned())),
        ("d", typed(ParamType::Date, "2026-01-31")),
        ("e", typed(ParamType::Timestamp, "2026-01-31T12:00:00.000000001")),
        ("f", ParamValue::Binary(vec![0, 255])),
        ("g", ParamValue::Null),
        ("h", ParamValue::UInt(u64::MAX)),
    ];
    let values = values.map(|(name, value)| (name.to_owned(), value));
    let parameters = Parameters::Named(BTreeMap::from(values));
    // The library counts every placeholder, one that stands twice too.
    let sql = "SELECT ':z', :a, :b, :a, :c, :d, :e, :f, :g, :h, :b FROM dual";
    let stream = pool.query(request(sql, &parameters)).await.unwrap();
    let (_, rows) = read(stream).await.unwrap();
    assert_eq!(
        rows[0],
        [
            "1 žluť",
            "3 -7",
            "1 žluť",
            "6 -12345678901234567890500",
            // A TIMESTAMP, of which the statement's own CAST makes a DATE.
            "187 2026-01-31 00:00:00.000000000 +00:00",
            "187 2026-01-31 12:00:00.000000001 +00:00",
            "95 00ff",
            "1 null",
            "6 18446744073709551615",
            "3 -7",
        ]
    );
    pool.close();
}

async fn transactions() {
    let listener = Listener::start(Manner::default());
    let pool = pool(listener.port, "oci", |config| {
        config.query_timeout = Duration::from_secs(7);
    });
    let _ = fake_oci::take_journal();
    run(&pool, "SELECT id FROM people").await.unwrap();
    pool.close();
    until("the server is left", || listener.open() == 0).await;
    let journal = fake_oci::take_journal();
    let done: Vec<&str> = journal
        .lines()
        .filter_map(|line| {
            line.split_once(' ')
                .filter(|(label, _)| label.parse::<u16>().is_ok())
        })
        .map(|(_, done)| done)
        .collect();
    assert_eq!(done[0], "call timeout 12000", "{done:?}");
    assert!(
        done[1].starts_with("execute ALTER SESSION SET NLS_LANGUAGE"),
        "{done:?}"
    );
    let rest = [
        "execute SET TRANSACTION READ ONLY",
        "execute SELECT id FROM people",
        "rollback",
        // sibyl's own, with which it says goodbye.
        "rollback",
        "release",
    ];
    assert_eq!(done[3..], rest);
}

async fn failures() {
    let listener = Listener::start(Manner::default());
    let pool = pool(listener.port, "oci", |config| config.max_pool_size = 1);
    let failure = run(&pool, "SELECT * FROM missing").await.unwrap_err();
    assert_eq!(failure.kind(), ErrorKind::Query);
    assert_eq!(failure.detail().native_code.as_deref(), Some("ORA-00942"));
    assert_eq!(
        failure.public_message(),
        "ORA-00942: table or view does not exist"
    );
    let failure = run(&pool, "SELECT * FROM broken").await.unwrap_err();
    assert_eq!(failure.detail().native_code.as_deref(), Some("ORA-01555"));
    run(&pool, "SELECT id FROM people").await.unwrap();
    // All on one session, which no error of a statement ends.
    assert_eq!(listener.open(), 1);
    let failure = run(&pool, "SELECT * FROM cut").await.unwrap_err();
    assert!(matches!(failure, DriverError::Lost(_)), "{failure:?}");
    run(&pool, "SELECT id FROM people").await.unwrap();
    pool.close();
}

async fn logins() {
    let listener = Listener::start(Manner::default());
    let refused = async |change: fn(&mut gateway_core::SourceConfig)| {
        let pool = pool(listener.port, "oci", change);
        let failure = pool.probe().await.unwrap_err();
        pool.close();
        let DriverError::Connect { reason, message } = failure else {
            panic!("{failure:?}");
        };
        assert_eq!(reason, ConnectFailure::Refused, "{message}");
        message
    };
    let message = refused(|config| config.username = Some("tiger".to_owned())).await;
    assert!(message.contains("ORA-01017"), "{message}");
    let message = refused(|config| config.service_name = Some("nowhere".to_owned())).await;
    assert!(message.contains("ORA-12514"), "{message}");
    until("the server is left", || listener.open() == 0).await;
}

async fn facts() {
    let listener = Listener::start(Manner::default());
    let pool = pool(listener.port, "oci", |_| {});
    let probe = pool.probe().await.unwrap();
    assert_eq!(probe.facts.version, "Oracle Database 99.0.0.0.0");
    assert_eq!(probe.facts.can_write, Some(false));
    assert_eq!(probe.facts.encrypted, Some(true), "by Oracle's own encryption");
    pool.close();
}

/// What the client library is for: the other client cannot do it, and says who can.
async fn native_encryption() {
    let listener = Listener::start(Manner {
        flags: NATIVE_ENCRYPTION,
        ..Manner::default()
    });
    let thin = pool(listener.port, "thin", |_| {});
    let failure = thin.probe().await.unwrap_err();
    assert!(
        failure.public_message().contains("use the driver oci"),
        "{failure}"
    );
    thin.close();
    let oci = pool(listener.port, "oci", |_| {});
    run(&oci, "SELECT id FROM people").await.unwrap();
    oci.close();
}

async fn cancelling() {
    for version in [318, 314] {
        let listener = Listener::start(Manner {
            version,
            ..Manner::default()
        });
        let pool = pool(listener.port, "oci", |config| config.max_pool_size = 1);
        let stuck = pool
            .query(request("SELECT * FROM stuck", &Parameters::None))
            .await;
        let stuck = stuck.unwrap();
        until("the statement runs", || listener.requests() == 1).await;
        stuck.canceller().cancel();
        let failure = read(stuck).await.unwrap_err();
        assert!(
            matches!(failure, DriverError::Cancelled(CancelCause::Requested)),
            "{failure:?}"
        );
        assert!(listener.interrupts() >= 1);
        // By another session: what the interrupt left of the first is not found out.
        run(&pool, "SELECT id FROM people").await.unwrap();
        pool.close();
        until("the server is left", || listener.open() == 0).await;
    }
}

async fn deadlines() {
    let listener = Listener::start(Manner::default());
    let pool = pool(listener.port, "oci", |_| {});
    let mut asked = request("SELECT * FROM stuck", &Parameters::None);
    asked.limits.deadline = Instant::now() + Duration::from_millis(50);
    let failure = match pool.query(asked).await {
        Ok(stream) => read(stream).await.unwrap_err(),
        Err(failure) => failure,
    };
    assert!(matches!(failure, DriverError::Deadline), "{failure:?}");
    // Rows without end are stopped, too, and a reader who leaves takes the statement along.
    let endless = pool
        .query(request("SELECT * FROM endless", &Parameters::None))
        .await;
    drop(endless.unwrap());
    run(&pool, "SELECT id FROM people").await.unwrap();
    pool.close();
    until("the server is left", || listener.open() == 0).await;
}

/// A server that does not react to interrupts loses its connection, which ends the library's call.
async fn a_server_that_does_not_listen() {
    let listener = Listener::start(Manner {
        answers_interrupts: false,
        ..Manner::default()
    });
    let pool = pool(listener.port, "oci", |_| {});
    let stuck = pool
        .query(request("SELECT * FROM stuck", &Parameters::None))
        .await;
    let stuck = stuck.unwrap();
    until("the statement runs", || listener.requests() == 1).await;
    stuck.canceller().cancel();
    let failure = read(stuck).await.unwrap_err();
    assert!(matches!(failure, DriverError::Cancelled(_)), "{failure:?}");
    pool.close();
    until("the server is left", || listener.open() == 0).await;
}
