//! Answers that every double knows: a row with a value of each type, and one with NULL in each column.
//!
//! - `SELECT * FROM every_type`: all that both servers have, without LOBs
//! - `SELECT * FROM every_lob`: LOBs of more than one packet
//! - `SELECT * FROM every_document`: what only 23ai has
//! - `SELECT * FROM every_object`: an XMLTYPE
//! - `SELECT * FROM many_rows`: 100,000 rows of a number and two texts
//! - `SELECT * FROM fails_late`: an error after 250 rows

use serde_json::json;

use super::temporal::{DaySecond, Moment, YearMonth};
use super::{Answer, Column, Kind, OraError, Pattern, RowFault, RowId, Value};

/// Pages of nothing are no test: a text of so many times ten characters.
const CLOB_PARTS: usize = 4000;
/// All bytes, so many times.
const BLOB_PARTS: usize = 300;

pub(super) fn scripts() -> Vec<(Pattern, Answer)> {
    let late = Answer::made(vec![Column::new("N", Kind::NUMBER)], 100_000, |at| {
        vec![Value::Integer(at as i64 + 1)]
    });
    let snapshot = OraError::new(
        1555,
        "snapshot too old: rollback segment number 1 with name \"X\" too small",
    );
    [
        ("every_type", table(types())),
        ("every_lob", table(lobs())),
        ("every_document", table(documents())),
        ("every_object", table(objects())),
        ("many_rows", many()),
        ("fails_late", late.with_fault(250, RowFault::Fail(snapshot))),
    ]
    .map(|(name, answer)| (format!("SELECT * FROM {name}").as_str().into(), answer))
    .into()
}

fn many() -> Answer {
    let columns = vec![
        Column::new("N", Kind::NUMBER).not_null(),
        Column::new("S", Kind::Varchar(40)),
        Column::new("SAME", Kind::Varchar(10)),
    ];
    Answer::made(columns, 100_000, |at| {
        vec![
            Value::Integer(at as i64 + 1),
            Value::Text(format!("row {at}")),
            "x".into(),
        ]
    })
}

/// A row with the values, and one with NULLs.
fn table(columns: Vec<(&str, Kind, Value)>) -> Answer {
    let row: Vec<Value> = columns.iter().map(|(_, _, value)| value.clone()).collect();
    let nulls = vec![Value::Null; row.len()];
    let columns = columns
        .into_iter()
        .map(|(name, kind, _)| Column::new(name, kind))
        .collect();
    Answer::rows(columns, vec![row, nulls])
}

fn number(precision: u8, scale: i8) -> Kind {
    Kind::Number { precision, scale }
}

fn digits(text: &str) -> Value {
    Value::Number(text.to_owned())
}

fn types() -> Vec<(&'static str, Kind, Value)> {
    let noon = Moment::date(2020, 6, 1).at(12, 0, 0, 1000);
    vec![
        (
            "N38",
            number(38, 0),
            digits("99999999999999999999999999999999999999"),
        ),
        ("N10_2", number(10, 2), digits("-12345678.90")),
        ("NX", number(5, -2), digits("1234500")),
        (
            "NF",
            Kind::NUMBER,
            digits("0.000000000000000000000000000000000001"),
        ),
        ("F", Kind::Float(126), digits("1.5")),
        ("VC", Kind::Varchar(4000), "héllo 世界".repeat(50).as_str().into()),
        ("NVC", Kind::Nvarchar(100), "n€😀".into()),
        ("CH", Kind::Char(5), "ab".into()),
        (
            "D",
            Kind::Date,
            Value::Moment(Moment::date(2024, 2, 29).at(23, 59, 58, 0)),
        ),
        (
            "T0",
            Kind::Timestamp(0),
            Value::Moment(Moment::date(1, 1, 1).at(1, 2, 3, 0)),
        ),
        (
            "T9",
            Kind::Timestamp(9),
            Value::Moment(Moment::date(9999, 12, 31).at(1, 2, 3, 123_456_789)),
        ),
        ("TZ", Kind::TimestampTz(6), Value::Moment(noon.zone(330))),
        ("LTZ", Kind::TimestampLtz(6), Value::Moment(noon)),
        (
            "YM",
            Kind::YearMonth(2),
            Value::YearMonth(YearMonth {
                years: -11,
                months: -5,
            }),
        ),
        (
            "DS",
            Kind::DaySecond(2, 6),
            Value::DaySecond(DaySecond {
                days: 3,
                hours: 4,
                minutes: 5,
                seconds: 6,
                nanos: 7000,
            }),
        ),
        ("R", Kind::Raw(16), Value::Bytes((0..16).collect())),
        ("BF", Kind::BinaryFloat, Value::Float(1.5)),
        ("BD", Kind::BinaryDouble, Value::Double(-2.25e300)),
        ("RID", Kind::RowId, Value::RowId(ROW_ID)),
        ("URID", Kind::UrowId, Value::RowId(ROW_ID)),
        ("L", Kind::Long, "long ago".into()),
        ("NUL", Kind::Varchar(10), Value::Null),
    ]
}

const ROW_ID: RowId = RowId {
    object: 0x1234,
    file: 1,
    block: 0x56,
    row: 7,
};

fn lobs() -> Vec<(&'static str, Kind, Value)> {
    vec![
        ("ID", Kind::NUMBER, Value::Integer(1)),
        ("C", Kind::Clob, "clob text ".repeat(CLOB_PARTS).as_str().into()),
        ("N", Kind::Nclob, "n€😀 ".repeat(CLOB_PARTS).as_str().into()),
        (
            "B",
            Kind::Blob,
            Value::Bytes((0..=255).collect::<Vec<u8>>().repeat(BLOB_PARTS)),
        ),
    ]
}

fn documents() -> Vec<(&'static str, Kind, Value)> {
    let document = json!({"name": "Zoë", "tags": ["a", null, true, 12.5], "in": {"deep": -7}});
    vec![
        ("J", Kind::Json, Value::Json(document)),
        ("B", Kind::Boolean, Value::Boolean(true)),
        ("V", Kind::Vector, Value::Vector(vec![1.0, -0.5, 3.25])),
    ]
}

fn objects() -> Vec<(&'static str, Kind, Value)> {
    vec![("X", Kind::Xml, "<a>1</a>".into())]
}
