//! Limits how often one caller may ask: by name once identified, by address before.

use std::net::IpAddr;
use std::time::Duration;

use actix_governor::governor::NotUntil;
use actix_governor::governor::clock::{Clock, DefaultClock, QuantaInstant};
use actix_governor::governor::middleware::NoOpMiddleware;
use actix_governor::{
    Governor, GovernorConfig, GovernorConfigBuilder, KeyExtractor, SimpleKeyExtractionError,
};
use actix_web::dev::ServiceRequest;
use actix_web::middleware::Condition;
use actix_web::{HttpMessage, HttpResponse, HttpResponseBuilder, ResponseError};

use super::Identity;
use crate::HttpSettings;
use crate::error::ApiError;

type Config = GovernorConfig<Caller, NoOpMiddleware<QuantaInstant>>;

/// The counters of all callers, shared by all workers.
#[derive(Clone)]
pub struct RateLimit {
    config: Config,
    enabled: bool,
}

impl RateLimit {
    /// Fresh counters.
    #[must_use]
    pub fn new(settings: &HttpSettings) -> Self {
        let rate = settings.rate_per_second.unwrap_or(1).max(1);
        let mut builder = GovernorConfigBuilder::default().key_extractor(Caller);
        builder
            .period(Duration::from_secs(1) / rate)
            .burst_size(settings.rate_burst.max(1));
        // `finish` refuses only a zero period or burst, which cannot be here.
        let config = builder
            .finish()
            .unwrap_or_else(|| unreachable!("period and burst are above zero"));
        Self {
            config,
            enabled: settings.rate_per_second.is_some(),
        }
    }

    /// Forgets callers whose allowance is whole again; to be called now and then, as every caller ever seen would be
    /// remembered otherwise.
    pub fn forget_idle(&self) {
        let limiter = self.config.limiter();
        limiter.retain_recent();
        limiter.shrink_to_fit();
    }

    pub(crate) fn middleware(&self) -> Condition<Governor<Caller, NoOpMiddleware<QuantaInstant>>> {
        Condition::new(self.enabled, Governor::new(&self.config))
    }
}

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum CallerKey {
    /// An identified caller.
    Subject(String),
    /// Nobody yet.
    Address(Option<IpAddr>),
}

/// Finds the key of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller;

impl KeyExtractor for Caller {
    type Key = CallerKey;
    type KeyExtractionError = SimpleKeyExtractionError<&'static str>;

    fn extract(&self, request: &ServiceRequest) -> Result<CallerKey, Self::KeyExtractionError> {
        let key = match request.extensions().get::<Identity>() {
            Some(Identity(Ok(caller))) => CallerKey::Subject(caller.subject.clone()),
            _ => CallerKey::Address(request.peer_addr().map(|address| address.ip())),
        };
        Ok(key)
    }

    fn exceed_rate_limit_response(
        &self,
        negative: &NotUntil<QuantaInstant>,
        _response: HttpResponseBuilder,
    ) -> HttpResponse {
        let wait = negative.wait_time_from(DefaultClock::default().now());
        // Rounded up, so that a caller who obeys is not refused again.
        let seconds = u32::try_from(wait.as_secs())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        ApiError::rate_limited(seconds).error_response()
    }
}
