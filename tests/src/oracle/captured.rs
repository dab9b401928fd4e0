//! The double's bytes beside those of real servers.

use super::encode::Encoder;
use super::lob::Lobs;
use super::wire::Out;
use super::{Column, Kind, Moment, Value};

/// How fields are in messages of 23ai.
const VERSION: u8 = 24;

fn bytes(text: &str) -> Vec<u8> {
    let digits: String = text.lines().filter(|line| !line.starts_with('#')).collect();
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

fn columns() -> Vec<Column> {
    let number = |precision, scale| Kind::Number { precision, scale };
    vec![
        Column::new("ID", number(9, 0)).not_null(),
        Column::new("BIG", number(19, 0)),
        Column::new("PRICE", number(9, 2)),
        Column::new("ANYNUM", Kind::NUMBER),
        Column::new("NAME", Kind::Varchar(40)),
        Column::new("FIXED", Kind::Char(5)),
        Column::new("HIRED", Kind::Date),
        Column::new("UPDATED", Kind::Timestamp(6)),
        Column::new("PAYLOAD", Kind::Raw(30)),
        Column::new("RATING", Kind::BinaryDouble),
        Column::new("SCORE", Kind::BinaryFloat),
    ]
}

fn rows() -> [Vec<Value>; 3] {
    let number = |text: &str| Value::Number(text.to_owned());
    let first = Moment::date(2024, 1, 2).at(3, 4, 5, 0);
    let last = Moment::date(1988, 12, 31).at(23, 59, 58, 0);
    let mut nulls = vec![Value::Null; 11];
    nulls[0] = Value::Integer(2);
    [
        vec![
            Value::Integer(1),
            Value::Integer(12_345_678_901_234),
            number("12.34"),
            number("1.5"),
            "alpha".into(),
            "ab".into(),
            Value::Moment(first),
            Value::Moment(first.at(3, 4, 5, 123_456_000)),
            Value::Bytes(vec![1, 2]),
            Value::Double(2.5),
            Value::Float(0.5),
        ],
        nulls,
        vec![
            Value::Integer(3),
            Value::Integer(-42),
            number("-99.99"),
            number("-0.25"),
            "gamma".into(),
            "xyz".into(),
            Value::Moment(last),
            Value::Moment(last.at(23, 59, 58, 999_999_000)),
            Value::Bytes(vec![0xff; 8]),
            Value::Double(-1.5),
            Value::Float(-2.0),
        ],
    ]
}

/// Where `part` is in `whole`.
fn place(whole: &[u8], part: &[u8]) -> Option<usize> {
    whole.windows(part.len()).position(|window| window == part)
}

#[test]
fn columns_are_described_as_by_a_real_server() {
    let captured = bytes(include_str!("captured/fetch_23ai.hex"));
    let mut out = Out::default();
    for (position, column) in columns().iter().enumerate() {
        column.describe(&mut out, position, VERSION);
    }
    // What comes before: the message, an identity of 23 bytes, the longest row, the count and a flag.
    assert_eq!(
        place(&captured, &out.0),
        Some(1 + 24 + 2 + 2 + 1),
        "{:02x?}",
        out.0
    );
}

#[test]
fn rows_are_written_as_by_a_real_server() {
    let captured = bytes(include_str!("captured/fetch_23ai.hex"));
    let (mut from, mut lobs) = (0, Lobs::default());
    for row in rows() {
        let mut out = Out::default();
        out.u8(super::binds::ROW);
        let mut encoder = Encoder { lobs: &mut lobs };
        for (column, value) in columns().iter().zip(&row) {
            encoder.write(&mut out, column.kind, false, value).unwrap();
        }
        let at = place(&captured[from..], &out.0);
        from += at.unwrap_or_else(|| panic!("{row:?} is not as captured: {:02x?}", out.0)) + out.0.len();
    }
}
