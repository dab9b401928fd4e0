//! Values of rows.

use gateway_core::Cell;
use oracledb::{OracleIntervalDS, OracleIntervalYM, OracleTimestamp};
use sibyl::{BLOB, CLOB, Date, FromSql, IntervalDS, IntervalYM, Row, RowID, Session, Timestamp, TimestampTZ};

use super::super::interval;
use super::super::value::{instant, write_number};
use super::columns::Reader;
use super::{failures, numbers};
use crate::DriverError;
use crate::threaded::{Delivery, Pushed};

/// The most room for a LONG, whatever cells may have: sibyl sets it aside before it knows that there is one.
const MOST_LONG: usize = 16 << 20;

/// What shows that a LONG has more bytes than a cell may: one more of them, and room for the rest of its character, which is
/// not begun where there is none.
const EXCESS: usize = 4;

/// How many bytes of a LONG are fetched.
pub(super) fn long_room(max_cell_bytes: usize) -> u32 {
    let room = max_cell_bytes.saturating_add(EXCESS).min(MOST_LONG);
    u32::try_from(room).unwrap_or(u32::MAX)
}

/// Appends the value in column `at` of a row.
pub(super) fn push(
    out: &mut Delivery<'_>,
    reader: Reader,
    row: &Row<'_>,
    at: usize,
    session: &Session<'_>,
) -> Result<Pushed, DriverError> {
    if row.is_null(at) {
        out.cells().push(Cell::Null);
        return Ok(Pushed::Whole);
    }
    match reader {
        Reader::LargeText | Reader::LargeBytes => large(out, reader, row, at),
        Reader::LongText | Reader::LongBytes => long(out, reader, row, at),
        Reader::Text(limit) => {
            let text: &str = get(row, at)?;
            if limit.is_some_and(|limit| text.len() >= limit) {
                return Err(failures::unread_but(
                    "A text may have been cut off: in UTF-8 it is longer than in the database".to_owned(),
                    "The gateway's environment needs ORACLE_UTF8_CONV_FACTOR=4",
                ));
            }
            out.cells().push_text(text);
            Ok(Pushed::Whole)
        }
        _ => {
            scalar(out, reader, row, at, session)?;
            Ok(Pushed::Whole)
        }
    }
}

fn scalar(
    out: &mut Delivery<'_>,
    reader: Reader,
    row: &Row<'_>,
    at: usize,
    session: &Session<'_>,
) -> Result<(), DriverError> {
    let of_value = |failure: sibyl::Error| failures::statement(&failure);
    let cells = out.cells();
    match reader {
        Reader::Float => cells.push(Cell::Float(get(row, at)?)),
        Reader::Double => cells.push(Cell::Double(get(row, at)?)),
        Reader::Integer => cells.push(Cell::Int(get(row, at)?)),
        Reader::Number(scale) => {
            let text: String = get(row, at)?;
            let digits = numbers::plain(&text);
            cells.push_text_with(|arena| write_number(arena, digits, scale));
        }
        Reader::Bytes => cells.push_bytes(get(row, at)?),
        Reader::Date => {
            let date: Date = get(row, at)?;
            let (year, month, day, hour, minute, second) = date.date_and_time();
            let found = OracleTimestamp::new_timestamp(year, month, day, hour, minute, second, 0);
            cells.push(Cell::Timestamp {
                secs: instant(&found),
                nanos: 0,
                digits: 0,
            });
        }
        Reader::Timestamp(digits) => {
            let found: Timestamp = get(row, at)?;
            let found = moment(found.date_and_time().map_err(of_value)?);
            cells.push(Cell::Timestamp {
                secs: instant(&found),
                nanos: found.nanoseconds(),
                digits,
            });
        }
        Reader::Instant(digits) => {
            // Local timestamps, too: then the library says which zone it put them in.
            let zoned: TimestampTZ = get(row, at)?;
            let (hours, minutes) = zoned.tz_offset().map_err(of_value)?;
            let found = moment(zoned.date_and_time().map_err(of_value)?);
            let ahead = i64::from(hours) * 3600 + i64::from(minutes) * 60;
            cells.push(Cell::TimestampTz {
                secs: instant(&found) - ahead,
                nanos: found.nanoseconds(),
                digits,
            });
        }
        Reader::IntervalDays => {
            let found: IntervalDS = get(row, at)?;
            let (days, hours, minutes, seconds, nanos) = found.duration().map_err(of_value)?;
            let found = OracleIntervalDS::new(days, part(hours)?, part(minutes)?, part(seconds)?, nanos);
            cells.push_text_with(|arena| interval::write_days(arena, found));
        }
        Reader::IntervalMonths => {
            let found: IntervalYM = get(row, at)?;
            let (years, months) = found.duration().map_err(of_value)?;
            let found = OracleIntervalYM::new(years, part(months)?);
            cells.push_text_with(|arena| interval::write_months(arena, found));
        }
        Reader::Rowid => {
            let found: RowID = get(row, at)?;
            cells.push_text(&found.to_string(session).map_err(of_value)?);
        }
        // Written by the caller.
        Reader::Text(_) | Reader::LongText | Reader::LongBytes | Reader::LargeText | Reader::LargeBytes => {}
    }
    Ok(())
}

fn get<'r, T: FromSql<'r>>(row: &'r Row<'r>, at: usize) -> Result<T, DriverError> {
    row.get(at).map_err(|failure| failures::statement(&failure))
}

/// A part of an interval that is below a hundred.
fn part(number: i32) -> Result<i8, DriverError> {
    i8::try_from(number).map_err(|_| failures::unread("An interval cannot be read"))
}

fn moment(
    (year, month, day, hour, minute, second, nanos): (i16, u8, u8, u8, u8, u8, u32),
) -> OracleTimestamp {
    OracleTimestamp::new_timestamp(year, month, day, hour, minute, second, nanos)
}

/// Appends a LONG, unless it fills its room and so may have been cut off.
fn long(out: &mut Delivery<'_>, reader: Reader, row: &Row<'_>, at: usize) -> Result<Pushed, DriverError> {
    let room = usize::try_from(long_room(out.max_cell_bytes())).unwrap_or(usize::MAX);
    let bytes = match reader {
        Reader::LongText => get::<&str>(row, at)?.as_bytes(),
        _ => get(row, at)?,
    };
    if bytes.len() > room.saturating_sub(EXCESS) {
        out.cells().push(Cell::Null);
        return Ok(Pushed::Oversized);
    }
    match reader {
        Reader::LongText => out.cells().push_text_lossy(bytes),
        _ => out.cells().push_bytes(bytes),
    }
    Ok(Pushed::Whole)
}

/// Appends a large value, unless it is certain to be beyond the limit.
fn large(out: &mut Delivery<'_>, reader: Reader, row: &Row<'_>, at: usize) -> Result<Pushed, DriverError> {
    let of_value = |failure: sibyl::Error| failures::statement(&failure);
    let mut bytes = Vec::new();
    if reader == Reader::LargeText {
        let value: CLOB = get(row, at)?;
        // In characters, each of them a byte at least.
        let size = value.len().map_err(of_value)?;
        if size <= out.max_cell_bytes() {
            let mut text = String::new();
            value.read(0, size, &mut text).map_err(of_value)?;
            out.cells().push_text(&text);
            return Ok(Pushed::Whole);
        }
    } else {
        let value: BLOB = get(row, at)?;
        let size = value.len().map_err(of_value)?;
        if size <= out.max_cell_bytes() {
            value.read(0, size, &mut bytes).map_err(of_value)?;
            out.cells().push_bytes(&bytes);
            return Ok(Pushed::Whole);
        }
    }
    out.cells().push(Cell::Null);
    Ok(Pushed::Oversized)
}
