//! Finds out once who is asking; the limits and the handlers build on it.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::dev::{Service, ServiceRequest, Transform};
use actix_web::http::header;
use actix_web::{Error, HttpMessage};
use gateway_core::Principal;

use crate::auth::{Authenticator, Refusal};

/// The caller of a request, or why there is none. Public routes do not ask.
#[derive(Debug, Clone)]
pub(crate) struct Identity(pub(crate) Result<Arc<Principal>, Refusal>);

/// The middleware.
pub(crate) struct Identify(Arc<Authenticator>);

impl Identify {
    pub(crate) fn new(authenticator: Arc<Authenticator>) -> Self {
        Self(authenticator)
    }
}

impl<S> Transform<S, ServiceRequest> for Identify
where
    S: Service<ServiceRequest, Error = Error>,
{
    type Response = S::Response;
    type Error = Error;
    type Transform = IdentifyService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(IdentifyService {
            inner,
            authenticator: Arc::clone(&self.0),
        }))
    }
}

pub(crate) struct IdentifyService<S> {
    inner: S,
    authenticator: Arc<Authenticator>,
}

impl<S> Service<ServiceRequest> for IdentifyService<S>
where
    S: Service<ServiceRequest, Error = Error>,
{
    type Response = S::Response;
    type Error = Error;
    type Future = S::Future;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let authorization = request
            .headers()
            .get(header::AUTHORIZATION)
            .map(|value| value.to_str().unwrap_or_default());
        let identity = Identity(self.authenticator.identify(authorization));
        request.extensions_mut().insert(identity);
        self.inner.call(request)
    }
}
