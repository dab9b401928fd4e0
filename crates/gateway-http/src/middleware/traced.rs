//! Following requests: the span of a request, from its head to the end of its answer's body.
//!
//! Attributes are those of OpenTelemetry's conventions for HTTP servers, less what could give something away: the path of
//! a page is its key, and a client's address or program belong in the audit log.

use std::sync::Arc;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, Version};
use actix_web::{HttpMessage, HttpRequest};
use gateway_core::ErrorKind;
use gateway_core::trace::{Stage, Trace, TraceContext, Tracer, is_trace_state};

use super::ending::{AtEnd, EndingBody};
use crate::AppState;
use crate::error::ApiError;

const PARENT: HeaderName = HeaderName::from_static("traceparent");
const STATE: HeaderName = HeaderName::from_static("tracestate");

/// The longest host that is kept.
const LONGEST_HOST: usize = 255;

/// The trace of a request that has passed the middleware.
pub(crate) fn trace_of(request: &HttpRequest) -> Trace {
    request.extensions().get::<Trace>().cloned().unwrap_or_default()
}

/// Follows requests.
#[derive(Clone)]
pub(super) struct Follower {
    tracer: Arc<dyn Tracer>,
    is_tls: bool,
}

impl Follower {
    pub(super) fn of(state: &AppState) -> Option<Self> {
        Some(Self {
            tracer: state.tracer.clone()?,
            is_tls: state.settings.load().is_tls,
        })
    }

    /// Begins with a request.
    pub(super) fn begin(&self, request: &ServiceRequest, correlation: &str) -> Option<Followed> {
        let (caller, state) = told(request.headers());
        let joined = self.tracer.join(caller, state.as_deref())?;
        let mut stage = joined.request;
        if stage.is_kept() {
            describe(&mut stage, request, self.is_tls);
            stage.set("nexus.correlation_id", correlation.to_owned());
            request.extensions_mut().insert(stage.trace());
        }
        Some(Followed {
            context: joined.context,
            stage,
        })
    }
}

/// What the caller says of the trace. A second `traceparent` makes both void; a `tracestate` may come in parts.
fn told(headers: &HeaderMap) -> (Option<TraceContext>, Option<String>) {
    let mut parents = headers.get_all(PARENT);
    let (Some(parent), None) = (parents.next(), parents.next()) else {
        return (None, None);
    };
    let Some(caller) = parent.to_str().ok().and_then(TraceContext::parse) else {
        return (None, None);
    };
    let parts: Vec<&str> = headers
        .get_all(STATE)
        .filter_map(|part| part.to_str().ok())
        .collect();
    let state = Some(parts.join(",")).filter(|state| is_trace_state(state));
    (Some(caller), state)
}

fn describe(stage: &mut Stage, request: &ServiceRequest, is_tls: bool) {
    let method = known(request.method());
    let route = request.match_pattern();
    stage.rename(|| match &route {
        Some(route) => format!("{method} {route}"),
        None => method.to_owned(),
    });
    stage.set("http.request.method", method);
    stage.set("url.scheme", if is_tls { "https" } else { "http" });
    if let Some(version) = version(request.version()) {
        stage.set("network.protocol.version", version);
    }
    if let Some(route) = route {
        // A path with parameters may be a secret; one without is the route.
        if !route.contains('{') {
            stage.set("url.path", route.clone());
        }
        stage.set("http.route", route);
    }
    if let Some((host, port)) = server(request) {
        stage.set("server.address", host);
        if let Some(port) = port {
            stage.set("server.port", port);
        }
    }
}

/// Methods that conventions know; any other would be the caller's own words.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::CONNECT => "CONNECT",
        Method::OPTIONS => "OPTIONS",
        Method::TRACE => "TRACE",
        Method::PATCH => "PATCH",
        _ => "_OTHER",
    }
}

fn version(version: Version) -> Option<&'static str> {
    match version {
        Version::HTTP_10 => Some("1.0"),
        Version::HTTP_11 => Some("1.1"),
        Version::HTTP_2 => Some("2"),
        _ => None,
    }
}

/// The host that the request names, and its port.
fn server(request: &ServiceRequest) -> Option<(String, Option<u16>)> {
    let named = request.headers().get(header::HOST);
    let named = named.and_then(|host| host.to_str().ok());
    let authority = match named {
        Some(host) => host.parse().ok(),
        None => request.uri().authority().cloned(),
    }?;
    let host = authority.host();
    (host.len() <= LONGEST_HOST).then(|| (host.to_owned(), authority.port_u16()))
}

/// A request that is followed, until its answer begins.
pub(super) struct Followed {
    context: TraceContext,
    stage: Stage,
}

impl Followed {
    pub(super) fn trace_id(&self) -> String {
        self.context.trace.to_string()
    }

    /// Tells the caller, and goes on to the end of the answer's body.
    pub(super) fn answered<B: MessageBody + 'static>(
        self,
        mut response: ServiceResponse<EitherBody<B, BoxBody>>,
        failure: Option<&ApiError>,
    ) -> ServiceResponse<EitherBody<B, BoxBody>> {
        if let Ok(value) = HeaderValue::from_str(&self.context.to_string()) {
            response.headers_mut().insert(PARENT, value);
        }
        let mut stage = self.stage;
        if !stage.is_kept() {
            return response;
        }
        let status = response.status();
        let code = failure.map(|failure| failure.0.kind.code());
        stage.set("http.response.status_code", status.as_u16());
        if let Some(code) = code {
            stage.set("nexus.error.code", code);
        }
        // A refusal is the caller's failure, not the server's.
        stage.turned_out(code.filter(|_| status.is_server_error()));
        let is_read = response.request().method() != Method::HEAD;
        response.map_body(|_, body| {
            let ending = EndingBody::new(body.boxed(), !is_read, Ending(stage));
            EitherBody::right(BoxBody::new(ending))
        })
    }
}

/// A request's span ends with its answer's body.
struct Ending(Stage);

impl AtEnd for Ending {
    fn over(&mut self, is_read: bool) {
        if !is_read {
            self.0.turned_out(Some(ErrorKind::Cancelled.code()));
        }
    }
}
