//! Numbers between their text and the client library.

use oracledb::OracleNumber;
use sibyl::{Number, Session};

/// A number in plain digits, from what the library writes: without a zero before the point, with an exponent if it is very long,
/// and with whatever point the process's NLS settings ask for.
pub(super) fn plain(text: &str) -> String {
    let (mantissa, exponent) = text.split_once(['E', 'e']).unwrap_or((text, "0"));
    let (sign, unsigned) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let is_point = |byte: char| !byte.is_ascii_digit();
    let (whole, fraction) = unsigned.split_once(is_point).unwrap_or((unsigned, ""));
    let digits = [whole, fraction].concat();
    let exponent: i64 = exponent.parse().unwrap_or_default();
    // Where the point is, counted from the first digit.
    let point = i64::try_from(whole.len()).unwrap_or_default() + exponent;
    let count = i64::try_from(digits.len()).unwrap_or_default();
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or_default());
    if point <= 0 {
        return format!("{sign}0.{}{digits}", zeros(-point));
    }
    if point >= count {
        return format!("{sign}{digits}{}", zeros(point - count));
    }
    let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or_default());
    format!("{sign}{whole}.{fraction}")
}

/// A number for the library, which no NLS setting can misread: its digits as a whole, moved behind the point.
pub(super) fn exact<'a>(number: OracleNumber, session: &'a Session<'_>) -> sibyl::Result<Number<'a>> {
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = [whole, fraction].concat();
    // More digits than 38 end in zeros.
    let significant = digits.trim_end_matches('0');
    let zeros = digits.len() - significant.len();
    let mantissa: i128 = significant.parse().unwrap_or_default();
    let places = i32::try_from(zeros).unwrap_or_default() - i32::try_from(fraction.len()).unwrap_or_default();
    Number::from_int(mantissa, session)?.pow10(places)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn whatever_the_library_writes_becomes_plain_digits() {
        for (written, expected) in [
            ("0", "0"),
            ("-1", "-1"),
            (".5", "0.5"),
            ("-,25", "-0.25"),
            ("1234.5678", "1234.5678"),
            ("1E+03", "1000"),
            ("-1.25E-03", "-0.00125"),
            ("1.5E+01", "15"),
            ("1.25E+01", "12.5"),
        ] {
            assert_eq!(plain(written), expected, "{written}");
        }
        assert_eq!(plain("1E-130"), format!("0.{}1", "0".repeat(129)));
        assert_eq!(plain("9.9E+125"), format!("99{}", "0".repeat(124)));
    }
}
