//! Which engines this gateway can talk to.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use gateway_service::Capabilities;
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;
use crate::dto::answers::Answer;
use crate::error::ApiError;
use crate::guard::{Guarded, Known};

/// One engine.
#[derive(Serialize, ToSchema)]
pub(crate) struct DriverBody {
    /// The name to use as a data source's `type`.
    r#type: &'static str,
    available: bool,
    /// Why it is not available.
    reason: Option<&'static str>,
    capabilities: Option<CapabilitiesBody>,
}

/// What an engine can do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CapabilitiesBody {
    /// A running statement can be stopped on the server.
    server_cancel: bool,
    /// Statements run in a transaction that the engine itself keeps read-only.
    read_only_transaction: bool,
    /// A list can be bound as one value.
    array_parameters: bool,
    /// Parameter types are inferred from the statement.
    infers_parameter_types: bool,
}

impl From<Capabilities> for CapabilitiesBody {
    fn from(capabilities: Capabilities) -> Self {
        Self {
            server_cancel: capabilities.server_cancel,
            read_only_transaction: capabilities.read_only_transaction,
            array_parameters: capabilities.array_parameters,
            infers_parameter_types: capabilities.infers_parameter_types,
        }
    }
}

/// The engines, what they can do, and why an absent one is absent.
#[utoipa::path(tag = "drivers",
    responses((status = 200, description = "All engines", body = Answer<Vec<DriverBody>>)),
    security(("bearer" = [])))]
#[get("/api/v1/drivers")]
pub(crate) async fn list(
    _guard: Guarded<Known>,
    state: Data<AppState>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let engines = state.sources.drivers();
    let bodies: Vec<DriverBody> = engines
        .into_iter()
        .map(|(engine, found)| DriverBody {
            r#type: engine.as_str(),
            available: found.is_ok(),
            reason: found.err().map(|absent| absent.reason),
            capabilities: found.ok().map(CapabilitiesBody::from),
        })
        .collect();
    Ok(super::success(&request, HttpResponse::Ok(), &bodies))
}
