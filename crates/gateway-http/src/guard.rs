//! Permission in a handler's signature: a handler that takes `Guarded<RunQuery>` runs only for callers who may.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use gateway_core::{ErrorKind, Principal, Scope};
use gateway_service::Caller;

use crate::error::ApiError;
use crate::middleware::{ClientAddress, CorrelationId, Identity};

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
        }
    }
}

impl<P: Permission> FromRequest for Guarded<P> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admit::<P>(request))
    }
}

fn admit<P: Permission>(request: &HttpRequest) -> Result<Guarded<P>, ApiError> {
    let identity = request.extensions().get::<Identity>().cloned();
    let caller = match identity {
        Some(Identity(Ok(caller))) => caller,
        Some(Identity(Err(refusal))) => {
            return Err(ApiError::refused(&refusal));
        }
        None => return Err(ApiError::new(ErrorKind::Internal, "Internal error")),
    };
    if let Some(scope) = P::SCOPE.filter(|scope| !caller.may(*scope)) {
        return Err(ApiError::lacks_scope(scope));
    }
    Ok(Guarded {
        caller,
        permission: PhantomData,
    })
}
