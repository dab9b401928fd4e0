//! MySQL's values as cells, decoded where they lie.

use std::io::Write;

use gateway_core::temporal::{CivilDate, civil_from_days, days_from_civil};
use gateway_core::{BatchBuilder, Cell, Column, StandardType};
use mysql_common::constants::{ColumnFlags, ColumnType};
use mysql_common::packets::Column as Definition;

use super::lengths::{take, take_bytes};

/// What came is not a row of the result that was announced.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// What is needed to read the values of a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    standard: StandardType,
    /// Fractional digits of a second.
    digits: u8,
    /// The declared type is BIT(1), which arrives as a byte.
    is_bit: bool,
    form: Form,
}

/// How a value lies in a row of the binary protocol
/// (<https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html>).
#[derive(Debug, Clone, Copy)]
enum Form {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    Float,
    Double,
    Date,
    Time,
    /// With their length before them.
    Bytes,
    /// Only ever NULL.
    Nothing,
}

impl Reader {
    pub(super) fn of(definition: &Definition, column: &Column) -> Self {
        Self {
            standard: column.standard_type,
            digits: column
                .scale
                .and_then(|scale| u8::try_from(scale).ok())
                .unwrap_or(6),
            is_bit: definition.column_type() == ColumnType::MYSQL_TYPE_BIT,
            form: Form::of(
                definition.column_type(),
                definition.flags().contains(ColumnFlags::UNSIGNED_FLAG),
            ),
        }
    }
}

impl Form {
    fn of(kind: ColumnType, is_unsigned: bool) -> Self {
        use ColumnType as T;
        match (kind, is_unsigned) {
            (T::MYSQL_TYPE_TINY, false) => Self::I8,
            (T::MYSQL_TYPE_TINY, true) => Self::U8,
            (T::MYSQL_TYPE_SHORT | T::MYSQL_TYPE_YEAR, false) => Self::I16,
            (T::MYSQL_TYPE_SHORT | T::MYSQL_TYPE_YEAR, true) => Self::U16,
            (T::MYSQL_TYPE_LONG | T::MYSQL_TYPE_INT24, false) => Self::I32,
            (T::MYSQL_TYPE_LONG | T::MYSQL_TYPE_INT24, true) => Self::U32,
            (T::MYSQL_TYPE_LONGLONG, false) => Self::I64,
            (T::MYSQL_TYPE_LONGLONG, true) => Self::U64,
            (T::MYSQL_TYPE_FLOAT, _) => Self::Float,
            (T::MYSQL_TYPE_DOUBLE, _) => Self::Double,
            (
                T::MYSQL_TYPE_DATE
                | T::MYSQL_TYPE_NEWDATE
                | T::MYSQL_TYPE_DATETIME
                | T::MYSQL_TYPE_DATETIME2
                | T::MYSQL_TYPE_TIMESTAMP
                | T::MYSQL_TYPE_TIMESTAMP2,
                _,
            ) => Self::Date,
            (T::MYSQL_TYPE_TIME | T::MYSQL_TYPE_TIME2, _) => Self::Time,
            (T::MYSQL_TYPE_NULL, _) => Self::Nothing,
            _ => Self::Bytes,
        }
    }
}

/// Appends a row of the binary protocol: a zero, a bit for each NULL with two bits before them, then the other values.
pub(super) fn push_row(cells: &mut BatchBuilder, readers: &[Reader], row: &[u8]) -> Result<(), Malformed> {
    const BITS_BEFORE: usize = 2;
    let Some((0, rest)) = row.split_first() else {
        return Err(Malformed);
    };
    let length = (readers.len() + BITS_BEFORE).div_ceil(8);
    let (nulls, mut rest) = rest.split_at_checked(length).ok_or(Malformed)?;
    for (index, reader) in readers.iter().enumerate() {
        let bit = index + BITS_BEFORE;
        if nulls[bit / 8] >> (bit % 8) & 1 == 1 {
            cells.push(Cell::Null);
        } else {
            push(cells, *reader, &mut rest).ok_or(Malformed)?;
        }
    }
    Ok(())
}

/// Appends a row of the text protocol: each value in the server's words.
pub(super) fn push_row_of_words(
    cells: &mut BatchBuilder,
    readers: &[Reader],
    row: &[u8],
) -> Result<(), Malformed> {
    const NULL: u8 = 0xfb;
    let mut rest = row;
    for reader in readers {
        if let Some((&NULL, after)) = rest.split_first() {
            rest = after;
            cells.push(Cell::Null);
        } else {
            push_bytes(cells, *reader, take_bytes(&mut rest).ok_or(Malformed)?);
        }
    }
    Ok(())
}

/// Takes a value out of a row of the binary protocol.
fn push(cells: &mut BatchBuilder, reader: Reader, rest: &mut &[u8]) -> Option<()> {
    let cell = match reader.form {
        Form::I8 => Cell::Int(i64::from(i8::from_le_bytes(take(rest)?))),
        Form::U8 => Cell::Int(i64::from(u8::from_le_bytes(take(rest)?))),
        Form::I16 => Cell::Int(i64::from(i16::from_le_bytes(take(rest)?))),
        Form::U16 => Cell::Int(i64::from(u16::from_le_bytes(take(rest)?))),
        Form::I32 => Cell::Int(i64::from(i32::from_le_bytes(take(rest)?))),
        Form::U32 => Cell::Int(i64::from(u32::from_le_bytes(take(rest)?))),
        Form::I64 => Cell::Int(i64::from_le_bytes(take(rest)?)),
        Form::U64 => Cell::UInt(u64::from_le_bytes(take(rest)?)),
        Form::Float => Cell::Float(f32::from_le_bytes(take(rest)?)),
        Form::Double => Cell::Double(f64::from_le_bytes(take(rest)?)),
        Form::Time => take_time(reader.digits, rest)?,
        Form::Date => {
            let (date, clock) = take_date(rest)?;
            push_date(cells, reader, date, clock);
            return Some(());
        }
        Form::Bytes => {
            push_bytes(cells, reader, take_bytes(rest)?);
            return Some(());
        }
        Form::Nothing => return None,
    };
    cells.push(cell);
    Some(())
}

#[derive(Debug, Clone, Copy, Default)]
struct Clock {
    hour: u8,
    minute: u8,
    second: u8,
    micros: u32,
}

/// Year, month, day; then the time, then its fraction, unless all that is left is zero.
fn take_date(rest: &mut &[u8]) -> Option<(CivilDate, Clock)> {
    let [length] = take(rest)?;
    let mut clock = Clock::default();
    let (mut year, mut month, mut day) = (0, 0, 0);
    if length >= 4 {
        year = i32::from(u16::from_le_bytes(take(rest)?));
        [month, day] = take(rest)?;
    }
    if length >= 7 {
        [clock.hour, clock.minute, clock.second] = take(rest)?;
    }
    if length >= 11 {
        clock.micros = take_micros(rest)?;
    }
    matches!(length, 0 | 4 | 7 | 11).then_some((CivilDate { year, month, day }, clock))
}

/// A sign, days, hours, minutes, seconds; then the fraction, unless all that is left is zero.
fn take_time(digits: u8, rest: &mut &[u8]) -> Option<Cell> {
    let [length] = take(rest)?;
    if length == 0 {
        return Some(Cell::Time { nanos: 0, digits });
    }
    let [sign] = take(rest)?;
    let days = i64::from(u32::from_le_bytes(take(rest)?));
    let [hours, minutes, seconds] = take(rest)?.map(i64::from);
    let micros = match length {
        8 => 0,
        12 => i64::from(take_micros(rest)?),
        _ => return None,
    };
    let secs = (days * 24 + hours) * 3600 + minutes * 60 + seconds;
    let nanos = secs.checked_mul(1_000_000_000)?.checked_add(micros * 1000)?;
    Some(Cell::Time {
        nanos: if sign == 0 { nanos } else { -nanos },
        digits,
    })
}

fn take_micros(rest: &mut &[u8]) -> Option<u32> {
    let micros = u32::from_le_bytes(take(rest)?);
    (micros < 1_000_000).then_some(micros)
}

fn push_date(cells: &mut BatchBuilder, reader: Reader, date: CivilDate, clock: Clock) {
    let days = days_from_civil(date);
    // MySQL can hold dates that no calendar has, such as 0000-00-00 and, if it is told to allow them, 2026-02-31; they go
    // out as its own clients show them.
    if date.month == 0 || date.day == 0 || (date.day > 28 && civil_from_days(days) != date) {
        return cells.push_text_with(|out| verbatim(out, reader, date, clock));
    }
    if reader.standard == StandardType::Date {
        return cells.push(Cell::Date(i32::try_from(days).unwrap_or(i32::MAX)));
    }
    let secs =
        days * 86_400 + i64::from(clock.hour) * 3600 + i64::from(clock.minute) * 60 + i64::from(clock.second);
    let (nanos, digits) = (clock.micros * 1000, reader.digits);
    cells.push(match reader.standard {
        StandardType::TimestampTz => Cell::TimestampTz { secs, nanos, digits },
        _ => Cell::Timestamp { secs, nanos, digits },
    });
}

fn verbatim(out: &mut Vec<u8>, reader: Reader, date: CivilDate, clock: Clock) {
    // Memory takes all that is written.
    let _ = write!(out, "{:04}-{:02}-{:02}", date.year, date.month, date.day);
    if reader.standard == StandardType::Date {
        return;
    }
    let _ = write!(out, " {:02}:{:02}:{:02}", clock.hour, clock.minute, clock.second);
    if reader.digits > 0 {
        let end = out.len() + 1 + usize::from(reader.digits.min(6));
        let _ = write!(out, ".{:06}", clock.micros);
        out.truncate(end);
    }
}

/// Appends what the server has put into words.
fn push_bytes(cells: &mut BatchBuilder, reader: Reader, bytes: &[u8]) {
    match reader.standard {
        StandardType::Binary => cells.push_bytes(bytes),
        StandardType::Integer if reader.is_bit => {
            cells.push(Cell::Int(i64::from(bytes.iter().any(|byte| *byte != 0))));
        }
        StandardType::Json => match std::str::from_utf8(bytes) {
            Ok(text) => cells.push_json(text),
            Err(_) => cells.push_text_lossy(bytes),
        },
        StandardType::Integer | StandardType::BigInt => match parse::<i64>(bytes) {
            Some(number) => cells.push(Cell::Int(number)),
            None => match parse::<u64>(bytes) {
                Some(number) => cells.push(Cell::UInt(number)),
                None => cells.push_text_lossy(bytes),
            },
        },
        StandardType::Float | StandardType::Double => match parse::<f64>(bytes) {
            Some(number) => cells.push(Cell::Double(number)),
            None => cells.push_text_lossy(bytes),
        },
        StandardType::Decimal => cells.push_text_lossy(without_padding(bytes)),
        StandardType::Timestamp | StandardType::TimestampTz => {
            push_textual_timestamp(cells, reader.standard, bytes);
        }
        _ => cells.push_text_lossy(bytes),
    }
}

/// ZEROFILL fills a number up with zeros, which are no part of its value.
fn without_padding(digits: &[u8]) -> &[u8] {
    let zeros = digits
        .windows(2)
        .take_while(|pair| pair[0] == b'0' && pair[1].is_ascii_digit())
        .count();
    &digits[zeros..]
}

/// By the text protocol: `YYYY-MM-DD HH:MM:SS[.f]`.
fn push_textual_timestamp(cells: &mut BatchBuilder, standard: StandardType, bytes: &[u8]) {
    const BETWEEN: usize = 10;
    if !is_calendar_date(bytes) || !bytes.is_ascii() {
        return cells.push_text_lossy(bytes);
    }
    cells.push_text_with(|out| {
        out.extend_from_slice(&bytes[..BETWEEN]);
        out.push(b'T');
        out.extend_from_slice(&bytes[BETWEEN + 1..]);
        if standard == StandardType::TimestampTz {
            out.push(b'Z');
        }
    });
}

/// Whether a timestamp's text begins with a day that there is.
fn is_calendar_date(text: &[u8]) -> bool {
    if text.len() < 19 {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (parse(&text[..4]), parse(&text[5..7]), parse(&text[8..10]))
    else {
        return false;
    };
    let date = CivilDate { year, month, day };
    month > 0 && day > 0 && civil_from_days(days_from_civil(date)) == date
}

fn parse<T: std::str::FromStr>(bytes: &[u8]) -> Option<T> {
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

#[cfg(test)]
mod tests;
