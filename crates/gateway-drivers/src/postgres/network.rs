//! PostgreSQL's binary network addresses in the server's own notation.
//!
//! `network_send` in the server's `utils/adt/network.c`: the family, the bits of the mask, whether it is a cidr, the number
//! of bytes, the bytes.

use std::io::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Appends the text; `None` if `raw` is not a network address.
pub(super) fn write(out: &mut Vec<u8>, raw: &[u8]) -> Option<()> {
    let ([_family, mask, is_cidr, _length], address) = raw.split_first_chunk::<4>()?;
    let most = match address.len() {
        4 => {
            let address = Ipv4Addr::from(<[u8; 4]>::try_from(address).ok()?);
            write!(out, "{address}").ok()?;
            32
        }
        16 => {
            write_v6(out, Ipv6Addr::from(<[u8; 16]>::try_from(address).ok()?))?;
            128
        }
        _ => return None,
    };
    if *is_cidr != 0 || *mask != most {
        write!(out, "/{mask}").ok()?;
    }
    Some(())
}

/// As the standard library does, except that the server still shows an address that begins with exactly 96 zero bits in the
/// notation with dots.
fn write_v6(out: &mut Vec<u8>, address: Ipv6Addr) -> Option<()> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => {
            let [a, b, c, d] = [high >> 8, high & 0xff, low >> 8, low & 0xff];
            write!(out, "::{a}.{b}.{c}.{d}").ok()
        }
        _ => write!(out, "{address}").ok(),
    }
}
