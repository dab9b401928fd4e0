//! MySQL's values as cells.

use gateway_core::temporal::{CivilDate, civil_from_days, days_from_civil};
use gateway_core::{BatchBuilder, Cell, StandardType};
use mysql_async::Value;

/// What is needed to read the values of a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    pub(super) standard: StandardType,
    /// Fractional digits of a second.
    pub(super) digits: u8,
    /// The declared type is BIT(1), which arrives as a byte.
    pub(super) is_bit: bool,
}

/// Appends a value. By the binary protocol it has its own type, by the text protocol it is all bytes.
pub(super) fn push(cells: &mut BatchBuilder, reader: Reader, value: &Value) {
    match value {
        Value::NULL => cells.push(Cell::Null),
        Value::Int(number) => cells.push(Cell::Int(*number)),
        Value::UInt(number) => cells.push(Cell::UInt(*number)),
        Value::Float(number) => cells.push(Cell::Float(*number)),
        Value::Double(number) => cells.push(Cell::Double(*number)),
        Value::Bytes(bytes) => push_bytes(cells, reader, bytes),
        Value::Date(year, month, day, hour, minute, second, micros) => {
            let date = CivilDate {
                year: i32::from(*year),
                month: *month,
                day: *day,
            };
            let clock = Clock {
                hour: *hour,
                minute: *minute,
                second: *second,
                micros: *micros,
            };
            push_date(cells, reader, date, &clock);
        }
        Value::Time(negative, days, hours, minutes, seconds, micros) => {
            let hours = i64::from(*days) * 24 + i64::from(*hours);
            let secs = hours * 3600 + i64::from(*minutes) * 60 + i64::from(*seconds);
            let nanos = secs * 1_000_000_000 + i64::from(*micros) * 1000;
            cells.push(Cell::Time {
                nanos: if *negative { -nanos } else { nanos },
                digits: reader.digits,
            });
        }
    }
}

struct Clock {
    hour: u8,
    minute: u8,
    second: u8,
    micros: u32,
}

fn push_date(cells: &mut BatchBuilder, reader: Reader, date: CivilDate, clock: &Clock) {
    let days = days_from_civil(date);
    // MySQL can hold dates that no calendar has, such as 0000-00-00 and, if it is told to allow them, 2026-02-31; they go
    // out as its own clients show them.
    if date.month == 0 || date.day == 0 || (date.day > 28 && civil_from_days(days) != date) {
        return cells.push_text(&verbatim(reader, date, clock));
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

fn verbatim(reader: Reader, date: CivilDate, clock: &Clock) -> String {
    let day = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
    if reader.standard == StandardType::Date {
        return day;
    }
    let mut text = format!("{day} {:02}:{:02}:{:02}", clock.hour, clock.minute, clock.second);
    if reader.digits > 0 {
        let micros = format!("{:06}", clock.micros);
        text.push('.');
        text.push_str(&micros[..usize::from(reader.digits.min(6))]);
    }
    text
}

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
    if !is_calendar_date(bytes) {
        return cells.push_text_lossy(bytes);
    }
    cells.push_text_with(|out| {
        let text = String::from_utf8_lossy(bytes);
        out.extend_from_slice(text.replacen(' ', "T", 1).as_bytes());
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
mod tests {
    use super::*;

    fn shown(standard: StandardType, digits: u8, value: &Value) -> String {
        let mut cells = BatchBuilder::new(1);
        push(
            &mut cells,
            Reader {
                standard,
                digits,
                is_bit: false,
            },
            value,
        );
        let batch = cells.take();
        let cell = batch.rows().next().unwrap()[0];
        batch
            .text(cell)
            .map_or_else(|| format!("{cell:?}"), str::to_owned)
    }

    #[test]
    fn impossible_dates_go_out_verbatim() {
        let zero = Value::Date(0, 0, 0, 0, 0, 0, 0);
        assert_eq!(shown(StandardType::Date, 0, &zero), "0000-00-00");
        assert_eq!(
            shown(StandardType::Timestamp, 3, &zero),
            "0000-00-00 00:00:00.000"
        );
        assert_eq!(
            shown(
                StandardType::Timestamp,
                0,
                &Value::Bytes(b"0000-00-00 00:00:00".into())
            ),
            "0000-00-00 00:00:00"
        );
    }

    #[test]
    fn long_negative_times_keep_their_sign_and_hours() {
        let time = Value::Time(true, 34, 22, 59, 59, 0);
        assert_eq!(
            shown(StandardType::Time, 0, &time),
            "Time { nanos: -3020399000000000, digits: 0 }"
        );
    }

    #[test]
    fn the_text_protocol_gives_the_same_cells() {
        assert_eq!(
            shown(
                StandardType::BigInt,
                0,
                &Value::Bytes(b"18446744073709551615".into())
            ),
            format!("UInt({})", u64::MAX)
        );
        assert_eq!(
            shown(
                StandardType::Timestamp,
                0,
                &Value::Bytes(b"2026-01-31 12:00:00".into())
            ),
            "2026-01-31T12:00:00"
        );
    }
}
