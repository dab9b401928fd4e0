//! The handlers, one file for each family of paths.

pub(crate) mod apikeys;
pub(crate) mod audit;
pub(crate) mod datasources;
pub(crate) mod drivers;
pub(crate) mod fetch;
pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod queries;
pub(crate) mod query;
pub(crate) mod roles;
pub(crate) mod schema;

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::web::{self, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use gateway_core::{DataSourceId, ErrorKind};
use gateway_service::Page;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::error::ApiError;
use crate::middleware::CorrelationId;
use crate::openapi;
use crate::render::envelope;

/// Registers every route of the contract.
pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(query::run)
        .service(query::explain)
        .service(query::validate)
        .service(fetch::begin)
        .service(fetch::next)
        .service(fetch::free)
        .service(queries::list)
        .service(queries::cancel)
        .service(datasources::list)
        .service(datasources::create)
        .service(datasources::test_draft)
        // Otherwise its other methods would be taken for those of a source with that id.
        .service(web::resource("/api/v1/datasources/test").default_service(web::to(not_found)))
        .service(datasources::get)
        .service(datasources::replace)
        .service(datasources::change)
        .service(datasources::delete)
        .service(datasources::test)
        .service(schema::read)
        .service(apikeys::list)
        .service(apikeys::create)
        .service(apikeys::remove)
        .service(roles::list)
        .service(roles::create)
        .service(roles::get)
        .service(roles::replace)
        .service(roles::remove)
        .service(audit::list)
        .service(drivers::list)
        .service(health::live)
        .service(health::ready)
        .service(health::detail)
        .service(metrics::scrape)
        .service(web::redirect("/docs", "/docs/"));
}

/// The answer to a path that no route has, or a method that a path does not take.
pub(crate) async fn not_found(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let Some(pattern) = request.match_pattern() else {
        return Err(ApiError::new(
            ErrorKind::NotFound,
            "There is nothing at this path",
        ));
    };
    let refusal = ApiError::new(ErrorKind::MethodNotAllowed, "This path does not take this method");
    let mut response = refusal.error_response();
    let allowed = HeaderValue::from_static(openapi::allowed_methods(&pattern));
    response.headers_mut().insert(header::ALLOW, allowed);
    Ok(response)
}

/// How many items a page may have.
fn page_limit(asked: Option<u32>) -> Result<u32, ApiError> {
    let limit = asked.unwrap_or(Page::default().limit);
    if limit == 0 || limit > Page::MAX_LIMIT {
        let message = format!("must be between 1 and {}", Page::MAX_LIMIT);
        return Err(ApiError::field(ErrorKind::Validation, "limit", message));
    }
    Ok(limit)
}

/// Which part of a list is wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageParameters {
    /// Most items to give, 1 to 1000. Default 100.
    limit: Option<u32>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

/// A page of `items`, which are in the order of their keys, and the key after which the next page begins.
pub(crate) fn slice<T>(
    items: Vec<T>,
    page: &PageParameters,
    key: impl Fn(&T) -> &String,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    let limit = page_limit(page.limit)? as usize;
    let mut rest = items
        .into_iter()
        .skip_while(|item| page.cursor.as_ref().is_some_and(|cursor| key(item) <= cursor));
    let taken: Vec<T> = rest.by_ref().take(limit).collect();
    let next = taken.last().map(|item| key(item).clone());
    Ok((taken, next.filter(|_| rest.next().is_some())))
}

/// The parameters behind the question mark.
fn query_string<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, ApiError> {
    match Query::<T>::from_query(request.query_string()) {
        Ok(query) => Ok(query.into_inner()),
        Err(error) => Err(ApiError::quoting(
            ErrorKind::InvalidRequest,
            format!("The query string is not valid: {error}"),
            "the query string is not valid",
        )),
    }
}

/// The version that the caller has seen (RFC 9110, section 13.1.1); `*` and no header mean any.
pub(crate) fn if_match(headers: &HeaderMap) -> Result<Option<u64>, ApiError> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let strong = text.strip_prefix("W/").unwrap_or(text);
    let tag = strong.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let Some(tag) = tag else {
        return Err(ApiError::new(
            ErrorKind::InvalidRequest,
            "If-Match must be an ETag, in quotes, or *",
        ));
    };
    // Weak tags never match (RFC 9110, section 13.1.1).
    match tag.parse().ok().filter(|_| strong == text) {
        Some(version) => Ok(Some(version)),
        // A tag that we never gave matches nothing.
        None => Err(ApiError::new(
            ErrorKind::PreconditionFailed,
            "If-Match is not an ETag of this resource",
        )),
    }
}

fn parse_id(field: &str, text: &str) -> Result<DataSourceId, ApiError> {
    text.parse()
        .map_err(|_| ApiError::field(ErrorKind::Validation, field, "must be a UUID"))
}

/// A success with `data` in the envelope.
fn success(
    request: &HttpRequest,
    mut response: actix_web::HttpResponseBuilder,
    data: &impl Serialize,
) -> HttpResponse {
    let body = envelope::success(data, &CorrelationId::from(request).0);
    response.content_type("application/json").body(body)
}
