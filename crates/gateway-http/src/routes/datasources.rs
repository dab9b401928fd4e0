//! Managing data sources.

use actix_web::http::header;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, put};
use gateway_core::{DataSource, ErrorKind};
use gateway_service::{Page, SourceFilter};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::AppState;
use crate::dto;
use crate::dto::answers::{Answer, Failure};
use crate::dto::source::{SourceBody, SourceList, SourcePatch, SourceRequest, parse_status};
use crate::dto::source_test::TestBody;
use crate::error::ApiError;
use crate::guard::{Guarded, ReadSources, WriteSources};
use crate::routes::if_match;

/// Which data sources to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// Part of the name, without regard to case.
    name: Option<String>,
    /// `mysql`, `mariadb`, `postgresql`, `oracle` or `sqlite`.
    r#type: Option<String>,
    /// `active` or `inactive`.
    status: Option<String>,
    /// Most items to give, 1 to 1000. Default 100.
    limit: Option<u32>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

/// List the data sources that the caller may see.
#[utoipa::path(tag = "datasources", params(ListQuery),
    responses((status = 200, description = "A page of data sources", body = Answer<SourceList>)),
    security(("bearer" = [])))]
#[get("/api/v1/datasources")]
pub(crate) async fn list(
    guard: Guarded<ReadSources>,
    state: Data<AppState>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query: ListQuery = super::query_string(&request)?;
    let engine = query.r#type.as_deref().map(str::parse).transpose();
    let filter = SourceFilter {
        name: query.name,
        engine: engine.map_err(|error| ApiError::field(ErrorKind::Validation, "type", error))?,
        status: query.status.as_deref().map(parse_status).transpose()?,
    };
    let limit = super::page_limit(query.limit)?;
    let page = state
        .sources
        .list(
            &guard.caller,
            &filter,
            &Page {
                limit,
                cursor: query.cursor,
            },
        )
        .await?;
    let items = page.items.into_iter().map(SourceBody::from).collect();
    let list = SourceList {
        items,
        next_cursor: page.next_cursor,
    };
    Ok(super::success(&request, HttpResponse::Ok(), &list))
}

/// Register a data source.
#[utoipa::path(tag = "datasources", request_body = SourceRequest,
    responses(
        (status = 201, description = "Registered; `Location` and `ETag` are set", body = Answer<SourceBody>),
        (status = 409, description = "CONFLICT: the name is taken", body = Failure),
        (status = 422, description = "VALIDATION_ERROR", body = Failure),
    ),
    security(("bearer" = [])))]
#[post("/api/v1/datasources")]
pub(crate) async fn create(
    guard: Guarded<WriteSources>,
    state: Data<AppState>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, ApiError> {
    let draft = dto::parse::<SourceRequest>(&body)?.into_draft()?;
    let source = state.sources.create(&guard.on_record(&request), draft).await?;
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, format!("/api/v1/datasources/{}", source.id)));
    Ok(with_source(&request, response, source))
}

/// One data source.
#[utoipa::path(tag = "datasources", params(("id" = String, Path, format = Uuid)),
    responses(
        (status = 200, description = "The data source; `ETag` is set", body = Answer<SourceBody>),
        (status = 404, description = "INVALID_DATA_SOURCE", body = Failure),
    ),
    security(("bearer" = [])))]
#[get("/api/v1/datasources/{id}")]
pub(crate) async fn get(
    guard: Guarded<ReadSources>,
    state: Data<AppState>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let source = state
        .sources
        .get(&guard.caller, super::parse_id("id", &id)?)
        .await?;
    Ok(with_source(&request, HttpResponse::Ok(), source))
}

/// Replace a data source. Without a password in it, the stored one stays.
#[utoipa::path(tag = "datasources", request_body = SourceRequest,
    params(("id" = String, Path, format = Uuid), ("If-Match" = Option<String>, Header, description = "The `ETag` that was read")),
    responses(
        (status = 200, description = "The new state", body = Answer<SourceBody>),
        (status = 404, description = "INVALID_DATA_SOURCE", body = Failure),
        (status = 409, description = "CONFLICT: the name is taken", body = Failure),
        (status = 412, description = "PRECONDITION_FAILED: it was changed since", body = Failure),
        (status = 422, description = "VALIDATION_ERROR", body = Failure),
    ),
    security(("bearer" = [])))]
#[put("/api/v1/datasources/{id}")]
pub(crate) async fn replace(
    guard: Guarded<WriteSources>,
    state: Data<AppState>,
    request: HttpRequest,
    id: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, ApiError> {
    let draft = dto::parse::<SourceRequest>(&body)?.into_draft()?;
    let (id, expected) = (super::parse_id("id", &id)?, if_match(request.headers())?);
    let source = state
        .sources
        .change(&guard.on_record(&request), id, expected, |_| draft)
        .await?;
    Ok(with_source(&request, HttpResponse::Ok(), source))
}

/// Change some fields of a data source.
#[utoipa::path(tag = "datasources", request_body = SourcePatch,
    params(("id" = String, Path, format = Uuid), ("If-Match" = Option<String>, Header, description = "The `ETag` that was read")),
    responses(
        (status = 200, description = "The new state", body = Answer<SourceBody>),
        (status = 404, description = "INVALID_DATA_SOURCE", body = Failure),
        (status = 409, description = "CONFLICT: the name is taken", body = Failure),
        (status = 412, description = "PRECONDITION_FAILED: it was changed since", body = Failure),
        (status = 422, description = "VALIDATION_ERROR", body = Failure),
    ),
    security(("bearer" = [])))]
#[patch("/api/v1/datasources/{id}")]
pub(crate) async fn change(
    guard: Guarded<WriteSources>,
    state: Data<AppState>,
    request: HttpRequest,
    id: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, ApiError> {
    let patch = dto::parse::<SourcePatch>(&body)?.into_patch()?;
    let (id, expected) = (super::parse_id("id", &id)?, if_match(request.headers())?);
    let source = state
        .sources
        .change(&guard.on_record(&request), id, expected, |current| {
            patch.apply(current)
        })
        .await?;
    Ok(with_source(&request, HttpResponse::Ok(), source))
}

/// Remove a data source. Running queries end as they would have.
#[utoipa::path(tag = "datasources",
    params(("id" = String, Path, format = Uuid), ("If-Match" = Option<String>, Header, description = "The `ETag` that was read")),
    responses(
        (status = 204, description = "Removed"),
        (status = 404, description = "INVALID_DATA_SOURCE", body = Failure),
        (status = 412, description = "PRECONDITION_FAILED: it was changed since", body = Failure),
    ),
    security(("bearer" = [])))]
#[delete("/api/v1/datasources/{id}")]
pub(crate) async fn delete(
    guard: Guarded<WriteSources>,
    state: Data<AppState>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (id, expected) = (super::parse_id("id", &id)?, if_match(request.headers())?);
    state
        .sources
        .delete(&guard.on_record(&request), id, expected)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Connect to a stored data source: version, latency, and whether its account can write.
#[utoipa::path(tag = "datasources", params(("id" = String, Path, format = Uuid)),
    responses(
        (status = 200, description = "It works", body = Answer<TestBody>),
        (status = 404, description = "INVALID_DATA_SOURCE", body = Failure),
        (status = 503, description = "CONNECTION_ERROR, with the reason", body = Failure),
    ),
    security(("bearer" = [])))]
#[post("/api/v1/datasources/{id}/test")]
pub(crate) async fn test(
    guard: Guarded<WriteSources>,
    state: Data<AppState>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let probe = state
        .sources
        .test(&guard.on_record(&request), super::parse_id("id", &id)?)
        .await?;
    Ok(super::success(
        &request,
        HttpResponse::Ok(),
        &TestBody::from(probe),
    ))
}

/// Connect to a data source before saving it.
#[utoipa::path(tag = "datasources", request_body = SourceRequest,
    responses(
        (status = 200, description = "It works", body = Answer<TestBody>),
        (status = 422, description = "VALIDATION_ERROR", body = Failure),
        (status = 503, description = "CONNECTION_ERROR, with the reason", body = Failure),
    ),
    security(("bearer" = [])))]
#[post("/api/v1/datasources/test")]
pub(crate) async fn test_draft(
    guard: Guarded<WriteSources>,
    state: Data<AppState>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, ApiError> {
    let draft = dto::parse::<SourceRequest>(&body)?.into_draft()?;
    let probe = state
        .sources
        .test_draft(&guard.on_record(&request), draft)
        .await?;
    Ok(super::success(
        &request,
        HttpResponse::Ok(),
        &TestBody::from(probe),
    ))
}

fn with_source(
    request: &HttpRequest,
    mut response: actix_web::HttpResponseBuilder,
    source: DataSource,
) -> HttpResponse {
    response.insert_header((header::ETAG, format!("\"{}\"", source.version)));
    super::success(request, response, &SourceBody::from(source))
}
