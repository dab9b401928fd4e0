//! The handlers, one file for each family of paths.

pub(crate) mod audit;
pub(crate) mod datasources;
pub(crate) mod drivers;
pub(crate) mod fetch;
pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod queries;
pub(crate) mod query;
pub(crate) mod schema;

use actix_web::web::{self, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use gateway_core::{DataSourceId, ErrorKind};
use gateway_service::Page;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::ApiError;
use crate::middleware::CorrelationId;
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
        .service(datasources::get)
        .service(datasources::replace)
        .service(datasources::change)
        .service(datasources::delete)
        .service(datasources::test)
        .service(schema::read)
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
    let known = request.resource_map().has_resource(request.path());
    Err(if known {
        ApiError::new(ErrorKind::MethodNotAllowed, "This path does not take this method")
    } else {
        ApiError::new(ErrorKind::NotFound, "There is nothing at this path")
    })
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

/// The parameters behind the question mark.
fn query_string<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, ApiError> {
    match Query::<T>::from_query(request.query_string()) {
        Ok(query) => Ok(query.into_inner()),
        Err(error) => Err(ApiError::new(
            ErrorKind::InvalidRequest,
            format!("The query string is not valid: {error}"),
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
