//! Metrics in Prometheus' text format, for those who may read them here.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use crate::AppState;
use crate::guard::{Guarded, ReadMetrics};
use crate::meters;
use crate::server::TEXT_FORMAT;

/// Metrics in Prometheus' text format.
#[utoipa::path(tag = "health",
    responses((status = 200, description = "Metrics", content_type = "text/plain")),
    security(("bearer" = [])))]
#[get("/metrics")]
pub(crate) async fn scrape(_guard: Guarded<ReadMetrics>, state: Data<AppState>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(TEXT_FORMAT)
        .body(meters::scrape(&state))
}
