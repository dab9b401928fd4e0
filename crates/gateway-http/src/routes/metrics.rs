//! Metrics in Prometheus' text format.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};

use crate::AppState;
use crate::error::ApiError;
use crate::guard::{Guarded, ReadMetrics};

/// Metrics in Prometheus' text format.
#[utoipa::path(tag = "health",
    responses((status = 200, description = "Metrics", content_type = "text/plain")),
    security(("bearer" = [])))]
#[get("/metrics")]
pub(crate) async fn scrape(
    _guard: Guarded<ReadMetrics>,
    state: Data<AppState>,
) -> Result<HttpResponse, ApiError> {
    metrics::gauge!("nexus_queries_running").set(state.sources.running() as f64);
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4")
        .body(state.metrics.render()))
}
