//! Running and checking statements.

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, post};
use gateway_core::Classify;
use gateway_service::QueryService;

use crate::AppState;
use crate::dto;
use crate::dto::answers::{Answer, Failure, QueryFailures, QueryResult};
use crate::dto::query::{CheckFor, QueryRequest, ValidateRequest, Verdict};
use crate::error::ApiError;
use crate::guard::{Guarded, RunQuery};
use crate::middleware::Facts;
use crate::render::{self, Format};

/// Run one read-only statement.
///
/// The answer holds the columns, the rows and what is known about the execution: as JSON in one piece, or, by `Accept`, as
/// NDJSON, CSV or an Arrow stream that flow however many rows there are. An answer that breaks off without its end is incomplete.
#[utoipa::path(
    tag = "query",
    request_body = QueryRequest,
    responses(
        (status = 200, description = "Columns, rows and metadata", content(
            (Answer<QueryResult> = "application/json"),
            (String = "application/x-ndjson"),
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.apache.arrow.stream"),
        )),
        QueryFailures,
    ),
    security(("bearer" = []))
)]
#[post("/api/v1/query")]
pub(crate) async fn run(
    guard: Guarded<RunQuery>,
    state: Data<AppState>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, ApiError> {
    state.require_open()?;
    let format = Format::wanted(request.headers());
    let (command, style) = dto::parse::<QueryRequest>(&body)?.into_parts(format)?;
    Facts::of(&request).about(command.source);
    let query = state.queries.run(&guard.on_record(&request), command).await?;
    render::respond(query, format, style, &request).await
}

/// The engine's plan for a query, which is not executed.
///
/// Takes what `/api/v1/query` takes and answers in the same form; the rows are the plan as the engine shows it.
#[utoipa::path(
    tag = "query",
    request_body = QueryRequest,
    responses(
        (status = 200, description = "The plan", body = Answer<QueryResult>),
        QueryFailures,
    ),
    security(("bearer" = []))
)]
#[post("/api/v1/query/explain")]
pub(crate) async fn explain(
    guard: Guarded<RunQuery>,
    state: Data<AppState>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, ApiError> {
    state.require_open()?;
    let format = Format::wanted(request.headers());
    let (command, style) = dto::parse::<QueryRequest>(&body)?.into_parts(format)?;
    Facts::of(&request).about(command.source);
    let query = state.queries.explain(&guard.on_record(&request), command).await?;
    render::respond(query, format, style, &request).await
}

/// Check a statement without running it or touching a database.
#[utoipa::path(
    tag = "query",
    request_body = ValidateRequest,
    responses(
        (status = 200, description = "The verdict, favourable or not", body = Answer<Verdict>),
        (status = 404, description = "INVALID_DATA_SOURCE", body = Failure),
        (status = 422, description = "VALIDATION_ERROR", body = Failure),
    ),
    security(("bearer" = []))
)]
#[post("/api/v1/query/validate")]
pub(crate) async fn validate(
    guard: Guarded<RunQuery>,
    state: Data<AppState>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, ApiError> {
    let (target, sql) = dto::parse::<ValidateRequest>(&body)?.into_parts()?;
    let outcome = match target {
        CheckFor::Source(id) => state.queries.check(&guard.caller, id, &sql)?,
        CheckFor::Engine(engine) => QueryService::check_for(engine, &sql),
    };
    let verdict = match outcome {
        Ok(_) => Verdict {
            allowed: true,
            code: None,
            rule: None,
            reason: None,
            line: None,
            column: None,
        },
        Err(rejection) => Verdict {
            allowed: false,
            code: Some(rejection.kind().code()),
            rule: Some(rejection.rule().as_str()),
            reason: Some(rejection.to_string()),
            line: rejection.position().map(|at| at.line),
            column: rejection.position().map(|at| at.column),
        },
    };
    Ok(super::success(&request, HttpResponse::Ok(), &verdict))
}
