//! Values from Oracle.

use std::fmt::Display;
use std::io::{Read as _, Write as _};

use gateway_core::Cell;
use gateway_core::temporal::{CivilDate, days_from_civil};
use oracledb::{
    FromDbValue, JsonValue, Lob, OracleIntervalDS, OracleIntervalYM, OracleNumber, OracleTimestamp, Row,
    Vector,
};

use super::types::Reader;
use super::{interval, json};
use crate::threaded::{Delivery, Pushed};
use crate::{DriverError, StatementFailure};

/// Why a value cannot be read.
pub(super) enum Unread {
    Library(oracledb::Error),
    Large(std::io::Error),
    TooDeep,
}

impl Unread {
    /// The failure of the statement that asked for the value; the library's own are judged by `of_library`.
    pub(super) fn of(self, of_library: impl FnOnce(&oracledb::Error) -> DriverError) -> DriverError {
        let statement = |message: String| {
            DriverError::Statement(Box::new(StatementFailure {
                message,
                ..StatementFailure::default()
            }))
        };
        match self {
            Self::Library(failure) => of_library(&failure),
            // The library makes a text of whatever failed: what the server said, what is no text, and the network.
            Self::Large(failure) if failure.to_string().starts_with("ORA-") => statement(failure.to_string()),
            Self::Large(failure) if failure.kind() == std::io::ErrorKind::InvalidData => {
                statement("A CLOB holds what is no text".to_owned())
            }
            Self::Large(failure) => DriverError::Lost(format!("reading a large value: {failure}")),
            Self::TooDeep => statement("A JSON value is nested too deeply".to_owned()),
        }
    }
}

impl From<oracledb::Error> for Unread {
    fn from(failure: oracledb::Error) -> Self {
        Self::Library(failure)
    }
}

impl From<json::TooDeep> for Unread {
    fn from(_: json::TooDeep) -> Self {
        Self::TooDeep
    }
}

/// Appends the value in column `at` of a row.
pub(super) fn push(
    out: &mut Delivery<'_>,
    reader: Reader,
    row: &mut Row,
    at: usize,
) -> Result<Pushed, Unread> {
    match reader {
        Reader::LargeText | Reader::LargeBytes => return push_large(out, reader, row.take(at)?),
        Reader::Json => {
            let Some(found) = row.take::<Option<JsonValue>>(at)? else {
                out.cells().push(Cell::Null);
                return Ok(Pushed::Whole);
            };
            let (style, mut text) = (out.style(), Vec::new());
            json::write(&mut text, &found, style, 0)?;
            out.cells().push_json_with(|arena| arena.extend_from_slice(&text));
        }
        Reader::Vector => match row.take::<Option<Vector>>(at)? {
            // Sparse ones say of any size in a few bytes; each dimension is written as a figure and a comma.
            Some(Vector::Sparse(sparse)) if sparse.num_dimensions() > out.max_cell_bytes() / 2 => {
                out.cells().push(Cell::Null);
                return Ok(Pushed::Oversized);
            }
            Some(found) => out
                .cells()
                .push_json_with(|arena| json::write_vector(arena, &found)),
            None => out.cells().push(Cell::Null),
        },
        Reader::Rowid => match row.get::<Option<String>>(at)? {
            Some(text) => out.cells().push_text(&text),
            None => out.cells().push(Cell::Null),
        },
        _ => push_scalar(out, reader, row, at)?,
    }
    Ok(Pushed::Whole)
}

fn push_scalar(out: &mut Delivery<'_>, reader: Reader, row: &Row, at: usize) -> Result<(), oracledb::Error> {
    let cells = out.cells();
    match reader {
        Reader::Text => match row.get::<Option<&str>>(at)? {
            Some(text) => cells.push_text(text),
            None => cells.push(Cell::Null),
        },
        Reader::Bytes => match row.get::<Option<&[u8]>>(at)? {
            Some(bytes) => cells.push_bytes(bytes),
            None => cells.push(Cell::Null),
        },
        Reader::Number(scale) => match row.get::<Option<OracleNumber>>(at)? {
            Some(number) => cells.push_text_with(|arena| write_number(arena, number, scale)),
            None => cells.push(Cell::Null),
        },
        Reader::IntervalDays => match row.get::<Option<OracleIntervalDS>>(at)? {
            Some(found) => cells.push_text_with(|arena| interval::write_days(arena, found)),
            None => cells.push(Cell::Null),
        },
        Reader::IntervalMonths => match row.get::<Option<OracleIntervalYM>>(at)? {
            Some(found) => cells.push_text_with(|arena| interval::write_months(arena, found)),
            None => cells.push(Cell::Null),
        },
        Reader::Integer => cells.push(cell(row, at, Cell::Int)?),
        Reader::Boolean => cells.push(cell(row, at, Cell::Bool)?),
        Reader::Float => cells.push(cell(row, at, Cell::Float)?),
        Reader::Double => cells.push(cell(row, at, Cell::Double)?),
        Reader::Timestamp(digits) => cells.push(cell(row, at, |found: OracleTimestamp| Cell::Timestamp {
            secs: instant(&found),
            nanos: found.nanoseconds(),
            digits,
        })?),
        Reader::Instant(digits) => cells.push(cell(row, at, |found| utc(&found, digits, 0))?),
        Reader::Local(digits, zone) => cells.push(cell(row, at, |found| utc(&found, digits, zone))?),
        // Written by the caller.
        Reader::LargeText | Reader::LargeBytes | Reader::Json | Reader::Vector | Reader::Rowid => {}
    }
    Ok(())
}

fn cell<'r, T: FromDbValue<'r>>(
    row: &'r Row,
    at: usize,
    make: impl FnOnce(T) -> Cell,
) -> Result<Cell, oracledb::Error> {
    Ok(row.get::<Option<T>>(at)?.map_or(Cell::Null, make))
}

fn utc(found: &OracleTimestamp, digits: u8, zone: i32) -> Cell {
    Cell::TimestampTz {
        secs: instant(found) - i64::from(zone),
        nanos: found.nanoseconds(),
        digits,
    }
}

/// Seconds since 1970-01-01T00:00:00. Oracle has no year 0: -1 is 1 BC, which ISO 8601 calls 0.
pub(super) fn instant(found: &OracleTimestamp) -> i64 {
    let year = i32::from(found.year());
    let date = CivilDate {
        year: if year < 0 { year + 1 } else { year },
        month: found.month(),
        day: found.day(),
    };
    let time = i64::from(found.hour()) * 3600 + i64::from(found.minute()) * 60 + i64::from(found.second());
    days_from_civil(date) * 86_400 + time
}

/// Appends a number, with as many digits after the point as its column declares: the server does not keep zeros at the end.
pub(super) fn write_number(out: &mut Vec<u8>, number: impl Display, scale: Option<u8>) {
    let start = out.len();
    // Writing to a vector cannot fail.
    let _ = write!(out, "{number}");
    let Some(scale) = scale.filter(|scale| *scale > 0).map(usize::from) else {
        return;
    };
    let written = &out[start..];
    let fraction = match written.iter().position(|byte| *byte == b'.') {
        Some(point) => written.len() - point - 1,
        None => {
            out.push(b'.');
            0
        }
    };
    out.resize(out.len() + scale.saturating_sub(fraction), b'0');
}

/// Appends a large value, unless it is certain to be beyond the limit. It is read in one piece: the library cannot go on
/// between the two halves of a character.
fn push_large(out: &mut Delivery<'_>, reader: Reader, value: Option<Lob>) -> Result<Pushed, Unread> {
    let Some(mut value) = value else {
        out.cells().push(Cell::Null);
        return Ok(Pushed::Whole);
    };
    // In characters for text, each of them a byte at least and three at most (UTF-16 counts those of four twice).
    let size = value.get_size()?;
    if size > out.max_cell_bytes() {
        out.cells().push(Cell::Null);
        return Ok(Pushed::Oversized);
    }
    let width = if reader == Reader::LargeText { 3 } else { 1 };
    let mut bytes = vec![0; size.saturating_mul(width)];
    let mut filled = 0;
    while filled < bytes.len() {
        match value.read(&mut bytes[filled..]).map_err(Unread::Large)? {
            0 => break,
            count => filled += count,
        }
    }
    let cells = out.cells();
    match reader {
        Reader::LargeText => cells.push_text_lossy(&bytes[..filled]),
        _ => cells.push_bytes(&bytes[..filled]),
    }
    Ok(Pushed::Whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_digit_and_their_scale() {
        for (text, scale, expected) in [
            ("1.1", Some(2), "1.10"),
            ("1", Some(2), "1.00"),
            ("-0.25", Some(2), "-0.25"),
            ("0", Some(2), "0.00"),
            (
                "99999999999999999999999999999999999999",
                Some(0),
                "99999999999999999999999999999999999999",
            ),
            (
                "0.000000000000000000000000000000000001",
                None,
                "0.000000000000000000000000000000000001",
            ),
            ("1200", None, "1200"),
        ] {
            let mut out = b"before".to_vec();
            write_number(&mut out, text.parse::<OracleNumber>().unwrap(), scale);
            assert_eq!(out, [b"before", expected.as_bytes()].concat());
        }
    }

    #[test]
    fn years_before_christ_are_counted_as_iso_does() {
        let at = |year| instant(&OracleTimestamp::new_date(year, 1, 1));
        assert_eq!(
            at(1) - at(-1),
            366 * 86_400,
            "1 BC was a leap year, and nothing lies between"
        );
        assert_eq!(at(1970), 0);
    }
}
