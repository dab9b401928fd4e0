//! The handlers, one file for each family of paths.

pub(crate) mod datasources;
pub(crate) mod drivers;
pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod query;

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use gateway_core::ErrorKind;
use serde::Serialize;

use crate::error::ApiError;
use crate::middleware::CorrelationId;
use crate::render::envelope;

/// Registers every route of the contract.
pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .service(query::run)
        .service(query::validate)
        .service(datasources::list)
        .service(datasources::create)
        .service(datasources::test_draft)
        .service(datasources::get)
        .service(datasources::replace)
        .service(datasources::change)
        .service(datasources::delete)
        .service(datasources::test)
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

/// A success with `data` in the envelope.
fn success(
    request: &HttpRequest,
    mut response: actix_web::HttpResponseBuilder,
    data: &impl Serialize,
) -> HttpResponse {
    let body = envelope::success(data, &CorrelationId::from(request).0);
    response.content_type("application/json").body(body)
}
