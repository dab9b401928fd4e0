//! Is it alive, is it ready, how are its sources.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use gateway_core::{Classify, DataSource, ErrorKind};
use gateway_service::{Health, PoolCounters, PoolStatus, SourceHealth};
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
#[serde(rename_all = "camelCase")]
pub(crate) struct SourceHealthBody {
    #[schema(format = Uuid)]
    id: String,
    name: String,
    r#type: &'static str,
    status: &'static str,
    /// Whether the database can be reached: `up`, `down`, or `unknown` if nobody has tried.
    health: &'static str,
    /// Since when its health is that.
    #[schema(format = DateTime)]
    since: Option<String>,
    /// The last time the database answered.
    #[schema(format = DateTime)]
    last_success_at: Option<String>,
    /// The last failure to reach the database or to keep a connection, also one that is over.
    last_error: Option<LastErrorBody>,
    /// How long the last check in the background took, in milliseconds.
    latency_ms: Option<f64>,
    /// `closed`; `open` while nothing connects to the database because that failed too often; `half_open` during the attempt
    /// that decides.
    breaker: Option<&'static str>,
    pool: Option<PoolBody>,
    /// Why there is no pool.
    reason: Option<&'static str>,
}

/// A failure to reach a data source.
#[derive(Serialize, ToSchema)]
pub(crate) struct LastErrorBody {
    code: &'static str,
    message: String,
    #[schema(format = DateTime)]
    at: String,
}

/// The sessions of a data source: how many there are, and what has happened to them since its pool was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PoolBody {
    max: usize,
    open: usize,
    idle: usize,
    waiting: usize,
    /// Sessions opened.
    created: u64,
    /// Sessions given up because they were dead or not certain to be clean.
    discarded: u64,
    /// Sessions closed because they were idle for too long or too old.
    expired: u64,
    /// Failed attempts to open one.
    connect_failures: u64,
    /// Queries refused at once because the breaker was open.
    suspended: u64,
    /// Queries that waited for a session in vain.
    acquire_timeouts: u64,
}

impl SourceHealthBody {
    fn of(source: DataSource, health: SourceHealth) -> Self {
        let (pool, reason) = match health.pool {
            Ok(pool) => (Some(pool), None),
            Err(absent) => (None, Some(absent.reason)),
        };
        let vitals = pool.as_ref().map(|pool| &pool.vitals);
        let last_error = vitals.and_then(|vitals| vitals.last_error.as_ref());
        Self {
            id: source.id.to_string(),
            name: source.name,
            r#type: source.engine.as_str(),
            status: source.status.as_str(),
            health: vitals.map_or(Health::Unknown, |vitals| vitals.health).as_str(),
            since: vitals.and_then(|vitals| vitals.since).map(|at| at.to_string()),
            last_success_at: vitals
                .and_then(|vitals| vitals.last_success)
                .map(|at| at.to_string()),
            last_error: last_error.map(|error| LastErrorBody {
                code: error.kind.code(),
                message: error.message.to_string(),
                at: error.at.to_string(),
            }),
            latency_ms: vitals
                .and_then(|vitals| vitals.latency)
                .map(|latency| latency.as_secs_f64() * 1000.0),
            breaker: pool.as_ref().map(|pool| pool.breaker.as_str()),
            pool: pool.map(|pool| PoolBody::of(pool.status, pool.counters)),
            reason,
        }
    }
}

impl PoolBody {
    fn of(status: PoolStatus, counters: PoolCounters) -> Self {
        Self {
            max: status.max,
            open: status.open,
            idle: status.idle,
            waiting: status.waiting,
            created: counters.created,
            discarded: counters.discarded,
            expired: counters.expired,
            connect_failures: counters.connect_failures,
            suspended: counters.suspended,
            acquire_timeouts: counters.acquire_timeouts,
        }
    }
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
        .map(|(source, health)| SourceHealthBody::of(source, health))
        .collect();
    let body = HealthBody {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        sources,
    };
    Ok(super::success(&request, HttpResponse::Ok(), &body))
}
