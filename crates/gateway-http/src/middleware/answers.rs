//! The outermost layer: correlation ids, the headers and error bodies that every answer has, one log line and the request
//! metrics.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::time::Instant;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{Error, HttpMessage, HttpRequest};
use gateway_core::ErrorKind;
use slog::{Logger, o};
use uuid::Uuid;

use super::ending::EndingBody;
use super::facts::{Facts, Line, principal_of};
use super::matched::Matched;
use super::traced::{Followed, Follower};
use crate::AppState;
use crate::error::{ApiError, Failure};
use crate::meters::RouteMeters;
use crate::render::envelope;

const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");
const VERSION: HeaderName = HeaderName::from_static("x-api-version");
const LONGEST_ID: usize = 128;

/// Ties an answer to a request and to the log. Taken from the caller if it is safe to repeat, made otherwise.
#[derive(Debug, Clone)]
pub(crate) struct CorrelationId(pub(crate) Rc<str>);

impl CorrelationId {
    fn of(request: &ServiceRequest) -> Self {
        let given = request
            .headers()
            .get(&CORRELATION)
            .and_then(|value| value.to_str().ok());
        match given.filter(|id| is_safe(id)) {
            Some(id) => Self(id.into()),
            None => Self(Uuid::now_v7().to_string().into()),
        }
    }

    /// The id of a request that has passed the middleware.
    pub(crate) fn from(request: &HttpRequest) -> Self {
        request
            .extensions()
            .get::<Self>()
            .cloned()
            .unwrap_or_else(|| Self("".into()))
    }
}

fn is_safe(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    !id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(allowed)
}

/// The middleware.
pub(crate) struct Answers {
    log: Logger,
    follower: Option<Follower>,
}

impl Answers {
    pub(crate) fn new(state: &AppState) -> Self {
        Self {
            log: state.log.clone(),
            follower: Follower::of(state),
        }
    }
}

impl<S, B> Transform<S, ServiceRequest> for Answers
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B, BoxBody>>;
    type Error = Error;
    type Transform = AnswersService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(AnswersService {
            inner: Rc::new(inner),
            observer: Rc::new(Observer {
                log: self.log.clone(),
                meters: RouteMeters::default(),
                matched: Matched::default(),
            }),
            follower: self.follower.clone(),
        }))
    }
}

pub(crate) struct AnswersService<S> {
    inner: Rc<S>,
    observer: Rc<Observer>,
    follower: Option<Follower>,
}

/// Where a worker tells what became of requests.
struct Observer {
    log: Logger,
    meters: RouteMeters,
    matched: Matched,
}

impl<S, B> Service<ServiceRequest> for AnswersService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B, BoxBody>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    forward_ready!(inner);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let started = Instant::now();
        let correlation = CorrelationId::of(&request);
        request.extensions_mut().insert(correlation.clone());
        request.extensions_mut().insert(Facts::default());
        let follower = self.follower.as_ref();
        let followed = follower.and_then(|follower| follower.begin(&request, &correlation.0));
        let answering = self.inner.call(request);
        let observer = Rc::clone(&self.observer);
        Box::pin(async move {
            // Handlers and extractors answer their failures themselves; an error here is the framework's own.
            let response = answering.await?.map_into_left_body();
            Ok(finish(response, &correlation, started, &observer, followed))
        })
    }
}

fn finish<B: MessageBody + 'static>(
    mut response: ServiceResponse<EitherBody<B, BoxBody>>,
    correlation: &CorrelationId,
    started: Instant,
    observer: &Observer,
    followed: Option<Followed>,
) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let failure = response.response_mut().extensions_mut().remove::<ApiError>();
    let failure = failure.or_else(|| foreign_failure(response.status()));
    let route = observer.matched.pattern_of(response.request());
    let code = failure.as_ref().map_or("OK", |failure| failure.0.kind.code());
    observer.meters.answered(&route, code, started.elapsed());
    let line = Line {
        log: match &followed {
            Some(followed) => observer.log.new(o!("traceId" => followed.trace_id())),
            None => observer.log.clone(),
        },
        facts: Facts::of(response.request()),
        principal: principal_of(response.request()),
        method: response.request().method().clone(),
        route,
        status: response.status(),
        correlation: correlation.clone(),
        started,
    };
    if let Some(ApiError(failure)) = &failure {
        response = with_error_body(response, failure, correlation);
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&correlation.0) {
        headers.insert(CORRELATION, id);
    }
    headers.insert(VERSION, HeaderValue::from_static("1"));
    if line.facts.has_to_wait() {
        response = response
            .map_body(|_, body| EitherBody::right(BoxBody::new(EndingBody::new(body.boxed(), false, line))));
    } else {
        line.write(failure.as_ref());
    }
    match followed {
        Some(followed) => followed.answered(response, failure.as_ref()),
        None => response,
    }
}

/// An error answer that did not come from one of our handlers: the framework's own refusals.
fn foreign_failure(status: StatusCode) -> Option<ApiError> {
    let (kind, message) = match status {
        StatusCode::NOT_FOUND => (ErrorKind::NotFound, "There is nothing at this path"),
        StatusCode::METHOD_NOT_ALLOWED => {
            (ErrorKind::MethodNotAllowed, "This path does not take this method")
        }
        StatusCode::PAYLOAD_TOO_LARGE => (ErrorKind::PayloadTooLarge, "The request body is too large"),
        status if status.is_client_error() => (ErrorKind::InvalidRequest, "The request is not valid"),
        status if status.is_server_error() => (ErrorKind::Internal, "Internal error"),
        _ => return None,
    };
    Some(ApiError::new(kind, message))
}

fn with_error_body<B: MessageBody + 'static>(
    response: ServiceResponse<EitherBody<B, BoxBody>>,
    failure: &Failure,
    correlation: &CorrelationId,
) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let body = envelope::error(failure, &correlation.0);
    let mut response = response.map_body(|_, _| EitherBody::right(BoxBody::new(body)));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
