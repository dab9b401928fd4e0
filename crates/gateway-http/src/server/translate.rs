//! Between the types of http 1, which `h2` speaks, and those of http 0.2, which actix speaks.

use std::io;

use actix_http::{Request, Response};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri, Version};

/// Puts the head of `parts` into `request`.
///
/// # Errors
///
/// If something in it is good for one version of the types and not for the other, of which no case is known.
pub(super) fn request_head(parts: &http::request::Parts, request: &mut Request) -> io::Result<()> {
    let head = request.head_mut();
    head.method = Method::from_bytes(parts.method.as_str().as_bytes()).map_err(io::Error::other)?;
    head.uri = parts.uri.to_string().parse::<Uri>().map_err(io::Error::other)?;
    head.version = Version::HTTP_2;
    for (name, value) in &parts.headers {
        let name = HeaderName::from_bytes(name.as_str().as_bytes()).map_err(io::Error::other)?;
        let mut copy = HeaderValue::from_bytes(value.as_bytes()).map_err(io::Error::other)?;
        copy.set_sensitive(value.is_sensitive());
        head.headers.append(name, copy);
    }
    Ok(())
}

/// The head of an answer, without a connection's own fields, which have no place in HTTP/2 (RFC 9113, section 8.2.2).
///
/// # Errors
///
/// As for [`request_head`].
pub(super) fn response_head(response: &Response<()>) -> io::Result<http::Response<()>> {
    let mut head = http::Response::new(());
    *head.status_mut() = http::StatusCode::from_u16(response.status().as_u16()).map_err(io::Error::other)?;
    *head.version_mut() = http::Version::HTTP_2;
    for (name, value) in response.headers() {
        if [header::CONNECTION, header::TRANSFER_ENCODING, header::UPGRADE].contains(name) {
            continue;
        }
        let name = http::HeaderName::from_bytes(name.as_str().as_bytes()).map_err(io::Error::other)?;
        let value = http::HeaderValue::from_bytes(value.as_bytes()).map_err(io::Error::other)?;
        head.headers_mut().append(name, value);
    }
    Ok(head)
}
