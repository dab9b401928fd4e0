//! Calendar arithmetic and the text forms of dates and times, written without allocation.
//!
//! The calendar is the proleptic Gregorian one of ISO 8601; the day arithmetic follows Howard Hinnant's published
//! `days_from_civil` and `civil_from_days` algorithms.

/// A calendar date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CivilDate {
    /// Year; 0 is 1 BC.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
}

const DAYS_PER_ERA: i64 = 146_097;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_SHIFT: i64 = 719_468;
const SECS_PER_DAY: i64 = 86_400;

/// Days from 1970-01-01 to `date`.
///
/// ```
/// use gateway_core::temporal::{CivilDate, days_from_civil};
/// assert_eq!(days_from_civil(CivilDate { year: 2000, month: 3, day: 1 }), 11_017);
/// ```
#[must_use]
pub fn days_from_civil(date: CivilDate) -> i64 {
    let year = i64::from(date.year) - i64::from(date.month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (i64::from(date.month) + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(date.day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_PER_ERA + day_of_era - EPOCH_SHIFT
}

/// The date `days` after 1970-01-01.
#[must_use]
pub fn civil_from_days(days: i64) -> CivilDate {
    let shifted = days + EPOCH_SHIFT;
    let era = shifted.div_euclid(DAYS_PER_ERA);
    let day_of_era = shifted.rem_euclid(DAYS_PER_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / (DAYS_PER_ERA - 1)) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    CivilDate {
        year: i32::try_from(year).unwrap_or(i32::MAX),
        month: u8::try_from(month).unwrap_or(1),
        day: u8::try_from(day).unwrap_or(1),
    }
}

/// Appends `YYYY-MM-DD`. Years beyond 9999 or before 0 take a sign and as many digits as they need (ISO 8601 expanded).
pub fn write_date(out: &mut Vec<u8>, days: i64) {
    let date = civil_from_days(days);
    if date.year < 0 {
        out.push(b'-');
    } else if date.year > 9999 {
        out.push(b'+');
    }
    write_padded(out, u64::from(date.year.unsigned_abs()), 4);
    out.push(b'-');
    write_padded(out, u64::from(date.month), 2);
    out.push(b'-');
    write_padded(out, u64::from(date.day), 2);
}

/// Appends `[-]HH:MM:SS[.f]` with `digits` fractional digits; hours take as many digits as they need, at least two.
pub fn write_time(out: &mut Vec<u8>, nanos: i64, digits: u8) {
    if nanos < 0 {
        out.push(b'-');
    }
    let magnitude = nanos.unsigned_abs();
    let secs = magnitude / 1_000_000_000;
    write_padded(out, secs / 3600, 2);
    out.push(b':');
    write_padded(out, secs / 60 % 60, 2);
    out.push(b':');
    write_padded(out, secs % 60, 2);
    write_fraction(out, u32::try_from(magnitude % 1_000_000_000).unwrap_or(0), digits);
}

/// Appends `YYYY-MM-DDTHH:MM:SS[.f]` with `digits` fractional digits; a zone, if any, is the caller's to add.
pub fn write_timestamp(out: &mut Vec<u8>, secs: i64, nanos: u32, digits: u8) {
    write_date(out, secs.div_euclid(SECS_PER_DAY));
    out.push(b'T');
    let second_of_day = secs.rem_euclid(SECS_PER_DAY);
    write_time(out, second_of_day * 1_000_000_000, 0);
    write_fraction(out, nanos, digits);
}

/// The instant that `text` names, in UTC and without a zone: `YYYY-MM-DD HH:MM:SS[.f]`. `None` if `text` does not have the form
/// `YYYY-MM-DDTHH:MM:SS[.f]` with `Z` or an offset `±HH:MM`.
///
/// ```
/// use gateway_core::temporal::in_utc;
/// assert_eq!(in_utc("2026-01-01T00:30:00.5+02:00").as_deref(), Some("2025-12-31 22:30:00.5"));
/// assert_eq!(in_utc("2026-01-01T00:30:00Z").as_deref(), Some("2026-01-01 00:30:00"));
/// assert_eq!(in_utc("2026-01-01T00:30:00"), None);
/// ```
#[must_use]
pub fn in_utc(text: &str) -> Option<String> {
    let (local, east) = match text.strip_suffix(['Z', 'z']) {
        Some(local) => (local, 0),
        None => {
            let (local, zone) = text.split_at_checked(text.len().checked_sub(6)?)?;
            let minutes = number(zone, 1..3)? * 60 + number(zone, 4..6)?;
            match zone.as_bytes()[0] {
                b'+' => (local, minutes),
                b'-' => (local, -minutes),
                _ => return None,
            }
        }
    };
    let date = CivilDate {
        year: i32::try_from(number(local, 0..4)?).ok()?,
        month: u8::try_from(number(local, 5..7)?).ok()?,
        day: u8::try_from(number(local, 8..10)?).ok()?,
    };
    let clock = number(local, 11..13)? * 3600 + number(local, 14..16)? * 60 + number(local, 17..19)?;
    let secs = days_from_civil(date) * SECS_PER_DAY + clock - east * 60;
    let mut out = Vec::with_capacity(text.len());
    write_date(&mut out, secs.div_euclid(SECS_PER_DAY));
    out.push(b' ');
    write_time(&mut out, secs.rem_euclid(SECS_PER_DAY) * 1_000_000_000, 0);
    out.extend_from_slice(local.get(19..)?.as_bytes());
    String::from_utf8(out).ok()
}

fn number(text: &str, digits: std::ops::Range<usize>) -> Option<i64> {
    let digits = text.get(digits)?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

/// The number of fractional digits that `nanos` needs so that none is lost.
///
/// ```
/// use gateway_core::temporal::needed_digits;
/// assert_eq!((needed_digits(0), needed_digits(500_000_000), needed_digits(1_000)), (0, 1, 6));
/// ```
#[must_use]
pub fn needed_digits(nanos: u32) -> u8 {
    let mut digits = 9;
    let mut rest = nanos;
    while digits > 0 && rest.is_multiple_of(10) {
        rest /= 10;
        digits -= 1;
    }
    digits
}

fn write_fraction(out: &mut Vec<u8>, nanos: u32, digits: u8) {
    if digits == 0 {
        return;
    }
    let digits = digits.min(9);
    out.push(b'.');
    write_padded(
        out,
        u64::from(nanos / 10_u32.pow(9 - u32::from(digits))),
        usize::from(digits),
    );
}

fn write_padded(out: &mut Vec<u8>, value: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut rest = value;
    let mut at = digits.len();
    while rest > 0 {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let start = at.min(digits.len() - width);
    out.extend_from_slice(&digits[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn dates_survive_the_round_trip() {
        for days in (-1_000_000..4_000_000).step_by(97) {
            assert_eq!(days_from_civil(civil_from_days(days)), days);
        }
    }

    #[test]
    fn dates_are_written_in_iso_form() {
        for (days, expected) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016, "2000-02-29"),
            (2_932_896, "9999-12-31"),
            (2_932_897, "+10000-01-01"),
            (-719_529, "-0001-12-31"),
            (-719_528, "0000-01-01"),
        ] {
            assert_eq!(text(|out| write_date(out, days)), expected);
        }
    }

    #[test]
    fn times_keep_sign_hours_and_digits() {
        for (nanos, digits, expected) in [
            (0, 0, "00:00:00"),
            (-3_020_399_000_000_000, 0, "-838:59:59"),
            (1_500_000_000, 6, "00:00:01.500000"),
            (86_399_999_999_000, 6, "23:59:59.999999"),
        ] {
            assert_eq!(text(|out| write_time(out, nanos, digits)), expected);
        }
    }

    #[test]
    fn timestamps_before_the_epoch_are_right() {
        assert_eq!(
            text(|out| write_timestamp(out, -1, 999_000_000, 3)),
            "1969-12-31T23:59:59.999"
        );
    }
}
