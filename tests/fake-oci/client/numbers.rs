//! Numbers, in the form that Oracle keeps them in: digits to the base of 100, with an exponent.

use std::ffi::{c_int, c_void};

use super::SUCCESS;

/// `OCINumber`: a length, the exponent with the sign, up to twenty digits and, below zero, a last byte.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct OciNumber([u8; 22]);

/// A number as decimal digits and the power of ten of the last of them.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i32,
}

impl Decimal {
    fn parse(text: &str) -> Self {
        let (mantissa, power) = text.split_once('E').unwrap_or((text, "0"));
        let digits = mantissa.trim_start_matches('-');
        let fraction = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        Self {
            negative: mantissa.starts_with('-'),
            digits: digits
                .bytes()
                .filter(u8::is_ascii_digit)
                .map(|digit| digit - b'0')
                .collect(),
            exponent: power.parse::<i32>().unwrap_or_default() - fraction as i32,
        }
    }

    fn encode(mut self) -> OciNumber {
        // Digits to the base of 100 begin at even powers of ten.
        if self.exponent.rem_euclid(2) == 1 {
            self.digits.push(0);
            self.exponent -= 1;
        }
        if self.digits.len() % 2 == 1 {
            self.digits.insert(0, 0);
        }
        let mut pairs: Vec<u8> = self
            .digits
            .chunks_exact(2)
            .map(|pair| pair[0] * 10 + pair[1])
            .collect();
        while pairs.last() == Some(&0) {
            pairs.pop();
            self.exponent += 2;
        }
        let leading = pairs.iter().take_while(|pair| **pair == 0).count();
        pairs.drain(..leading);
        let mut bytes = [0; 22];
        if pairs.is_empty() {
            bytes[..2].copy_from_slice(&[1, 128]);
            return OciNumber(bytes);
        }
        let power = (self.exponent / 2 + pairs.len() as i32 - 1) as i8 as u8;
        let (first, digits): (u8, Vec<u8>) = if self.negative {
            let mut digits: Vec<u8> = pairs.iter().map(|pair| 101 - pair).collect();
            if digits.len() < 20 {
                digits.push(102);
            }
            (62u8.wrapping_sub(power), digits)
        } else {
            (
                193u8.wrapping_add(power),
                pairs.iter().map(|pair| pair + 1).collect(),
            )
        };
        bytes[0] = digits.len() as u8 + 1;
        bytes[1] = first;
        bytes[2..2 + digits.len()].copy_from_slice(&digits);
        OciNumber(bytes)
    }

    fn decode(number: &OciNumber) -> Self {
        let [length, first, digits @ ..] = &number.0;
        let digits = &digits[..(*length as usize).saturating_sub(1)];
        let negative = first & 0x80 == 0;
        let (power, pairs): (u8, Vec<u8>) = if negative {
            let digits = digits.strip_suffix(&[102]).unwrap_or(digits);
            (
                62u8.wrapping_sub(*first),
                digits.iter().map(|digit| 101 - digit).collect(),
            )
        } else {
            (
                first.wrapping_sub(193),
                digits.iter().map(|digit| digit - 1).collect(),
            )
        };
        Self {
            negative,
            digits: pairs.iter().flat_map(|pair| [pair / 10, pair % 10]).collect(),
            exponent: 2 * (i32::from(power as i8) - pairs.len() as i32 + 1),
        }
    }

    /// The text of the format `TM`: in full, or with an exponent if that would be longer than 64 characters.
    fn show(&self) -> String {
        let all: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let trailing = all.len() - all.trim_end_matches('0').len();
        let digits = all.trim_matches('0');
        let exponent = self.exponent + trailing as i32;
        let sign = if self.negative { "-" } else { "" };
        let point = digits.len() as i32 + exponent;
        let shown = if digits.is_empty() {
            "0".to_owned()
        } else if exponent >= 0 {
            format!("{digits}{}", "0".repeat(exponent as usize))
        } else if point > 0 {
            format!("{}.{}", &digits[..point as usize], &digits[point as usize..])
        } else {
            format!(".{}{digits}", "0".repeat(-point as usize))
        };
        if shown.len() + sign.len() <= 64 {
            return format!("{sign}{shown}");
        }
        let (head, tail) = digits.split_at(1);
        let dot = if tail.is_empty() { "" } else { "." };
        format!("{sign}{head}{dot}{tail}E{:+03}", point - 1)
    }
}

/// The number that a text is.
pub(crate) fn encode(text: &str) -> OciNumber {
    Decimal::parse(text).encode()
}

/// The text that a number is.
pub(crate) fn decode(number: &OciNumber) -> String {
    Decimal::decode(number).show()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCINumberToText(
    _errors: *const c_void,
    number: *const OciNumber,
    _format: *const u8,
    _format_length: u32,
    _nls: *const u8,
    _nls_length: u32,
    size: *mut u32,
    buffer: *mut u8,
) -> c_int {
    // SAFETY: it is a number, and the buffer has the size that is given.
    unsafe {
        let shown = decode(&*number);
        let length = shown.len().min(size.read() as usize);
        buffer.copy_from_nonoverlapping(shown.as_ptr(), length);
        size.write(length as u32);
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCINumberShift(
    _errors: *const c_void,
    number: *const OciNumber,
    places: i32,
    result: *mut OciNumber,
) -> c_int {
    // SAFETY: it is a number, and there is room for another.
    unsafe {
        let mut decimal = Decimal::decode(&*number);
        decimal.exponent += places;
        result.write(decimal.encode());
    }
    SUCCESS
}
