//! Paged reading.

use actix_web::http::header;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use gateway_service::{PageAddress, ReadPage};

use crate::AppState;
use crate::dto;
use crate::dto::answers::{Answer, Failure, PageResult, QueryFailures};
use crate::dto::query::QueryRequest;
use crate::dto::style::StyleQuery;
use crate::error::ApiError;
use crate::guard::{Guarded, RunQuery};
use crate::middleware::{CorrelationId, Facts};
use crate::render::{self, Format, Style};

/// Begin to read a result in pages.
///
/// Takes what `/api/v1/query` takes; `limit` is the number of rows a page has, and `timeoutMs` the longest wait for one. As
/// long as there is more, `nextUri` is the address of the next page. All pages come from one snapshot. A read that nobody
/// continues is closed after a while.
#[utoipa::path(
    tag = "query",
    request_body = QueryRequest,
    responses(
        (status = 200, description = "The first page; its header `Link` also names the next", content(
            (Answer<PageResult> = "application/json"),
            (String = "application/x-ndjson"),
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.apache.arrow.stream"),
        )),
        QueryFailures,
    ),
    security(("bearer" = []))
)]
#[post("/api/v1/fetch")]
pub(crate) async fn begin(
    guard: Guarded<RunQuery>,
    state: Data<AppState>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, ApiError> {
    state.require_open()?;
    let format = Format::wanted(request.headers());
    let (command, style) = dto::parse::<QueryRequest>(&body)?.into_parts(format)?;
    Facts::of(&request).about(command.source);
    let page = state.fetches.begin(&guard.on_record(&request), command).await?;
    respond(&state, &page, format, style, &request)
}

/// The next page of a result, or the last one once more.
#[utoipa::path(
    tag = "query",
    params(
        ("queryId" = String, Path, format = Uuid),
        ("slug" = String, Path, description = "The read's secret"),
        ("token" = u64, Path, description = "The page's number"),
        StyleQuery,
    ),
    responses(
        (status = 200, description = "The page", content(
            (Answer<PageResult> = "application/json"),
            (String = "application/x-ndjson"),
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.apache.arrow.stream"),
        )),
        (status = 400, description = "INVALID_REQUEST", body = Failure),
        (status = 401, description = "UNAUTHORIZED", body = Failure),
        (status = 403, description = "FORBIDDEN", body = Failure),
        (status = 404, description = "NOT_FOUND: no such page, or the read is closed or somebody else's", body = Failure),
        (status = 421, description = "WRONG_REPLICA", body = Failure),
        (status = 422, description = "QUERY_ERROR", body = Failure),
        (status = 429, description = "RATE_LIMIT_EXCEEDED", body = Failure),
        (status = 499, description = "QUERY_CANCELLED", body = Failure),
        (status = 503, description = "CONNECTION_ERROR or OVERLOADED", body = Failure),
        (status = 504, description = "TIMEOUT_ERROR", body = Failure),
    ),
    security(("bearer" = []))
)]
#[get("/api/v1/fetch/{queryId}/{slug}/{token}")]
pub(crate) async fn next(
    guard: Guarded<RunQuery>,
    state: Data<AppState>,
    request: HttpRequest,
    address: Path<(String, String, String)>,
) -> Result<HttpResponse, ApiError> {
    state.require_open()?;
    let style: StyleQuery = super::query_string(&request)?;
    let format = Format::wanted(request.headers());
    let page = state
        .fetches
        .page(&guard.caller, &parse(address.into_inner())?)
        .await?;
    respond(&state, &page, format, style.into_style(), &request)
}

/// Close a read before its end.
#[utoipa::path(
    tag = "query",
    params(
        ("queryId" = String, Path, format = Uuid),
        ("slug" = String, Path, description = "The read's secret"),
        ("token" = u64, Path, description = "The number of any of its pages"),
    ),
    responses(
        (status = 204, description = "It is closed, and its session is free"),
        (status = 401, description = "UNAUTHORIZED", body = Failure),
        (status = 403, description = "FORBIDDEN", body = Failure),
        (status = 404, description = "NOT_FOUND: it is closed already, never was, or is somebody else's", body = Failure),
        (status = 421, description = "WRONG_REPLICA", body = Failure),
        (status = 429, description = "RATE_LIMIT_EXCEEDED", body = Failure),
    ),
    security(("bearer" = []))
)]
#[delete("/api/v1/fetch/{queryId}/{slug}/{token}")]
pub(crate) async fn free(
    guard: Guarded<RunQuery>,
    state: Data<AppState>,
    address: Path<(String, String, String)>,
) -> Result<HttpResponse, ApiError> {
    state.fetches.free(&guard.caller, &parse(address.into_inner())?)?;
    Ok(HttpResponse::NoContent().finish())
}

/// An address that is not well-formed is one that does not exist.
fn parse((id, slug, token): (String, String, String)) -> Result<PageAddress, ApiError> {
    let parsed = id.parse().ok().zip(token.parse().ok());
    let (id, number) = parsed.ok_or(gateway_service::ServiceError::NoSuchPage)?;
    Ok(PageAddress { id, slug, number })
}

fn respond(
    state: &AppState,
    page: &ReadPage,
    format: Format,
    style: Style,
    request: &HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let facts = Facts::of(request);
    facts.about(page.source);
    facts.completed(page.summary.rows);
    let following = state.fetches.next_address(page).map(|address| {
        let PageAddress { id, slug, number } = address;
        format!("/api/v1/fetch/{id}/{slug}/{number}{}", StyleQuery::of(style))
    });
    let mut response = render::page(
        page,
        format,
        style,
        following.as_deref(),
        &CorrelationId::from(request).0,
    )?;
    if let Some(link) = following.and_then(|uri| format!("<{uri}>; rel=\"next\"").parse().ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}
