//! A listener of its own for the metrics, so that whoever scrapes needs no credentials and no way to the callers' port.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};

use crate::{AppState, meters};

/// The media type of Prometheus' text format.
pub(crate) const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Connections of scrapers; one is the rule.
const MOST_CONNECTIONS: usize = 32;

/// Time a scraper has to send its request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// A server on `listener` that answers `GET /metrics`, whoever asks, and nothing else; it runs once it is awaited, and stops
/// when its handle says so.
///
/// # Errors
///
/// If the listener is not usable.
pub fn serve_metrics(listener: TcpListener, state: AppState) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::new(state.clone()))
            .route("/metrics", web::get().to(scrape))
            .default_service(web::to(elsewhere))
    });
    let server = server
        .workers(1)
        .max_connections(MOST_CONNECTIONS)
        .client_request_timeout(REQUEST_TIMEOUT)
        .shutdown_timeout(1)
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}

async fn scrape(state: Data<AppState>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(TEXT_FORMAT)
        .body(meters::scrape(&state))
}

async fn elsewhere() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type("text/plain")
        .body("Metrics are at /metrics\n")
}
