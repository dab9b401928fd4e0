//! Dates, timestamps and intervals.

use std::ffi::{c_int, c_void};
use std::fmt;

use super::handles::at;
use super::statements::text;
use super::{ERROR, SUCCESS};

/// A timestamp, in its own zone if it has one.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Moment {
    year: i16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    nanosecond: u32,
    /// Hours and minutes, both of the sign.
    offset: (i8, i8),
}

impl Moment {
    pub(crate) fn date(year: i16, month: u8, day: u8) -> Self {
        Self {
            year,
            month,
            day,
            ..Self::default()
        }
    }

    pub(crate) fn at(self, hour: u8, minute: u8, second: u8, nanosecond: u32) -> Self {
        Self {
            hour,
            minute,
            second,
            nanosecond,
            ..self
        }
    }

    pub(crate) fn zone(self, hours: i8, minutes: i8) -> Self {
        Self {
            offset: (hours, minutes),
            ..self
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
            nanosecond,
            offset,
        } = self;
        write!(
            f,
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{nanosecond:09}"
        )?;
        write!(f, " {:+03}:{:02}", offset.0, offset.1.abs())
    }
}

/// `OCIDate`, field by field.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct OciDate {
    year: i16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl From<Moment> for OciDate {
    fn from(moment: Moment) -> Self {
        Self {
            year: moment.year,
            month: moment.month,
            day: moment.day,
            hour: moment.hour,
            minute: moment.minute,
            second: moment.second,
        }
    }
}

impl From<OciDate> for Moment {
    fn from(date: OciDate) -> Self {
        Self::date(date.year, date.month, date.day).at(date.hour, date.minute, date.second, 0)
    }
}

/// An interval: years and months, or days down to nanoseconds. All parts have the sign.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Interval(pub(crate) [i32; 5]);

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIDateTimeGetDate(
    _context: *const c_void,
    _errors: *const c_void,
    moment: *const c_void,
    year: *mut i16,
    month: *mut u8,
    day: *mut u8,
) -> c_int {
    // SAFETY: it is a timestamp, and there is room for the parts.
    unsafe {
        let moment = at::<Moment>(moment);
        year.write(moment.year);
        month.write(moment.month);
        day.write(moment.day);
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIDateTimeGetTime(
    _context: *const c_void,
    _errors: *const c_void,
    moment: *const c_void,
    hour: *mut u8,
    minute: *mut u8,
    second: *mut u8,
    nanosecond: *mut u32,
) -> c_int {
    // SAFETY: it is a timestamp, and there is room for the parts.
    unsafe {
        let moment = at::<Moment>(moment);
        hour.write(moment.hour);
        minute.write(moment.minute);
        second.write(moment.second);
        nanosecond.write(moment.nanosecond);
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIDateTimeGetTimeZoneOffset(
    _context: *const c_void,
    _errors: *const c_void,
    moment: *const c_void,
    hours: *mut i8,
    minutes: *mut i8,
) -> c_int {
    // SAFETY: it is a timestamp, and there is room for the parts.
    unsafe {
        let (h, m) = at::<Moment>(moment).offset;
        hours.write(h);
        minutes.write(m);
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIDateTimeAssign(
    _context: *const c_void,
    _errors: *const c_void,
    from: *const c_void,
    to: *mut c_void,
) -> c_int {
    // SAFETY: both are timestamps, and they are two.
    unsafe { *at::<Moment>(to) = *at::<Moment>(from) };
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIDateTimeConvert(
    _context: *const c_void,
    _errors: *const c_void,
    from: *const c_void,
    to: *mut c_void,
) -> c_int {
    // SAFETY: both are timestamps, and they are two.
    unsafe { *at::<Moment>(to) = *at::<Moment>(from) };
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIDateTimeConstruct(
    _context: *const c_void,
    _errors: *const c_void,
    moment: *mut c_void,
    year: i16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    nanosecond: u32,
    zone: *const u8,
    zone_length: usize,
) -> c_int {
    // SAFETY: it is a timestamp, and the zone's name has the length that is given.
    unsafe {
        let zone = if zone_length == 0 {
            String::new()
        } else {
            text(zone, zone_length)
        };
        if !matches!(zone.as_str(), "" | "UTC" | "+00:00") {
            return ERROR;
        }
        *at::<Moment>(moment) = Moment::date(year, month, day).at(hour, minute, second, nanosecond);
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIIntervalGetYearMonth(
    _context: *const c_void,
    _errors: *const c_void,
    years: *mut i32,
    months: *mut i32,
    interval: *const c_void,
) -> c_int {
    // SAFETY: it is an interval, and there is room for the parts.
    unsafe {
        let [y, m, ..] = at::<Interval>(interval).0;
        years.write(y);
        months.write(m);
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIIntervalGetDaySecond(
    _context: *const c_void,
    _errors: *const c_void,
    days: *mut i32,
    hours: *mut i32,
    minutes: *mut i32,
    seconds: *mut i32,
    nanoseconds: *mut i32,
    interval: *const c_void,
) -> c_int {
    // SAFETY: it is an interval, and there is room for the parts.
    unsafe {
        for (place, part) in [days, hours, minutes, seconds, nanoseconds]
            .into_iter()
            .zip(at::<Interval>(interval).0)
        {
            place.write(part);
        }
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIIntervalAssign(
    _context: *const c_void,
    _errors: *const c_void,
    from: *const c_void,
    to: *mut c_void,
) -> c_int {
    // SAFETY: both are intervals, and they are two.
    unsafe { *at::<Interval>(to) = *at::<Interval>(from) };
    SUCCESS
}
