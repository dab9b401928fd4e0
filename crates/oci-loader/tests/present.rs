//! With a client library, sibyl works through it: here one that plays from a script, see `tests/fake-oci`.
#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::process::Command;
use std::thread;
use std::{env, ptr};

use oci_loader::load;
use sibyl::{
    CLOB, Date, Environment, Error, IntervalDS, IntervalYM, RowID, Session, Timestamp, TimestampTZ, ToSql,
};

/// An environment, with the client loaded.
fn environment() -> Environment {
    load(Some(fake_oci::folder())).unwrap();
    sibyl::env().unwrap()
}

fn connect(environment: &Environment) -> Session<'_> {
    environment
        .connect("//localhost/testpdb", "scott", "tiger")
        .unwrap()
}

/// The code of an error of Oracle's.
fn code(error: Error) -> i32 {
    match error {
        Error::Oracle(code, _) => code,
        other @ Error::Interface(_) => panic!("{other}"),
    }
}

#[test]
fn threads_share_one_client() {
    let clients: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| load(Some(fake_oci::folder())).unwrap()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(clients.iter().all(|client| ptr::eq(*client, clients[0])));
    assert_eq!(clients[0].version().to_string(), "99.1.2.3.4");
    assert_eq!(clients[0].version().release(), 99);
    assert_eq!(clients[0].file(), fake_oci::folder().join("libclntsh.so"));
    // Whatever folder is named later: a process has one client.
    let elsewhere = tempfile::tempdir().unwrap();
    assert!(ptr::eq(load(Some(elsewhere.path())).unwrap(), clients[0]));
    assert_eq!(sibyl::client_version(), (99, 1, 2, 3, 4));
}

#[test]
fn the_library_path_is_searched() {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "finds_it_by_name", "--ignored"])
        .env("LD_LIBRARY_PATH", fake_oci::folder())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
#[ignore = "run by another test, in a process of its own"]
fn finds_it_by_name() {
    let client = load(None).unwrap();
    assert_eq!(client.file().to_str(), Some("libclntsh.so"));
    assert!(sibyl::env().is_ok());
}

#[test]
fn logging_in_can_fail() {
    let environment = environment();
    let refused = |database, password| code(environment.connect(database, "scott", password).err().unwrap());
    assert_eq!(refused("//localhost/testpdb", "lion"), 1017);
    assert_eq!(refused("//localhost/nowhere", "tiger"), 12514);
}

#[test]
fn rows_with_nulls() {
    let environment = environment();
    let session = connect(&environment);
    let statement = session.prepare("SELECT id, name, born FROM people").unwrap();
    let rows = statement.query(()).unwrap();
    let mut seen = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let id: u64 = row.get(0).unwrap();
        let name: Option<String> = row.get("NAME").unwrap();
        let born: Option<Date> = row.get(2).unwrap();
        seen.push((id, name, born.map(|date| date.date_and_time())));
    }
    assert_eq!(
        seen,
        [
            (1, Some("Ada".to_owned()), Some((1815, 12, 10, 13, 45, 59))),
            (2, None, None),
            (3, Some("Žofie 🌷".to_owned()), Some((-4712, 1, 1, 0, 0, 0))),
        ]
    );
}

#[test]
fn numbers_keep_all_digits() {
    let environment = environment();
    let session = connect(&environment);
    let statement = session.prepare("SELECT n FROM numbers").unwrap();
    let rows = statement.query(()).unwrap();
    let mut seen = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        seen.push(row.get::<String, _>(0).unwrap());
    }
    assert_eq!(
        seen,
        [
            "0",
            "-1",
            "100",
            "12345678901234567890123456789012345678",
            "-99999999999999999999999999999999999999",
            ".00000000000000000000000000000000000001",
            "-1234.5678",
            "1E-130",
            "9.9999999999999999999999999999999999999E+125",
        ]
    );
}

#[test]
fn every_kind_of_value() {
    let environment = environment();
    let session = connect(&environment);
    let statement = session.prepare("SELECT * FROM everything").unwrap();
    let rows = statement.query(()).unwrap();
    let row = rows.next().unwrap().unwrap();
    assert_eq!(row.get::<String, _>("C_CHAR").unwrap(), "ab      ");
    assert_eq!(row.get::<String, _>("C_NVARCHAR2").unwrap(), "příliš");
    assert_eq!(row.get::<f32, _>("C_FLOAT").unwrap(), 1.5);
    assert_eq!(row.get::<f64, _>("C_DOUBLE").unwrap(), f64::MIN_POSITIVE);
    let moment: Timestamp = row.get("C_TIMESTAMP").unwrap();
    assert_eq!(
        moment.date_and_time().unwrap(),
        (2024, 2, 29, 23, 59, 58, 123_456_789)
    );
    let moment: TimestampTZ = row.get("C_TIMESTAMP_TZ").unwrap();
    assert_eq!(moment.tz_offset().unwrap(), (-3, -30));
    let interval: IntervalYM = row.get("C_INTERVAL_YM").unwrap();
    assert_eq!(interval.duration().unwrap(), (-3, -1));
    let interval: IntervalDS = row.get("C_INTERVAL_DS").unwrap();
    assert_eq!(interval.duration().unwrap(), (4, 5, 6, 7, 890_000_000));
    assert_eq!(row.get::<&[u8], _>("C_RAW").unwrap(), [0, 0xff, 0x7f]);
    let lob: CLOB = row.get("C_CLOB").unwrap();
    let mut text = String::new();
    assert_eq!(lob.read(1, 3, &mut text).unwrap(), 3);
    assert_eq!(text, "tyř");
    let rowid: RowID = row.get("C_ROWID").unwrap();
    assert_eq!(rowid.to_string(&session).unwrap(), "AAAR3sAAEAAAACXAAA");
}

#[test]
fn binds_arrive_with_their_types() {
    let environment = environment();
    let session = connect(&environment);
    let statement = session.prepare("SELECT ':x', :a, :b, :c, :d FROM dual").unwrap();
    let (mut text, mut integer, mut double, mut absent) = ("žluť", -7_i64, 0.5_f64, None::<&str>);
    let binds: Vec<&mut dyn ToSql> = vec![&mut text, &mut integer, &mut double, &mut absent];
    let row = statement.query_single(binds).unwrap().unwrap();
    let shown: Vec<String> = (0..4).map(|index| row.get(index).unwrap()).collect();
    assert_eq!(shown, ["1 žluť", "3 -7", "22 0.5", "1 null"]);
}

#[test]
fn errors_have_their_codes() {
    let environment = environment();
    let session = connect(&environment);
    let failure = |sql| code(session.prepare(sql).unwrap().query(()).err().unwrap());
    assert_eq!(failure("SELECT * FROM missing"), 942);
    let statement = session.prepare("SELECT * FROM broken").unwrap();
    let rows = statement.query(()).unwrap();
    for _ in 0..3 {
        assert!(rows.next().unwrap().is_some());
    }
    assert_eq!(code(rows.next().err().unwrap()), 1555);

    session.set_call_timeout(1).unwrap();
    assert_eq!(session.call_timeout().unwrap(), 1);
    assert_eq!(failure("SELECT * FROM stuck"), 3136);
    assert!(session.is_connected().unwrap());
    assert_eq!(failure("SELECT * FROM cut"), 3113);
    assert!(!session.is_connected().unwrap());
    assert_eq!(code(session.ping().unwrap_err()), 3113);
}
