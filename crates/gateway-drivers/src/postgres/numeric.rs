//! PostgreSQL's binary NUMERIC, written as decimal digits without loss.
//!
//! The format is that of `numeric_send` in the server's `utils/adt/numeric.c`: the number of base-10000 digits, the weight
//! of the first, the sign, the display scale, then the digits, all as 16-bit big-endian words.

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const POSITIVE_INFINITY: u16 = 0xD000;
const NEGATIVE_INFINITY: u16 = 0xF000;

/// Appends the text that the server itself would show; `None` if `raw` is not a NUMERIC.
pub(super) fn write(out: &mut Vec<u8>, raw: &[u8]) -> Option<()> {
    let mut words = raw
        .chunks_exact(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let count = words.next()?;
    let weight = i32::from(words.next()? as i16);
    let sign = words.next()?;
    let scale = usize::from(words.next()?);
    match sign {
        POSITIVE => {}
        NEGATIVE => out.push(b'-'),
        special => {
            let name: &[u8] = match special {
                NAN => b"NaN",
                POSITIVE_INFINITY => b"Infinity",
                NEGATIVE_INFINITY => b"-Infinity",
                _ => return None,
            };
            out.extend_from_slice(name);
            return Some(());
        }
    }
    let digits = raw.get(8..8 + 2 * usize::from(count))?;
    let digit = |index: i32| -> u16 {
        let Ok(index) = usize::try_from(index) else {
            return 0;
        };
        digits
            .get(2 * index..2 * index + 2)
            .map_or(0, |pair| u16::from_be_bytes([pair[0], pair[1]]))
    };
    if weight < 0 {
        out.push(b'0');
    } else {
        out.extend_from_slice(itoa::Buffer::new().format(digit(0)).as_bytes());
        for index in 1..=weight {
            push_four(out, digit(index));
        }
    }
    if scale > 0 {
        out.push(b'.');
        let end = out.len() + scale;
        let mut index = weight + 1;
        while out.len() < end {
            push_four(out, digit(index));
            index += 1;
        }
        out.truncate(end);
    }
    Some(())
}

fn push_four(out: &mut Vec<u8>, digit: u16) {
    for place in [1000, 100, 10, 1] {
        out.push(b'0' + (digit / place % 10) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &[u16]) -> Option<String> {
        let raw: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        let mut out = Vec::new();
        write(&mut out, &raw).map(|()| String::from_utf8(out).unwrap())
    }

    #[test]
    fn digits_sign_and_scale_are_kept() {
        for (words, expected) in [
            (&[0, 0, POSITIVE, 0][..], "0"),
            (&[0, 0, POSITIVE, 2], "0.00"),
            (&[1, 0, POSITIVE, 2, 1], "1.00"),
            (&[2, 0, NEGATIVE, 1, 12, 5000], "-12.5"),
            (&[1, 1, POSITIVE, 0, 1], "10000"),
            (&[1, 0xFFFE, POSITIVE, 8, 42], "0.00000042"),
            (&[3, 1, POSITIVE, 3, 1, 23, 4560], "10023.456"),
            (&[0, 0, NAN, 0], "NaN"),
            (&[0, 0, NEGATIVE_INFINITY, 0], "-Infinity"),
        ] {
            assert_eq!(text(words).as_deref(), Some(expected));
        }
        assert_eq!(text(&[1, 0]), None);
        assert_eq!(text(&[5, 0, POSITIVE, 0, 1]), None);
    }
}
