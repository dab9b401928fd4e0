//! Requests that a page of somebody else's has a browser send.

use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use gateway_core::IdentifiedBy;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a request is to be refused because a page that is not permitted to made it. That matters where a browser says by
/// itself who is asking: by the connection's certificate, or because nobody is asked. A token or a key has to be put into the
/// request by whoever makes it. Programs other than browsers send neither header.
pub(crate) fn is_forged(
    identified_by: IdentifiedBy,
    method: &Method,
    headers: &HeaderMap,
    allowed_origins: &[String],
) -> bool {
    let is_ambient = match identified_by {
        IdentifiedBy::Certificate | IdentifiedBy::Nothing => true,
        IdentifiedBy::Token | IdentifiedBy::ApiKey => false,
    };
    if !is_ambient || [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) {
        return false;
    }
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(origin) = text(&header::ORIGIN) {
        return !is_own(origin, text(&header::HOST))
            && !allowed_origins.iter().any(|allowed| allowed == origin);
    }
    text(&FETCH_SITE).is_some_and(|site| !["same-origin", "none"].contains(&site))
}

/// Whether a page of `origin` came from the host that the request names.
fn is_own(origin: &str, host: Option<&str>) -> bool {
    let named = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    named.is_some() && named == host
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn only_pages_of_ones_own_act_for_whoever_a_browser_vouches_for() {
        let allowed = ["https://app.example.com".to_owned()];
        for (headers, expected) in [
            (&[][..], false),
            (&[("origin", "http://gateway:8080")], false),
            (
                &[
                    ("origin", "https://app.example.com"),
                    ("sec-fetch-site", "cross-site"),
                ],
                false,
            ),
            (&[("origin", "https://evil.example")], true),
            (&[("origin", "http://gateway:8080.evil.example")], true),
            (&[("origin", "null")], true),
            (&[("sec-fetch-site", "cross-site")], true),
            (&[("sec-fetch-site", "same-site")], true),
            (&[("sec-fetch-site", "same-origin")], false),
            (&[("sec-fetch-site", "none")], false),
        ] {
            let mut map = HeaderMap::new();
            map.insert(header::HOST, HeaderValue::from_static("gateway:8080"));
            for (name, value) in headers {
                map.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            let forged = |by, method| is_forged(by, &method, &map, &allowed);
            assert_eq!(
                forged(IdentifiedBy::Certificate, Method::POST),
                expected,
                "{headers:?}"
            );
            assert_eq!(
                forged(IdentifiedBy::Nothing, Method::DELETE),
                expected,
                "{headers:?}"
            );
            assert!(!forged(IdentifiedBy::Token, Method::POST), "{headers:?}");
            assert!(!forged(IdentifiedBy::Certificate, Method::GET), "{headers:?}");
        }
    }
}
