//! The queries that run now.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get};
use gateway_core::ErrorKind;
use gateway_service::RunningQueryInfo;
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;
use crate::dto::answers::{Answer, Failure};
use crate::error::ApiError;
use crate::guard::{Guarded, RunQuery};

/// The queries that run now, the oldest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunningList {
    items: Vec<RunningBody>,
}

/// A query that runs now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunningBody {
    #[schema(format = Uuid)]
    query_id: String,
    /// Who asked for it.
    subject: String,
    #[schema(format = Uuid)]
    data_source_id: String,
    database_type: &'static str,
    started_at: String,
    elapsed_ms: f64,
    /// The statement as it was sent.
    sql: String,
}

impl From<RunningQueryInfo> for RunningBody {
    fn from(info: RunningQueryInfo) -> Self {
        Self {
            query_id: info.id.to_string(),
            subject: info.subject.clone(),
            data_source_id: info.source.to_string(),
            database_type: info.engine.as_str(),
            started_at: info.started_at.to_string(),
            elapsed_ms: (info.elapsed().as_secs_f64() * 100_000.0).round() / 100.0,
            sql: info.statement.to_string(),
        }
    }
}

/// The queries that run now: the caller's own; with the scope `admin`, everybody's.
#[utoipa::path(tag = "query",
    responses((status = 200, description = "Running queries", body = Answer<RunningList>)),
    security(("bearer" = [])))]
#[get("/api/v1/queries")]
pub(crate) async fn list(
    guard: Guarded<RunQuery>,
    state: Data<AppState>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let items = state
        .queries
        .running(&guard.caller)
        .into_iter()
        .map(RunningBody::from)
        .collect();
    Ok(super::success(
        &request,
        HttpResponse::Ok(),
        &RunningList { items },
    ))
}

/// Stop a query on the database server. Whoever waits for its answer gets QUERY_CANCELLED.
#[utoipa::path(tag = "query", params(("queryId" = String, Path, format = Uuid)),
    responses(
        (status = 202, description = "It is told to stop"),
        (status = 404, description = "NOT_FOUND: it has ended, never was, or is somebody else's", body = Failure),
    ),
    security(("bearer" = [])))]
#[delete("/api/v1/queries/{queryId}")]
pub(crate) async fn cancel(
    guard: Guarded<RunQuery>,
    state: Data<AppState>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let id = id
        .parse()
        .map_err(|_| ApiError::field(ErrorKind::Validation, "queryId", "must be a UUID"))?;
    state.queries.cancel(&guard.on_record(&request), id).await?;
    Ok(HttpResponse::Accepted().finish())
}
