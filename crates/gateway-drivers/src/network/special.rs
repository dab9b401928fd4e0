//! Addresses that no source has a business with unless its operator says so, and addresses that hide others.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix))
}

const fn v6(segments: [u16; 8], prefix: u8) -> IpNet {
    let [a, b, c, d, e, f, g, h] = segments;
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), prefix))
}

/// Refused unless `allow` names a network that lies within them.
pub(super) const REFUSED: [IpNet; 18] = [
    // Loopback: what listens there trusts everything on its machine.
    v4(127, 0, 0, 0, 8),
    v6([0, 0, 0, 0, 0, 0, 0, 1], 128),
    // Link-local, where clouds hand out credentials.
    v4(169, 254, 0, 0, 16),
    v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10),
    // The metadata services of AWS and Google (both families), Alibaba, Oracle and Azure.
    v4(169, 254, 169, 254, 32),
    v6([0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254], 128),
    v6([0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254], 128),
    v4(100, 100, 100, 200, 32),
    v4(192, 0, 0, 192, 32),
    v4(168, 63, 129, 16, 32),
    // "This host", which many systems take for loopback.
    v4(0, 0, 0, 0, 8),
    v6([0, 0, 0, 0, 0, 0, 0, 0], 128),
    // Many hosts at once.
    v4(224, 0, 0, 0, 4),
    v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8),
    v4(255, 255, 255, 255, 32),
    // Site-local, which nothing should use any more and old networks still route.
    v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10),
    // Translators of a network's own (RFC 8215): where in the address the IPv4 address is, only that network knows.
    v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48),
    // Teredo: through a relay to an IPv4 address behind somebody's NAT.
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32),
];

/// The address as the network will take it: an IPv4 address that is written as an IPv6 one is the IPv4 address.
pub(super) fn plain(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// The IPv4 address that a translator or tunnel (NAT64, 6to4, SIIT, the old compatible form) would go on to.
pub(super) fn behind(address: IpAddr) -> Option<IpAddr> {
    let IpAddr::V6(address) = address else {
        return None;
    };
    let join = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
    };
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => join(high, low),
        [0, 0, 0, 0, 0xffff, 0, high, low] => join(high, low),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => join(high, low),
        _ => None,
    }
}
