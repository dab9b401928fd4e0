//! The double of Oracle Database, as Oracle's own thin clients for Python and Node.js find it.

mod faults;
mod tls;

use nexus_tests::oracle::{Double, Mode};
use nexus_tests::{Outcome, Trials, node, python};
use serde_json::{Value, json};

/// Registers the suite.
pub(crate) fn register(trials: &mut Trials) {
    for (name, mode) in [("classic", Mode::Classic), ("fast", Mode::Fast)] {
        trials.simple(&format!("oracle_double::python::{name}"), move || {
            from_python(mode)
        });
        trials.simple(&format!("oracle_double::node::{name}"), move || from_node(mode));
    }
    faults::register(trials);
    tls::register(trials);
}

fn version(mode: Mode) -> &'static str {
    match mode {
        Mode::Classic => "19.0.0.0.0",
        Mode::Fast => "23.26.1.0.0",
    }
}

/// Compares what was seen with what should have been, a thing at a time.
fn compare(mut saw: Value, expected: &Value) {
    let saw = saw.as_object_mut().expect("the script writes an object");
    for (what, expected) in expected.as_object().expect("an object") {
        assert_eq!(saw.remove(what).as_ref(), Some(expected), "{what}");
    }
    assert!(saw.is_empty(), "not expected: {saw:?}");
}

/// The double has understood all it was told, and nothing is left of the client.
fn is_at_rest(double: &Double) {
    assert_eq!(double.complaints(), Vec::<String>::new());
    assert_eq!(double.stats().running, 0);
}

async fn from_python(mode: Mode) -> Outcome {
    let double = Double::start(mode)?;
    let port = double.port().to_string();
    let saw = python(include_str!("client.py"), port.as_bytes()).await?;
    let number =
        |name: &str, precision: i32, scale: i32| json!([name, "NUMBER", null, precision, scale, true]);
    let sized = |name: &str, kind: &str, size: u32| json!([name, kind, size, null, null, true]);
    let plain = |name: &str, kind: &str| json!([name, kind, null, null, null, true]);
    let mut expected = json!({
        "wrong password": ["ORA-01017", 0],
        "no such account": ["ORA-01017", 0],
        "no such service": ["DPY-6005", 0],
        "no such sid": ["DPY-6005", 0],
        "version": version(mode),
        "binds": [["12", "hé", "00ff", null]],
        "named": [["2020-02-29 01:02:03", "long".repeat(500), "2020-02-29 01:02:03"]],
        "empty text": [[null, null]],
        "batches": [[1000, ["1000"]], [250, ["250"]], [1, ["1"]]],
        "description": [
            number("N38", 38, 0), number("N10_2", 10, 2), number("NX", 5, -2), number("NF", 0, -127),
            number("F", 126, -127), sized("VC", "VARCHAR", 4000), sized("NVC", "NVARCHAR", 200), sized("CH", "CHAR", 5),
            plain("D", "DATE"), plain("T0", "TIMESTAMP"), ["T9", "TIMESTAMP", null, 0, 9, true],
            ["TZ", "TIMESTAMP_TZ", null, 0, 6, true], ["LTZ", "TIMESTAMP_LTZ", null, 0, 6, true],
            ["YM", "INTERVAL_YM", null, 2, 0, true], ["DS", "INTERVAL_DS", null, 2, 6, true], sized("R", "RAW", 16),
            plain("BF", "BINARY_FLOAT"), plain("BD", "BINARY_DOUBLE"), plain("RID", "ROWID"), plain("URID", "UROWID"),
            plain("L", "LONG"), sized("NUL", "VARCHAR", 10),
        ],
        "types": [
            [
                "99999999999999999999999999999999999999", "-12345678.9", "1234500", "1E-36", "1.5",
                "héllo 世界".repeat(50), "n€😀", "ab   ", "2024-02-29 23:59:58", "0001-01-01 01:02:03",
                // Python's moments end at microseconds.
                "9999-12-31 01:02:03.123456", "2020-06-01 12:00:00.000001", "2020-06-01 12:00:00.000001", "-11--5",
                "3 days, 4:05:06.000007", "000102030405060708090a0b0c0d0e0f", 1.5, -2.25e300,
                "AAABI0AABAAAABWAAH", "AAABI0AABAAAABWAAH", "long ago", null,
            ],
            vec![Value::Null; 22],
        ],
        "locators": [[[40_000, "ob t"], [20_000, "n€😀"], [76_800, "feff00"]], [null, null, null]],
        "inline": [true, true, true, [null, null, null, null]],
        "errors": {
            "select id from nowhere": ["ORA-00942", 15],
            "select nowhere from dual": ["ORA-00904", 7],
            "select nowhere(1) from dual": ["ORA-00904", 7],
            "selec 1": ["ORA-00900", 0],
            "select 1 frm dual": ["ORA-00923", 13],
            "select to_number('x') from dual": ["ORA-01722", 0],
        },
        // The rows before the error that came in the same batch are lost, as they are with a real server.
        "late": [["ORA-01555", 0], 200, [["1"]]],
    });
    let more = json!({
        "changed": 50,
        "in transaction": true,
        "not yet": [["0"]],
        "committed": [["50", "49"]],
        "rolled back": [["50"]],
        "zone": [["2020-01-02 03:04:05.678000"]],
        "read only": [[["51"]], ["ORA-01456", 0], ["ORA-01456", 0], ["ORA-01456", 0]],
        "afterwards": [["51"]],
        "constraint": ["ORA-01400", 0],
        "context": ["module", "action", "somebody", "SCOTT"],
        "settings": ["YYYY-MM-DD", "+02:00"],
        "cancelled waiting": [["ORA-01013", 0], [["1"]]],
        "cancelled computing": [["ORA-01013", 0], [["1"]]],
        "cancelled flowing": [["ORA-01013", 0], [["1"]]],
        "timed out": ["DPY-4024", 0],
        "after the timeout": [["1"]],
    });
    merge(&mut expected, more);
    if mode == Mode::Fast {
        let document = json!({"name": "Zoë", "tags": ["a", null, true, "12.5"], "in": {"deep": "-7"}});
        let rows = json!([[document, true, [1.0, -0.5, 3.25]], [null, null, null]]);
        merge(&mut expected, json!({ "documents": rows }));
    }
    compare(serde_json::from_slice(&saw)?, &expected);
    is_at_rest(&double);
    // Three by cancelling, one by the timeout.
    assert_eq!(double.stats().breaks, 4);
    Ok(())
}

fn merge(into: &mut Value, more: Value) {
    if let (Some(into), Value::Object(more)) = (into.as_object_mut(), more) {
        into.extend(more);
    }
}

async fn from_node(mode: Mode) -> Outcome {
    let double = Double::start(mode)?;
    let port = double.port().to_string();
    let saw = node(include_str!("client.js"), port.as_bytes()).await?;
    let mut expected = json!({
        "wrong password": ["ORA-01017", 0],
        "no such service": ["NJS-518", null],
        "version": version(mode),
        "binds": [[12.5, "hé", null]],
        "batches": [[1000, [1000]], [250, [250]], [1, [1]]],
        "description": [
            ["N38", "NUMBER"], ["N10_2", "NUMBER"], ["NX", "NUMBER"], ["NF", "NUMBER"], ["F", "NUMBER"],
            ["VC", "VARCHAR2"], ["NVC", "NVARCHAR2"], ["CH", "CHAR"], ["D", "DATE"], ["T0", "TIMESTAMP"],
            ["T9", "TIMESTAMP"], ["TZ", "TIMESTAMP WITH TIME ZONE"], ["LTZ", "TIMESTAMP WITH LOCAL TIME ZONE"],
            ["YM", "INTERVAL YEAR TO MONTH"], ["DS", "INTERVAL DAY TO SECOND"], ["R", "RAW"],
            ["BF", "BINARY_FLOAT"], ["BD", "BINARY_DOUBLE"], ["RID", "ROWID"], ["URID", "UROWID"], ["L", "LONG"],
            ["NUL", "VARCHAR2"],
        ],
        "inline": [true, true, true, [null, null, null, null]],
        "missing": ["ORA-00942", 15],
        "late": [["ORA-01555", 0], [[1]]],
        // A definition ends the transaction, and so its lock.
        "read only": [null, null, null, ["ORA-01456", 0]],
        "cancelled": [["ORA-01013", 0], [[1]]],
        "timed out": ["NJS-123", null],
        "after the timeout": [[1]],
    });
    let types = json!([
        [
            "99999999999999999999999999999999999999", "-12345678.9", "1234500", ".000000000000000000000000000000000001",
            "1.5", "héllo 世界".repeat(50), "n€😀", "ab   ", "2024-02-29T23:59:58.000Z",
            // JavaScript takes the year 1 for 1901.
            "1901-01-01T01:02:03.000Z", "9999-12-31T01:02:03.123Z", "2020-06-01T06:30:00.000Z",
            "2020-06-01T12:00:00.000Z", {"years": -11, "months": -5},
            {"days": 3, "hours": 4, "minutes": 5, "seconds": 6, "fseconds": 7000},
            "000102030405060708090a0b0c0d0e0f", "1.5", "-2.25e+300", "AAABI0AABAAAABWAAH", "AAABI0AABAAAABWAAH",
            "long ago", null,
        ],
        vec![Value::Null; 22],
    ]);
    merge(&mut expected, json!({ "types": types }));
    if mode == Mode::Fast {
        let document = json!({"name": "Zoë", "tags": ["a", null, true, 12.5], "in": {"deep": -7}});
        let rows = json!([[document, true, [1, -0.5, 3.25]], [null, null, null]]);
        merge(&mut expected, json!({ "documents": rows }));
    }
    compare(serde_json::from_slice(&saw)?, &expected);
    is_at_rest(&double);
    Ok(())
}
