//! NUMBER: an exponent of base 100 and up to twenty digits of that base, so that bytes compare as the numbers do.

use super::wire::Out;

/// The most digits of base 100.
const MAX_PAIRS: usize = 20;
/// The exponent's byte of a number between 1 and 100.
const UNITS: i32 = 193;
/// Ends a negative number that is shorter than the longest.
const NEGATIVE_END: u8 = 102;

/// Writes a whole number.
pub(super) fn write_integer(out: &mut Out, value: i64) {
    if value == 0 {
        out.u8(1).u8(0x80);
        return;
    }
    let mut rest = value.unsigned_abs();
    let (mut pairs, mut count, mut exponent) = ([0u8; MAX_PAIRS], 0, UNITS - 1);
    while rest != 0 {
        let pair = (rest % 100) as u8;
        rest /= 100;
        exponent += 1;
        // Zeros at the end are left to the exponent.
        if count > 0 || pair != 0 {
            pairs[count] = pair;
            count += 1;
        }
    }
    pairs[..count].reverse();
    write(out, value < 0, exponent, &pairs[..count]);
}

/// Writes a decimal number such as `-12.50` or `1.5e-7`. What is none is written as zero.
pub(super) fn write_text(out: &mut Out, text: &str) {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().unwrap_or(0)),
        None => (text, 0),
    };
    let (negative, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.trim_start_matches('+')),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Vec<u8> = whole
        .bytes()
        .chain(fraction.bytes())
        .filter(u8::is_ascii_digit)
        .map(|digit| digit - b'0')
        .collect();
    let leading = digits.iter().take_while(|digit| **digit == 0).count();
    // Where the decimal point stands, counted from the first digit that is not zero.
    let mut point = whole.len() as i32 + exponent - leading as i32;
    let mut digits = digits[leading..].to_vec();
    if point.rem_euclid(2) == 1 {
        digits.insert(0, 0);
        point += 1;
    }
    let mut pairs: Vec<u8> = digits
        .chunks(2)
        .map(|pair| pair[0] * 10 + pair.get(1).copied().unwrap_or(0))
        .take(MAX_PAIRS)
        .collect();
    while pairs.last() == Some(&0) {
        pairs.pop();
    }
    if pairs.is_empty() {
        out.u8(1).u8(0x80);
    } else {
        write(out, negative, UNITS - 1 + point / 2, &pairs);
    }
}

fn write(out: &mut Out, negative: bool, exponent: i32, pairs: &[u8]) {
    let exponent = exponent.clamp(128, 255) as u8;
    let ended = negative && pairs.len() < MAX_PAIRS;
    out.u8((pairs.len() + 1 + usize::from(ended)) as u8);
    if negative {
        out.u8(255 - exponent);
        out.0.extend(pairs.iter().map(|pair| 101 - pair));
    } else {
        out.u8(exponent);
        out.0.extend(pairs.iter().map(|pair| pair + 1));
    }
    if ended {
        out.u8(NEGATIVE_END);
    }
}

/// Reads a number as decimal text, without zeros that say nothing.
pub(super) fn read(bytes: &[u8]) -> String {
    let [head, pairs @ ..] = bytes else {
        return "0".to_owned();
    };
    let negative = head & 0x80 == 0;
    let exponent = i32::from(if negative { 255 - head } else { *head }) - UNITS + 1;
    let pairs = match pairs {
        [pairs @ .., NEGATIVE_END] if negative => pairs,
        pairs => pairs,
    };
    let mut digits = String::new();
    for pair in pairs {
        let pair = if negative {
            101 - pair.min(&101)
        } else {
            pair.saturating_sub(1)
        };
        digits.push_str(&format!("{pair:02}"));
    }
    let point = exponent * 2;
    let (whole, fraction) = if point <= 0 {
        (String::new(), "0".repeat(point.unsigned_abs() as usize) + &digits)
    } else if point as usize >= digits.len() {
        let zeros = "0".repeat(point as usize - digits.len());
        (digits + &zeros, String::new())
    } else {
        let fraction = digits.split_off(point as usize);
        (digits, fraction)
    };
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let mut text = String::new();
    if negative && !(whole.is_empty() && fraction.is_empty()) {
        text.push('-');
    }
    text.push_str(if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        let mut out = Out::default();
        write_text(&mut out, text);
        out.0
    }

    #[test]
    fn documented_bytes() {
        // From Oracle's description of the DUMP function.
        for (text, expected) in [
            ("0", &[1, 0x80][..]),
            ("1", &[2, 193, 2]),
            ("100", &[2, 194, 2]),
            ("123", &[3, 194, 2, 24]),
            ("-5", &[3, 62, 96, 102]),
            ("0.01", &[2, 192, 2]),
            ("-0.25", &[3, 63, 76, 102]),
        ] {
            assert_eq!(bytes(text), expected, "{text}");
        }
    }

    #[test]
    fn read_what_was_written() {
        for text in [
            "0",
            "7",
            "-12345678.9",
            "99999999999999999999999999999999999999",
            "-99999999999999999999999999999999999999",
            "0.000000000000000000000000000000000001",
            "12000000",
            "100.5",
        ] {
            assert_eq!(read(&bytes(text)[1..]), text);
        }
        assert_eq!(read(&bytes("1.5e-3")[1..]), "0.0015");
        assert_eq!(read(&bytes("00012.500")[1..]), "12.5");
    }

    #[test]
    fn whole_numbers_by_either_way() {
        for value in [0, 1, -1, 99, 100, -100, 10_203, 1_000_000, i64::MAX, i64::MIN] {
            let mut out = Out::default();
            write_integer(&mut out, value);
            assert_eq!(out.0, bytes(&value.to_string()), "{value}");
        }
    }
}
