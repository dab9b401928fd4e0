//! Where a request comes from, if it passes proxies on its way.

use std::net::IpAddr;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::{HttpMessage, HttpRequest};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of a request's sender: the connection's own, or what trusted proxies say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) Option<IpAddr>);

impl ClientAddress {
    /// Works it out. Each proxy appends the address that it has the request from, so the list is read from its end, for as
    /// long as the one who wrote an entry is trusted; what stands before that anybody may have invented.
    pub(super) fn of(request: &ServiceRequest, trusted: &[IpNet]) -> Self {
        let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
        Self(peer.map(|peer| last_untrusted(peer, request.headers(), trusted)))
    }

    /// The address of a request that has passed the middleware.
    pub(crate) fn from(request: &HttpRequest) -> Option<IpAddr> {
        request.extensions().get::<Self>().and_then(|known| known.0)
    }
}

fn last_untrusted(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut address = peer;
    let fields: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .map(|value| value.to_str().unwrap_or_default())
        .collect();
    for entry in fields.iter().rev().flat_map(|field| field.rsplit(',')) {
        if !is_trusted(&address) {
            return address;
        }
        match entry.trim().parse::<IpAddr>() {
            Ok(next) => address = next.to_canonical(),
            // A proxy that says nothing usable is where the trail ends.
            Err(_) => return address,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn only_what_trusted_proxies_wrote_counts() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        for (peer, fields, expected) in [
            ("192.0.2.9", &["198.51.100.1"][..], "192.0.2.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["203.0.113.7, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, 10.1.1.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1", "10.1.1.1"], "198.51.100.1"),
            ("::1", &["unknown"], "::1"),
            ("10.0.0.1", &["198.51.100.1, nonsense"], "10.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            for field in fields {
                headers.append(FORWARDED_FOR, HeaderValue::from_static(field));
            }
            let found = last_untrusted(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{peer} {fields:?}");
        }
    }
}
