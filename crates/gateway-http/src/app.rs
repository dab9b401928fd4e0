//! Assembling the application.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::Compress;
use actix_web::{App, Error, web};
use arc_swap::ArcSwap;
use gateway_core::ErrorKind;
use gateway_core::trace::Tracer;
use gateway_service::{AccessService, Auditor, FetchService, QueryService, SchemaService, SourceService};
use ipnet::IpNet;
use metrics_exporter_prometheus::PrometheusHandle;
use slog::Logger;

use crate::auth::Authenticator;
use crate::error::ApiError;
use crate::middleware::{self, Answers, CorsRules, Edges, Identify, RateLimit};
use crate::phase::{Lifecycle, Phase};
use crate::{openapi, routes};

/// Settings of the adapter itself.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Largest request body, in bytes.
    pub max_body_bytes: usize,
    /// Requests a second that one caller may make for long; `None` for no limit.
    pub rate_per_second: Option<u32>,
    /// Requests that one caller may make at once before the rate applies.
    pub rate_burst: u32,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Hosts that requests may name; none permits any.
    pub allowed_hosts: Vec<String>,
    /// Which pages of other origins may call from a browser. Read once.
    pub cors: CorsRules,
    /// Whether the listener speaks TLS.
    pub is_tls: bool,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            max_body_bytes: 2 << 20,
            rate_per_second: Some(20_000),
            rate_burst: 40_000,
            trusted_proxies: Vec::new(),
            allowed_hosts: Vec::new(),
            cors: CorsRules::default(),
            is_tls: false,
        }
    }
}

/// What every request may need. Cloning is cheap.
#[derive(Clone)]
pub struct AppState {
    /// Running and checking statements.
    pub queries: Arc<QueryService>,
    /// Reading in pages.
    pub fetches: Arc<FetchService>,
    /// Looking into data sources.
    pub schemas: Arc<SchemaService>,
    /// Managing data sources.
    pub sources: Arc<SourceService>,
    /// What is on record.
    pub auditor: Auditor,
    /// API keys and roles.
    pub access: Arc<AccessService>,
    /// Who is asking. May be exchanged while the gateway runs.
    pub authenticator: Arc<ArcSwap<Authenticator>>,
    /// Whether work is taken.
    pub lifecycle: Lifecycle,
    /// Renders the metrics.
    pub metrics: PrometheusHandle,
    /// Where to log.
    pub log: Logger,
    /// Decides which requests are followed; `None` follows none.
    pub tracer: Option<Arc<dyn Tracer>>,
    /// Settings of the adapter. May be exchanged while the gateway runs, but for the body limit.
    pub settings: Arc<ArcSwap<HttpSettings>>,
    /// Counts requests per caller; shared by all workers.
    pub rate_limit: RateLimit,
}

impl AppState {
    /// Refuses new work once the gateway is shutting down.
    pub(crate) fn require_open(&self) -> Result<(), ApiError> {
        if self.lifecycle.phase() == Phase::Closed {
            return Err(ApiError::new(
                ErrorKind::Overloaded,
                "The gateway is shutting down",
            ));
        }
        Ok(())
    }
}

/// The application: every route of the contract, with identification, limits and error answers around it.
pub fn build_app(
    state: AppState,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let body_limit = state.settings.load().max_body_bytes;
    let (answers, identify) = (Answers::new(&state), Identify::new(state.clone()));
    let (edges, cors) = (
        Edges::new(state.clone()),
        middleware::cors(&state.settings.load().cors),
    );
    App::new()
        .app_data(web::PayloadConfig::new(body_limit))
        .app_data(web::Data::new(state.clone()))
        .configure(openapi::configure)
        .configure(routes::configure)
        .default_service(web::to(routes::not_found))
        .wrap(state.rate_limit.middleware())
        .wrap(identify)
        .wrap(cors)
        .wrap(edges)
        .wrap(answers)
        .wrap(Compress::default())
}
