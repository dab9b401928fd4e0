//! Finds out once who is asking; the limits and the handlers build on it.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::header::{self, HeaderName};
use actix_web::{Error, HttpMessage};
use gateway_core::trace::{SpanKind, Stage, Trace};
use gateway_core::{ErrorKind, Principal};
use gateway_service::RefusedLogin;
use slog::warn;

use super::answers::CorrelationId;
use super::client_address::ClientAddress;
use super::traced::trace_of;
use crate::AppState;
use crate::auth::{ClientCertificate, Credentials, Refusal};
use crate::meters;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The caller of a request, or why there is none. Public routes do not ask.
#[derive(Debug, Clone)]
pub(crate) struct Identity(pub(crate) Result<Arc<Principal>, Refusal>);

/// The middleware.
pub(crate) struct Identify(AppState);

impl Identify {
    pub(crate) fn new(state: AppState) -> Self {
        Self(state)
    }
}

impl<S, B> Transform<S, ServiceRequest> for Identify
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = IdentifyService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(IdentifyService {
            inner: Rc::new(inner),
            state: self.0.clone(),
        }))
    }
}

pub(crate) struct IdentifyService<S> {
    inner: Rc<S>,
    state: AppState,
}

/// What follows: at once in nearly all cases, else once the keys that verify tokens have been had anew.
pub(crate) enum Following<F, R> {
    Now(F),
    Later(Pin<Box<dyn Future<Output = R>>>),
}

impl<F: Future> Future for Following<F, F::Output>
where
    F: Unpin,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        match self.get_mut() {
            Self::Now(future) => Pin::new(future).poll(context),
            Self::Later(future) => future.as_mut().poll(context),
        }
    }
}

impl<S, B> Service<ServiceRequest> for IdentifyService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = Following<Pin<Box<S::Future>>, Result<ServiceResponse<B>, Error>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let address = ClientAddress::of(&request, &self.state.settings.load().trusted_proxies);
        request.extensions_mut().insert(address);
        let authenticating = trace_of(request.request()).stage("authenticate", SpanKind::Internal);
        let found = identify(&self.state, &request);
        let may_be_new = matches!(found, Err(Refusal::UnknownKey | Refusal::NoKeys));
        if may_be_new && self.state.authenticator.load().key_source().is_some() {
            let (state, inner) = (self.state.clone(), Rc::clone(&self.inner));
            return Following::Later(Box::pin(async move {
                refresh_keys(&state, &authenticating.trace()).await;
                let found = identify(&state, &request);
                conclude(&state, &request, address, found, authenticating);
                inner.call(request).await
            }));
        }
        conclude(&self.state, &request, address, found, authenticating);
        Following::Now(Box::pin(self.inner.call(request)))
    }
}

fn identify(state: &AppState, request: &ServiceRequest) -> Result<Arc<Principal>, Refusal> {
    let text = |name| {
        let value = request.headers().get(name);
        value.map(|value| value.to_str().unwrap_or_default())
    };
    let certificate = certificate(request);
    state.authenticator.load().identify(&Credentials {
        authorization: text(header::AUTHORIZATION),
        api_key: text(API_KEY),
        certificate: certificate.as_ref().map(|known| &*known.0),
    })
}

/// The certificate of the request's connection.
fn certificate(request: &ServiceRequest) -> Option<ClientCertificate> {
    let of_connection = request.conn_data::<ClientCertificate>().cloned();
    of_connection.or_else(|| request.extensions().get::<ClientCertificate>().cloned())
}

fn conclude(
    state: &AppState,
    request: &ServiceRequest,
    address: ClientAddress,
    found: Result<Arc<Principal>, Refusal>,
    authenticating: Stage,
) {
    let found = found.map_err(|refusal| state.authenticator.load().conclude(refusal, address.0));
    end(authenticating, &found);
    if let Err(refusal) = &found
        && refusal.is_failed_login()
    {
        meters::login_refused(refusal.reason());
        record_login(state, request, address, refusal);
    }
    request.extensions_mut().insert(Identity(found));
}

/// Ends the stage. That no credentials were shown is no failure: some routes need none.
fn end(mut authenticating: Stage, found: &Result<Arc<Principal>, Refusal>) {
    match found {
        Ok(caller) => {
            authenticating.set("nexus.identified_by", caller.identified_by.as_str());
            authenticating.succeeded();
        }
        Err(refusal) if refusal.is_failed_login() => {
            authenticating.set("nexus.refusal", refusal.reason());
            authenticating.failed(ErrorKind::Unauthorized.code());
        }
        Err(_) => authenticating.succeeded(),
    }
}

/// Puts on record that credentials were shown and not accepted.
fn record_login(state: &AppState, request: &ServiceRequest, address: ClientAddress, refusal: &Refusal) {
    state.auditor.refused_login(RefusedLogin {
        remote: address.0.map(|address| address.to_string()),
        correlation_id: CorrelationId::from(request.request()).0.to_string(),
        tried: refusal.tried(),
        claimed: refusal.key_prefix().map(str::to_owned),
        reason: refusal.reason().to_owned(),
    });
}

async fn refresh_keys(state: &AppState, trace: &Trace) {
    if let Err(error) = state.authenticator.load_full().refresh_keys(trace).await {
        warn!(state.log, "the keys that verify tokens cannot be had; the known ones stay in use"; "error" => %error);
    }
}
