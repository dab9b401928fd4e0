//! Intervals as ISO 8601 durations. Every part carries the sign, as in PostgreSQL's `iso_8601` style.

use std::io::Write as _;

use oracledb::{OracleIntervalDS, OracleIntervalYM};

/// Appends `P1Y2M`; `P0M` for none.
pub(super) fn write_months(out: &mut Vec<u8>, interval: OracleIntervalYM) {
    out.push(b'P');
    let (years, months) = (interval.years(), interval.months());
    part(out, years.into(), 'Y');
    part(out, months.into(), 'M');
    if years == 0 && months == 0 {
        out.extend_from_slice(b"0M");
    }
}

/// Appends `P3DT4H5M6.000007S`; `PT0S` for none.
pub(super) fn write_days(out: &mut Vec<u8>, interval: OracleIntervalDS) {
    out.push(b'P');
    part(out, interval.days().into(), 'D');
    let (hours, minutes) = (interval.hours(), interval.minutes());
    let (seconds, nanos) = (interval.seconds(), interval.nanoseconds());
    let has_seconds = seconds != 0 || nanos != 0;
    let is_nothing = interval.days() == 0 && hours == 0 && minutes == 0 && !has_seconds;
    if is_nothing || hours != 0 || minutes != 0 || has_seconds {
        out.push(b'T');
    }
    part(out, hours.into(), 'H');
    part(out, minutes.into(), 'M');
    if is_nothing {
        out.extend_from_slice(b"0S");
    } else if has_seconds {
        if seconds < 0 || nanos < 0 {
            out.push(b'-');
        }
        // Writing to a vector cannot fail.
        let _ = write!(out, "{}", seconds.unsigned_abs());
        write_fraction(out, nanos.unsigned_abs());
        out.push(b'S');
    }
}

fn part(out: &mut Vec<u8>, number: i64, unit: char) {
    if number != 0 {
        let _ = write!(out, "{number}{unit}");
    }
}

fn write_fraction(out: &mut Vec<u8>, nanos: u32) {
    if nanos == 0 {
        return;
    }
    let _ = write!(out, ".{nanos:09}");
    while out.last() == Some(&b'0') {
        out.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_part_carries_the_sign() {
        let days = |days, hours, minutes, seconds, nanos| {
            let interval = OracleIntervalDS::new(days, hours, minutes, seconds, nanos);
            shown(|out| write_days(out, interval))
        };
        assert_eq!(days(3, 4, 5, 6, 7_000), "P3DT4H5M6.000007S");
        assert_eq!(days(-3, -4, 0, 0, -500_000_000), "P-3DT-4H-0.5S");
        assert_eq!(days(1, 0, 0, 0, 0), "P1D");
        assert_eq!(days(0, 0, 0, 0, 0), "PT0S");
        let months = |years, months| shown(|out| write_months(out, OracleIntervalYM::new(years, months)));
        assert_eq!(months(11, 5), "P11Y5M");
        assert_eq!(months(-1, -2), "P-1Y-2M");
        assert_eq!(months(0, 0), "P0M");
    }
}
