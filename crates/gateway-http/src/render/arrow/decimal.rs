//! From the text of an exact decimal to Arrow's scaled integers.

use arrow_buffer::i256;

/// `text` times ten to the power of `scale` as an integer; `None` if it is not a finite decimal, has more fractional digits
/// than `scale`, or does not fit.
pub(super) fn to_i128(text: &str, scale: i32) -> Option<i128> {
    let number = Scaled::read(text, scale)?;
    let mut value = 0_i128;
    for digit in number.digits() {
        value = value.checked_mul(10)?.checked_add(i128::from(digit))?;
    }
    Some(if number.negative { -value } else { value })
}

/// [`to_i128`] for larger numbers.
pub(super) fn to_i256(text: &str, scale: i32) -> Option<i256> {
    let number = Scaled::read(text, scale)?;
    let ten = i256::from_i128(10);
    let mut value = i256::ZERO;
    for digit in number.digits() {
        value = value
            .checked_mul(ten)?
            .checked_add(i256::from_i128(i128::from(digit)))?;
    }
    Some(if number.negative {
        value.wrapping_neg()
    } else {
        value
    })
}

/// A decimal, taken apart.
struct Scaled<'a> {
    negative: bool,
    whole: &'a [u8],
    fraction: &'a [u8],
    /// Zeros to append.
    zeros: usize,
}

impl<'a> Scaled<'a> {
    fn read(text: &'a str, scale: i32) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if unsigned.is_empty() || !is_number(whole) || !is_number(fraction) {
            return None;
        }
        let scaled = Self {
            negative: unsigned.len() < text.len(),
            whole: whole.as_bytes(),
            fraction: fraction.as_bytes(),
            zeros: 0,
        };
        scaled.at(scale)
    }

    fn at(self, scale: i32) -> Option<Self> {
        let Ok(places) = usize::try_from(scale) else {
            // A negative scale: the last digits are zeros that are not kept.
            let dropped = usize::try_from(scale.unsigned_abs()).ok()?;
            let kept = self.whole.len().saturating_sub(dropped);
            let (whole, rest) = self.whole.split_at(kept);
            let exact = rest.iter().chain(self.fraction).all(|digit| *digit == b'0');
            return exact.then_some(Self {
                whole,
                fraction: &[],
                ..self
            });
        };
        let zeros = places.checked_sub(self.fraction.len())?;
        Some(Self { zeros, ..self })
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        let zeros = std::iter::repeat_n(b'0', self.zeros);
        let written = self.whole.iter().chain(self.fraction).copied();
        written.chain(zeros).map(|digit| digit - b'0')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_exact_or_refused() {
        assert_eq!(to_i128("-12.50", 2), Some(-1250));
        assert_eq!(to_i128("7", 3), Some(7000));
        assert_eq!(to_i128(".5", 1), Some(5));
        assert_eq!(to_i128("12300", -2), Some(123));
        assert_eq!(to_i128("12345", -2), None);
        assert_eq!(to_i128("1.234", 2), None);
        assert_eq!(to_i128("NaN", 2), None);
        assert_eq!(to_i128("", 2), None);
        let widest = "99999999999999999999999999999999999999";
        assert_eq!(to_i128(widest, 0), Some(10_i128.pow(38) - 1));
        let wide = format!("-{widest}{widest}");
        assert_eq!(to_i256(&wide, 0), i256::from_string(&wide));
    }
}
