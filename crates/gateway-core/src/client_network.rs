//! Who stands behind an address.

use std::net::{IpAddr, Ipv6Addr};

/// The network whose addresses count as one client's: of IPv6 the /64, given as its first address, because one subscriber has
/// it as a whole and could come from another address with each request; of IPv4 the address itself, also where it is written
/// as IPv6.
///
/// ```
/// use gateway_core::client_network;
///
/// let network = |address: &str| client_network(address.parse().unwrap()).to_string();
/// assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
/// assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
/// ```
#[must_use]
pub fn client_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}
