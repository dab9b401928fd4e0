//! Numbers and texts in the protocol's forms
//! (<https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_data_types.html>). What is shorter than it says is
//! nothing, never a panic.

use bytes::{BufMut, BytesMut};

/// Takes so many bytes.
pub(super) fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(*head)
}

/// Takes a number that has its own length before it.
pub(super) fn take_number(rest: &mut &[u8]) -> Option<u64> {
    let [first] = take(rest)?;
    match first {
        0xfc => take(rest).map(|low| u64::from(u16::from_le_bytes(low))),
        0xfd => take(rest).map(|[a, b, c]| u64::from(u32::from_le_bytes([a, b, c, 0]))),
        0xfe => take(rest).map(u64::from_le_bytes),
        // What stands for NULL, and the head of an error.
        0xfb | 0xff => None,
        small => Some(u64::from(small)),
    }
}

/// Takes bytes that have their length before them.
pub(super) fn take_bytes<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(take_number(rest)?).ok()?;
    let (bytes, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    Some(bytes)
}

/// Takes bytes up to the zero that ends them.
pub(super) fn take_until_zero<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.iter().position(|byte| *byte == 0)?;
    let (bytes, tail) = rest.split_at(end);
    *rest = &tail[1..];
    Some(bytes)
}

/// Writes a number with its own length before it.
#[allow(clippy::cast_possible_truncation, reason = "each arm holds what it writes")]
fn put_number(out: &mut BytesMut, number: u64) {
    match number {
        0..=0xfa => out.put_u8(number as u8),
        0xfb..=0xffff => {
            out.put_u8(0xfc);
            out.put_u16_le(number as u16);
        }
        0x1_0000..=0xff_ffff => {
            out.put_u8(0xfd);
            out.put_uint_le(number, 3);
        }
        _ => {
            out.put_u8(0xfe);
            out.put_u64_le(number);
        }
    }
}

/// Writes bytes with their length before them.
pub(super) fn put_bytes(out: &mut BytesMut, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_survive_the_way_there_and_back() {
        for length in [0, 1, 0xfa, 0xfb, 0xff, 0xffff, 0x1_0000, 0xff_ffff, 0x100_0000] {
            let bytes = vec![7; length];
            let mut out = BytesMut::new();
            put_bytes(&mut out, &bytes);
            let mut rest = &out[..];
            assert_eq!(take_bytes(&mut rest), Some(&bytes[..]), "{length}");
            assert!(rest.is_empty());
        }
    }

    #[test]
    fn what_is_shorter_than_it_says_is_nothing() {
        for bytes in [
            &b""[..],
            b"\x02a",
            b"\xfc\x01",
            b"\xfd\x01\x00",
            b"\xfe\xff\xff\xff\xff\xff\xff\xff",
            b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\xfb",
            b"\xff",
        ] {
            assert_eq!(take_bytes(&mut &bytes[..]), None, "{bytes:?}");
        }
        assert_eq!(take_until_zero(&mut &b"abc"[..]), None);
    }
}
