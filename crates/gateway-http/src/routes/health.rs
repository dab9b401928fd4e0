//! Is it alive, is it ready, how are its sources.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use gateway_core::{Classify, ErrorKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;
use crate::dto::answers::{Answer, Failure};
use crate::error::ApiError;
use crate::guard::{Guarded, ReadSources};
use crate::phase::Phase;

/// A state in one word.
#[derive(Serialize, ToSchema)]
pub(crate) struct StatusBody {
    /// `ok`
    status: &'static str,
}

/// The gateway and its data sources.
#[derive(Serialize, ToSchema)]
pub(crate) struct HealthBody {
    status: &'static str,
    version: &'static str,
    sources: Vec<SourceHealthBody>,
}

/// One data source.
#[derive(Serialize, ToSchema)]
pub(crate) struct SourceHealthBody {
    #[schema(format = Uuid)]
    id: String,
    name: String,
    r#type: &'static str,
    status: &'static str,
    pool: Option<PoolBody>,
    /// Why there is no pool.
    reason: Option<&'static str>,
}

/// The sessions of a data source.
#[derive(Serialize, ToSchema)]
pub(crate) struct PoolBody {
    max: usize,
    open: usize,
    idle: usize,
    waiting: usize,
}

/// The process is alive.
#[utoipa::path(tag = "health", responses((status = 200, description = "Alive", body = Answer<StatusBody>)))]
#[get("/health/live")]
pub(crate) async fn live(request: HttpRequest) -> HttpResponse {
    super::success(&request, HttpResponse::Ok(), &StatusBody { status: "ok" })
}

/// The gateway takes work: its store answers and it is not shutting down. A dead data source does not matter here.
#[utoipa::path(tag = "health", responses(
    (status = 200, description = "Ready", body = Answer<StatusBody>),
    (status = 503, description = "OVERLOADED while shutting down; CONNECTION_ERROR without the store", body = Failure),
))]
#[get("/health/ready")]
pub(crate) async fn ready(state: Data<AppState>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    if state.lifecycle.phase() != Phase::Open {
        return Err(ApiError::new(
            ErrorKind::Overloaded,
            "The gateway is shutting down",
        ));
    }
    if let Err(error) = state.sources.ping().await {
        slog::warn!(state.log, "not ready"; "error" => %error, "kind" => error.kind().code());
        return Err(ApiError::new(
            ErrorKind::Connection,
            "The metadata store does not answer",
        ));
    }
    Ok(super::success(
        &request,
        HttpResponse::Ok(),
        &StatusBody { status: "ok" },
    ))
}

/// The data sources that the caller may see, with their pools.
#[utoipa::path(tag = "health",
    responses((status = 200, description = "Per data source", body = Answer<HealthBody>)),
    security(("bearer" = [])))]
#[get("/api/v1/health")]
pub(crate) async fn detail(
    guard: Guarded<ReadSources>,
    state: Data<AppState>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let sources = state
        .sources
        .health(&guard.caller)
        .into_iter()
        .map(|(source, health)| SourceHealthBody {
            id: source.id.to_string(),
            name: source.name,
            r#type: source.engine.as_str(),
            status: source.status.as_str(),
            pool: health.pool.ok().map(|pool| PoolBody {
                max: pool.max,
                open: pool.open,
                idle: pool.idle,
                waiting: pool.waiting,
            }),
            reason: health.pool.err().map(|absent| absent.reason),
        })
        .collect();
    let body = HealthBody {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        sources,
    };
    Ok(super::success(&request, HttpResponse::Ok(), &body))
}
