//! DATE, the timestamps and the intervals.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use super::wire::Out;

const SECONDS_A_DAY: i64 = 86_400;
const CENTURY: i32 = 100;
/// What is added to an hour and a minute of a zone.
const ZONE_HOUR: i32 = 20;
const ZONE_MINUTE: i32 = 60;
/// The middle of a signed field of an interval, and of its small ones.
const MIDDLE: i64 = 0x8000_0000;
const SMALL_MIDDLE: i32 = 60;

/// A day and a time of day, on the clock of its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The year, from 1.
    pub year: i32,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
    /// The hour.
    pub hour: u8,
    /// The minute.
    pub minute: u8,
    /// The second.
    pub second: u8,
    /// The nanosecond.
    pub nanos: u32,
    /// Minutes that the zone is before UTC.
    pub offset: i32,
}

impl Moment {
    /// Midnight in UTC.
    #[must_use]
    pub fn date(year: i32, month: u8, day: u8) -> Self {
        Self {
            year,
            month,
            day,
            hour: 0,
            minute: 0,
            second: 0,
            nanos: 0,
            offset: 0,
        }
    }

    /// The same day at another time.
    #[must_use]
    pub fn at(self, hour: u8, minute: u8, second: u8, nanos: u32) -> Self {
        Self {
            hour,
            minute,
            second,
            nanos,
            ..self
        }
    }

    /// The same clock in another zone.
    #[must_use]
    pub fn zone(self, offset: i32) -> Self {
        Self { offset, ..self }
    }

    /// Now, in UTC.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::from_seconds(since.as_secs() as i64, since.subsec_nanos())
    }

    /// Reads `2026-01-31`, with `12:34:56.5` and `+02:00` after it if they are there.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (year, rest) = text.split_once('-')?;
        let (month, rest) = rest.split_once('-')?;
        let (day, rest) = rest.split_at_checked(2)?;
        let date = Self::date(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        let rest = rest.trim_start_matches(['T', ' ']);
        if rest.is_empty() {
            return Some(date);
        }
        let end = rest.find(['+', '-', 'Z', ' ']).unwrap_or(rest.len());
        let (clock, zone) = rest.split_at(end);
        let mut parts = clock.split(':');
        let hour = parts.next()?.parse().ok()?;
        let minute = parts.next().unwrap_or("0").parse().ok()?;
        let (second, fraction) = parts.next().unwrap_or("0").split_once('.').map_or_else(
            || (clock.rsplit(':').next().unwrap_or("0"), ""),
            |(second, fraction)| (second, fraction),
        );
        let second = if clock.matches(':').count() < 2 {
            "0"
        } else {
            second
        };
        let nanos = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
        let moment = date.at(hour, minute, second.parse().ok()?, nanos);
        Some(moment.zone(parse_zone(zone.trim())?))
    }

    fn from_seconds(seconds: i64, nanos: u32) -> Self {
        let (days, time) = (
            seconds.div_euclid(SECONDS_A_DAY),
            seconds.rem_euclid(SECONDS_A_DAY),
        );
        let (year, month, day) = civil(days);
        Self::date(year, month, day).at(
            (time / 3600) as u8,
            (time / 60 % 60) as u8,
            (time % 60) as u8,
            nanos,
        )
    }

    /// The same instant on the clock of UTC.
    fn in_utc(self) -> Self {
        let days = days(self.year, self.month, self.day);
        let time = i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        let seconds = days * SECONDS_A_DAY + time - i64::from(self.offset) * 60;
        Self::from_seconds(seconds, self.nanos)
    }

    fn write_seven(self, out: &mut Out) {
        out.raw(&[
            (self.year / CENTURY + 100) as u8,
            (self.year % CENTURY + 100) as u8,
            self.month,
            self.day,
            self.hour + 1,
            self.minute + 1,
            self.second + 1,
        ]);
    }

    /// Writes a DATE.
    pub(super) fn write_date(self, out: &mut Out) {
        out.u8(7);
        self.write_seven(out);
    }

    /// Writes a TIMESTAMP, which is as short as a DATE if it has no fraction.
    pub(super) fn write_timestamp(self, out: &mut Out) {
        if self.nanos == 0 {
            return self.write_date(out);
        }
        out.u8(11);
        self.write_seven(out);
        out.u32(self.nanos);
    }

    /// Writes a TIMESTAMP WITH LOCAL TIME ZONE, for a database whose zone is UTC.
    pub(super) fn write_local(self, out: &mut Out) {
        self.in_utc().write_timestamp(out);
    }

    /// Writes a TIMESTAMP WITH TIME ZONE: the clock of UTC, and the zone.
    pub(super) fn write_zoned(self, out: &mut Out) {
        out.u8(13);
        self.in_utc().write_seven(out);
        out.u32(self.nanos);
        out.u8((self.offset / 60 + ZONE_HOUR) as u8);
        out.u8((self.offset % 60 + ZONE_MINUTE) as u8);
    }

    /// Reads any of these.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [century, year, month, day, hour, minute, second, rest @ ..] = bytes else {
            return None;
        };
        let year = (i32::from(*century) - 100) * CENTURY + i32::from(*year) - 100;
        let clock = Self::date(year, *month, *day).at(
            hour.saturating_sub(1),
            minute.saturating_sub(1),
            second.saturating_sub(1),
            0,
        );
        let Some((nanos, zone)) = rest.split_at_checked(4) else {
            return Some(clock);
        };
        let nanos = u32::from_be_bytes([nanos[0], nanos[1], nanos[2], nanos[3]]);
        let clock = Self { nanos, ..clock };
        let [hours, minutes] = zone else {
            return Some(clock);
        };
        let offset = (i32::from(*hours) - ZONE_HOUR) * 60 + i32::from(*minutes) - ZONE_MINUTE;
        // The clock of UTC becomes that of the zone.
        let local = clock.zone(-offset).in_utc();
        Some(local.zone(offset))
    }
}

impl fmt::Display for Moment {
    /// As SQLite compares it: the fraction without zeros at its end, the zone only if it is not UTC's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = self;
        write!(
            f,
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
        )?;
        if self.nanos != 0 {
            let fraction = format!("{:09}", self.nanos);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        if self.offset != 0 {
            let (sign, minutes) = (if self.offset < 0 { '-' } else { '+' }, self.offset.abs());
            write!(f, " {sign}{:02}:{:02}", minutes / 60, minutes % 60)?;
        }
        Ok(())
    }
}

fn parse_zone(text: &str) -> Option<i32> {
    if matches!(text, "" | "Z" | "UTC") {
        return Some(0);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("-", rest) => (-1, rest),
        ("+", rest) => (1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    Some(sign * (hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?))
}

/// Days from 1970-01-01, by Howard Hinnant's `days_from_civil`.
fn days(year: i32, month: u8, day: u8) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The reverse of [`days`].
fn civil(days: i64) -> (i32, u8, u8) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year as i32, month as u8, day as u8)
}

/// INTERVAL YEAR TO MONTH.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearMonth {
    /// Years.
    pub years: i32,
    /// Months, with the sign of the years.
    pub months: i32,
}

impl YearMonth {
    /// Reads `11-5` or `-11-5`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = signed(text);
        let (years, months) = rest.split_once('-').unwrap_or((rest, "0"));
        Some(Self {
            years: sign * years.trim().parse::<i32>().ok()?,
            months: sign * months.trim().parse::<i32>().ok()?,
        })
    }

    pub(super) fn write(self, out: &mut Out) {
        out.u8(5)
            .u32((i64::from(self.years) + MIDDLE) as u32)
            .u8((self.months + SMALL_MIDDLE) as u8);
    }
}

/// INTERVAL DAY TO SECOND. All of its parts have the same sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySecond {
    /// Days.
    pub days: i32,
    /// Hours.
    pub hours: i32,
    /// Minutes.
    pub minutes: i32,
    /// Seconds.
    pub seconds: i32,
    /// Nanoseconds.
    pub nanos: i32,
}

impl DaySecond {
    /// Reads `3 04:05:06.000007` or the same with a sign.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = signed(text);
        let (days, clock) = rest.split_once(' ').unwrap_or((rest, ""));
        let mut parts = clock.split([':', '.']);
        let mut next = || parts.next().filter(|part| !part.is_empty()).unwrap_or("0");
        let (hours, minutes, seconds) = (next(), next(), next());
        let nanos = format!("{:0<9}", next());
        Some(Self {
            days: sign * days.parse::<i32>().ok()?,
            hours: sign * hours.parse::<i32>().ok()?,
            minutes: sign * minutes.parse::<i32>().ok()?,
            seconds: sign * seconds.parse::<i32>().ok()?,
            nanos: sign * nanos.get(..9)?.parse::<i32>().ok()?,
        })
    }

    pub(super) fn write(self, out: &mut Out) {
        out.u8(11).u32((i64::from(self.days) + MIDDLE) as u32);
        for part in [self.hours, self.minutes, self.seconds] {
            out.u8((part + SMALL_MIDDLE) as u8);
        }
        out.u32((i64::from(self.nanos) + MIDDLE) as u32);
    }
}

fn signed(text: &str) -> (i32, &str) {
    let text = text.trim();
    match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.trim_start_matches('+')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_what_was_written() {
        for text in [
            "2024-02-29 23:59:58",
            "1999-12-31 01:02:03.123456789",
            "0001-01-01 00:00:00",
            "9999-12-31 23:59:59.5",
        ] {
            let moment = Moment::parse(text).unwrap();
            assert_eq!(moment.to_string(), text);
            let mut out = Out::default();
            moment.write_timestamp(&mut out);
            assert_eq!(Moment::read(&out.0[1..]), Some(moment), "{text}");
        }
    }

    #[test]
    fn zones_keep_the_instant() {
        let moment = Moment::parse("2020-03-01T01:00:00.000000001+05:30").unwrap();
        assert_eq!(moment.offset, 330);
        let mut out = Out::default();
        moment.write_zoned(&mut out);
        assert_eq!(
            Moment::read(&out.0[1..8]).unwrap().to_string(),
            "2020-02-29 19:30:00"
        );
        assert_eq!(Moment::read(&out.0[1..]), Some(moment));
        assert_eq!(moment.to_string(), "2020-03-01 01:00:00.000000001 +05:30");
    }
}
