//! Permission in a handler's signature: a handler that takes `Guarded<RunQuery>` runs only for callers who may.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use gateway_core::{ErrorKind, Principal, Scope};
use gateway_service::Caller;

use crate::AppState;
use crate::error::ApiError;
use crate::middleware::{self, ClientAddress, CorrelationId, Identity};

/// What a handler needs its caller to be allowed.
pub(crate) trait Permission: 'static {
    /// The scope that allows it; `None` if any identified caller may.
    const SCOPE: Option<Scope>;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $scope:expr;)*) => {
        $($(#[$doc])* pub(crate) struct $name;
        impl Permission for $name {
            const SCOPE: Option<Scope> = $scope;
        })*
    };
}

permissions! {
    /// Run, validate and explain statements.
    RunQuery = Some(Scope::Query);
    /// See data sources.
    ReadSources = Some(Scope::SourcesRead);
    /// Change and test data sources.
    WriteSources = Some(Scope::SourcesWrite);
    /// Manage API keys and roles.
    ManageAccess = Some(Scope::Admin);
    /// See the audit log.
    ReadAudit = Some(Scope::AuditRead);
    /// Scrape metrics.
    ReadMetrics = Some(Scope::MetricsRead);
    /// Anything that every identified caller may see.
    Known = None;
}

/// A caller who has permission `P`.
pub(crate) struct Guarded<P: Permission> {
    /// Who it is.
    pub(crate) caller: Arc<Principal>,
    permission: PhantomData<P>,
}

impl<P: Permission> Guarded<P> {
    /// The caller with all that an audit record needs.
    pub(crate) fn on_record(&self, request: &HttpRequest) -> Caller {
        Caller {
            principal: Arc::clone(&self.caller),
            correlation_id: CorrelationId::from(request).0.to_string(),
            remote: ClientAddress::from(request).map(|address| address.to_string()),
            trace: middleware::trace_of(request),
        }
    }
}

impl<P: Permission> FromRequest for Guarded<P> {
    type Error = ApiError;
    type Future = Admission<P>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        match admit::<P>(request) {
            Ok(admitted) => Admission::Decided(Some(Ok(admitted))),
            Err(Barred::Unknown(error)) => Admission::Decided(Some(Err(error))),
            Err(Barred::OutOfScope(caller, error)) => {
                Admission::Recording(record_refusal(request, &caller, error))
            }
        }
    }
}

/// What becomes of a caller.
pub(crate) enum Admission<P: Permission> {
    /// It is known; taken when it is told.
    Decided(Option<Result<Guarded<P>, ApiError>>),
    /// They are refused as soon as that is on record.
    Recording(Pin<Box<dyn Future<Output = ApiError>>>),
}

impl<P: Permission> Unpin for Admission<P> {}

impl<P: Permission> Future for Admission<P> {
    type Output = Result<Guarded<P>, ApiError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Decided(decision) => decision.take().map_or(Poll::Pending, Poll::Ready),
            Self::Recording(recording) => recording.as_mut().poll(context).map(Err),
        }
    }
}

/// Why a caller may not.
enum Barred<P: Permission> {
    /// We do not know them.
    Unknown(ApiError),
    /// We know them, and their scopes do not include this.
    OutOfScope(Guarded<P>, ApiError),
}

fn admit<P: Permission>(request: &HttpRequest) -> Result<Guarded<P>, Barred<P>> {
    let identity = request.extensions().get::<Identity>().cloned();
    let caller = match identity {
        Some(Identity(Ok(caller))) => caller,
        Some(Identity(Err(refusal))) => {
            return Err(Barred::Unknown(ApiError::refused(&refusal)));
        }
        None => {
            let error = ApiError::new(ErrorKind::Internal, "Internal error");
            return Err(Barred::Unknown(error));
        }
    };
    let guarded = Guarded {
        caller,
        permission: PhantomData,
    };
    if is_forged(&guarded.caller, request) {
        let error = ApiError::new(
            ErrorKind::Forbidden,
            "A page of another origin may not do this: its origin is not among server.cors.allowed_origins",
        );
        return Err(Barred::OutOfScope(guarded, error));
    }
    match P::SCOPE.filter(|scope| !guarded.caller.may(*scope)) {
        None => Ok(guarded),
        Some(scope) => Err(Barred::OutOfScope(guarded, ApiError::lacks_scope(scope))),
    }
}

fn is_forged(caller: &Principal, request: &HttpRequest) -> bool {
    let Some(state) = request.app_data::<Data<AppState>>() else {
        return true;
    };
    let settings = state.settings.load();
    middleware::is_forged(
        caller.identified_by,
        request.method(),
        request.headers(),
        &settings.cors.allowed_origins,
    )
}

/// Puts on record that a caller was refused, and gives the error to answer with.
fn record_refusal<P: Permission>(
    request: &HttpRequest,
    guarded: &Guarded<P>,
    error: ApiError,
) -> Pin<Box<dyn Future<Output = ApiError>>> {
    let state = request.app_data::<Data<AppState>>().cloned();
    let caller = guarded.on_record(request);
    let route = request
        .match_pattern()
        .unwrap_or_else(|| request.path().to_owned());
    let target = format!("{} {route}", request.method());
    Box::pin(async move {
        let Some(state) = state else { return error };
        match state.auditor.refused_access(&caller, &target).await {
            Ok(()) => error,
            Err(unrecorded) => unrecorded.into(),
        }
    })
}
