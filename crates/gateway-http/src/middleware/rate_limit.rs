//! Limits how often one caller may ask: by name once identified, by network before.

use std::future::{Ready, ready};
use std::net::IpAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_governor::governor::clock::{Clock, DefaultClock, QuantaInstant};
use actix_governor::governor::middleware::{StateInformationMiddleware, StateSnapshot};
use actix_governor::{GovernorConfig, GovernorConfigBuilder, KeyExtractor, SimpleKeyExtractionError};
use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::{Error, HttpMessage, ResponseError};
use arc_swap::ArcSwapOption;
use gateway_core::client_network;

use super::{ClientAddress, Identity};
use crate::HttpSettings;
use crate::error::ApiError;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

type Config = GovernorConfig<Caller, StateInformationMiddleware>;

/// The counters of all callers, shared by all workers.
#[derive(Clone)]
pub struct RateLimit {
    limits: Arc<ArcSwapOption<Limits>>,
}

struct Limits {
    config: Config,
    rate: u32,
    burst: u32,
}

impl RateLimit {
    /// Fresh counters.
    #[must_use]
    pub fn new(settings: &HttpSettings) -> Self {
        let limits = Limits::new(settings).map(Arc::new);
        Self {
            limits: Arc::new(ArcSwapOption::new(limits)),
        }
    }

    /// Takes other limits. Counters begin anew if they differ from the present ones.
    pub fn change(&self, settings: &HttpSettings) {
        let wanted = settings
            .rate_per_second
            .map(|rate| (rate.max(1), settings.rate_burst.max(1)));
        let present = self.limits.load().as_ref().map(|now| (now.rate, now.burst));
        if wanted != present {
            self.limits.store(Limits::new(settings).map(Arc::new));
        }
    }

    /// Forgets callers whose allowance is whole again; to be called now and then, as every caller ever seen would be
    /// remembered otherwise.
    pub fn forget_idle(&self) {
        if let Some(limits) = &*self.limits.load() {
            let limiter = limits.config.limiter();
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    pub(crate) fn middleware(&self) -> RateLimited {
        RateLimited(self.clone())
    }
}

impl Limits {
    fn new(settings: &HttpSettings) -> Option<Self> {
        let rate = settings.rate_per_second?.max(1);
        let burst = settings.rate_burst.max(1);
        let mut builder = GovernorConfigBuilder::default().key_extractor(Caller);
        let config = builder
            .period(Duration::from_secs(1) / rate)
            .burst_size(burst)
            .use_headers()
            .finish()?;
        Some(Self { config, rate, burst })
    }

    /// What is left to the caller of `request`, or after how many seconds to try again.
    fn check(&self, request: &ServiceRequest) -> Result<StateSnapshot, u32> {
        let key = match Caller.extract(request) {
            Ok(key) => key,
            Err(_) => CallerKey::Network(None),
        };
        self.config.limiter().check_key(&key).map_err(|negative| {
            let now: QuantaInstant = DefaultClock::default().now();
            // Rounded up, so that a caller who obeys is not refused again.
            u32::try_from(negative.wait_time_from(now).as_secs())
                .unwrap_or(u32::MAX)
                .saturating_add(1)
        })
    }

    /// Seconds until all of the burst is there again.
    fn reset(&self, remaining: u32) -> u32 {
        self.burst.saturating_sub(remaining).div_ceil(self.rate)
    }

    fn describe(&self, headers: &mut HeaderMap, remaining: u32) {
        headers.insert(LIMIT, self.burst.into());
        headers.insert(REMAINING, remaining.into());
        headers.insert(RESET, self.reset(remaining).into());
    }
}

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum CallerKey {
    /// An identified caller.
    Subject(String),
    /// Nobody yet: those of one network share an allowance.
    Network(Option<IpAddr>),
}

/// Finds the key of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller;

impl KeyExtractor for Caller {
    type Key = CallerKey;
    type KeyExtractionError = SimpleKeyExtractionError<&'static str>;

    fn extract(&self, request: &ServiceRequest) -> Result<CallerKey, Self::KeyExtractionError> {
        let extensions = request.extensions();
        let key = match extensions.get::<Identity>() {
            Some(Identity(Ok(caller))) => CallerKey::Subject(caller.subject.clone()),
            Some(Identity(Err(_))) | None => {
                let address = extensions.get::<ClientAddress>().and_then(|known| known.0);
                CallerKey::Network(address.map(client_network))
            }
        };
        Ok(key)
    }
}

/// The middleware. actix-governor's own is made with its limits for good; these may change while it runs.
pub(crate) struct RateLimited(RateLimit);

impl<S, B> Transform<S, ServiceRequest> for RateLimited
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B, BoxBody>>;
    type Error = Error;
    type Transform = RateLimitedService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(RateLimitedService {
            inner,
            limit: self.0.clone(),
        }))
    }
}

pub(crate) struct RateLimitedService<S> {
    inner: S,
    limit: RateLimit,
}

impl<S, B> Service<ServiceRequest> for RateLimitedService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B, BoxBody>>;
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let limits = self.limit.limits.load_full();
        let left = match limits.as_ref().map(|limits| limits.check(&request)) {
            Some(Err(seconds)) => {
                let mut refused = ApiError::rate_limited(seconds).error_response();
                if let Some(limits) = &limits {
                    limits.describe(refused.headers_mut(), 0);
                }
                let refused = request.into_response(refused).map_into_right_body();
                return Box::pin(ready(Ok(refused)));
            }
            Some(Ok(snapshot)) => Some(snapshot.remaining_burst_capacity()),
            None => None,
        };
        let answering = self.inner.call(request);
        Box::pin(async move {
            let mut response = answering.await?;
            if let (Some(limits), Some(remaining)) = (&limits, left) {
                limits.describe(response.headers_mut(), remaining);
            }
            Ok(response.map_into_left_body())
        })
    }
}
