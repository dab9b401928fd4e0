//! What a browser must be told, and the hosts that requests may name.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::uri::Authority;
use actix_web::middleware::Condition;
use actix_web::{Error, ResponseError};
use gateway_core::ErrorKind;

use crate::AppState;
use crate::error::ApiError;

/// Which pages of other origins may call the gateway from a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorsRules {
    /// Their origins, exactly as browsers send them; none switches it off.
    pub allowed_origins: Vec<String>,
    /// How long a browser may remember that.
    pub max_age: Duration,
}

impl Default for CorsRules {
    fn default() -> Self {
        Self {
            allowed_origins: Vec::new(),
            max_age: Duration::from_mins(10),
        }
    }
}

/// Headers that a page may read beside those that any page may.
const EXPOSED: [&str; 8] = [
    "etag",
    "location",
    "retry-after",
    "traceparent",
    "x-correlation-id",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
];

/// Headers that a page may send.
const ACCEPTED: [&str; 8] = [
    "accept",
    "authorization",
    "content-type",
    "if-match",
    "traceparent",
    "tracestate",
    "x-api-key",
    "x-correlation-id",
];

/// Answers browsers by `rules`. Cookies play no part here, so credentials of the browser's own are never asked for.
pub(crate) fn cors(rules: &CorsRules) -> Condition<Cors> {
    let seconds = usize::try_from(rules.max_age.as_secs()).unwrap_or(usize::MAX);
    let base = Cors::default()
        .allowed_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allowed_headers(ACCEPTED)
        .expose_headers(EXPOSED)
        .max_age(seconds)
        // The browser refuses what is not permitted; other clients have no origin.
        .block_on_origin_mismatch(false);
    let cors = rules
        .allowed_origins
        .iter()
        .fold(base, |cors, origin| cors.allowed_origin(origin));
    Condition::new(!rules.allowed_origins.is_empty(), cors)
}

/// An answer from here is data, never a page; nothing else may frame it, run in it or guess its type.
const API_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// Swagger UI has its scripts and styles from the binary, and sets styles itself.
const DOCS_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
     frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
);

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

fn secure(headers: &mut HeaderMap, is_page: bool, is_tls: bool) {
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        if is_page { DOCS_POLICY } else { API_POLICY },
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CORP, HeaderValue::from_static("same-origin"));
    if !is_page && !headers.contains_key(header::CACHE_CONTROL) {
        // What one caller may see must not be kept for another.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if is_tls {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
}

/// Whether `host`, as a request names it, is one of `allowed`. Without a port in an entry any port will do; `*.` stands for
/// one or more labels.
fn is_allowed(allowed: &[String], host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let bare = without_port(&host);
    allowed.iter().any(|entry| match entry.strip_prefix("*.") {
        Some(domain) => bare
            .strip_suffix(domain)
            .is_some_and(|labels| labels.len() > 1 && labels.ends_with('.')),
        None => *entry == host || *entry == bare,
    })
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}

/// The middleware.
pub(crate) struct Edges(AppState);

impl Edges {
    pub(crate) fn new(state: AppState) -> Self {
        Self(state)
    }

    /// Refuses a request for a host that is not ours: a page of somebody else's whose name was pointed here would send one.
    /// Probes of the process itself come by address.
    fn refusal(&self, request: &ServiceRequest) -> Option<ApiError> {
        let settings = self.0.settings.load();
        if settings.allowed_hosts.is_empty() || request.path().starts_with("/health/") {
            return None;
        }
        let named = request.uri().authority().map(Authority::as_str);
        let header = request.headers().get(header::HOST);
        let host = named.or_else(|| header.and_then(|value| value.to_str().ok()));
        if host.is_some_and(|host| is_allowed(&settings.allowed_hosts, host)) {
            return None;
        }
        Some(ApiError::new(
            ErrorKind::InvalidRequest,
            "The request names a host that is not served here",
        ))
    }
}

impl<S, B> Transform<S, ServiceRequest> for Edges
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B, BoxBody>>;
    type Error = Error;
    type Transform = EdgesService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(EdgesService {
            inner,
            edges: Self(self.0.clone()),
        }))
    }
}

pub(crate) struct EdgesService<S> {
    inner: S,
    edges: Edges,
}

impl<S, B> Service<ServiceRequest> for EdgesService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B, BoxBody>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    actix_web::dev::forward_ready!(inner);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let is_page = request.path().starts_with("/docs");
        let is_tls = self.edges.0.settings.load().is_tls;
        if let Some(refusal) = self.edges.refusal(&request) {
            let mut refused = request.into_response(refusal.error_response());
            secure(refused.headers_mut(), false, is_tls);
            return Box::pin(ready(Ok(refused.map_into_right_body())));
        }
        let answering = self.inner.call(request);
        Box::pin(async move {
            let mut response = answering.await?;
            secure(response.headers_mut(), is_page, is_tls);
            Ok(response.map_into_left_body())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_that_are_named_are_served() {
        let allowed = [
            "gateway.example.com",
            "one.example.com:8443",
            "*.internal",
            "[::1]",
        ]
        .map(str::to_owned);
        for (host, expected) in [
            ("gateway.example.com", true),
            ("GATEWAY.example.com:443", true),
            ("one.example.com:8443", true),
            ("one.example.com", false),
            ("one.example.com:80", false),
            ("a.internal", true),
            ("a.b.internal:1", true),
            ("internal", false),
            (".internal", false),
            ("evilinternal", false),
            ("gateway.example.com.evil.example", false),
            ("[::1]:8080", true),
            ("[::1]", true),
            ("::1", false),
            ("", false),
        ] {
            assert_eq!(is_allowed(&allowed, host), expected, "{host}");
        }
    }
}
