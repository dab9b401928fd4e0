//! Putting the parts together and running them.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use anyhow::{Context, ensure};
use arc_swap::ArcSwap;
use gateway_drivers::{ConnectRules, Drivers};
use gateway_http::{AppState, Lifecycle, RateLimit};
use gateway_service::{
    AccessService, Auditor, FetchService, QueryService, SchemaService, SharedQuerySettings, SlowQueries,
    SourceService, watch_health, watch_store,
};
use gateway_telemetry::Telemetry;
use metrics_exporter_prometheus::PrometheusHandle;
use slog::{Logger, info, warn};
use tokio::signal::unix::{SignalKind, signal};

use crate::authentication::{authenticator, follow_keys};
use crate::config::{AuthSettings, OracleSettings, Settings};
use crate::files::Files;
use crate::metrics;
use crate::reload::{ListenerFacts, Reload, SettingsSource};
use crate::shutdown::{self, Shutdown};
use crate::storage::{audit_sinks, open_store};
use crate::telemetry::LogControl;
use crate::traces::{self, start_tracing};

/// How often memory that grows with requests is tidied.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Time to write the last audit records.
const LAST_RECORDS: Duration = Duration::from_secs(5);

/// Runs the gateway until it is told to stop. `ready` is called once connections are accepted.
pub(crate) fn serve(
    settings: Settings,
    source: Option<SettingsSource>,
    log: (&Logger, LogControl),
    ready: impl FnOnce(SocketAddr) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    // Taken first: a port that is in use should be said before a store is migrated.
    let listener = TcpListener::bind(settings.server.listen)
        .with_context(|| format!("cannot listen on {}", settings.server.listen))?;
    actix_web::rt::System::new().block_on(run(settings, source, log, listener, ready))
}

async fn run(
    settings: Settings,
    source: Option<SettingsSource>,
    (log, log_control): (&Logger, LogControl),
    listener: TcpListener,
    ready: impl FnOnce(SocketAddr) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if matches!(settings.auth, AuthSettings::Off) {
        let address = listener.local_addr()?;
        ensure!(
            address.ip().is_loopback(),
            "without authentication only loopback addresses may be listened on, not {address}"
        );
        warn!(
            log,
            "authentication is off: whoever reaches this port may do everything"
        );
    }
    // What may be wrong with files is said before a store is made.
    let Files {
        accepted,
        tls,
        traces,
    } = Files::open(&settings)?;
    let tls = tls.map(Arc::new);
    let started_with = serde_json::to_value(settings.shown()).context("showing the settings")?;
    let metrics = metrics::recorder()?;
    let scraped = metrics::listen(settings.metrics, log)?;
    let telemetry = start_tracing(&settings.tracing, traces, log)?;
    let store = open_store(&settings.store).await?;
    let sinks = audit_sinks(&store, settings.audit.to)?;
    let auditor = Auditor::start(Arc::clone(&store), sinks, settings.audit.service, log.clone());
    let rules = ConnectRules::new(settings.network.policy(), settings.secrets.policy())
        .with_breaker(settings.health.breaker);
    let sources = Arc::new(SourceService::new(
        Arc::clone(&store),
        drivers(&settings.oracle).with_rules(rules.clone()),
        auditor.clone(),
    ));
    sources.refresh().await.context("loading the data sources")?;
    let access = Arc::new(AccessService::new(store, Arc::clone(&sources), auditor.clone()));
    access.refresh().await.context("loading API keys and roles")?;
    let bounds = SharedQuerySettings::new(ArcSwap::from_pointee(settings.query));
    let slow = Arc::new(SlowQueries::new(log.clone(), settings.log.slow_query));
    let queries = Arc::new(QueryService::new(
        Arc::clone(&sources),
        auditor.clone(),
        Arc::clone(&bounds),
        settings.limits.admission,
        Arc::clone(&slow),
    ));
    let fetches = FetchService::start(Arc::clone(&queries), settings.fetch);
    let lifecycle = Lifecycle::default();
    let state = AppState {
        queries,
        fetches: Arc::clone(&fetches),
        schemas: Arc::new(SchemaService::new(
            Arc::clone(&sources),
            auditor.clone(),
            Arc::clone(&bounds),
        )),
        auditor: auditor.clone(),
        authenticator: Arc::new(ArcSwap::from_pointee(authenticator(
            accepted,
            &settings.limits,
            &access,
        ))),
        access: Arc::clone(&access),
        lifecycle: lifecycle.clone(),
        metrics,
        tracer: telemetry.as_ref().map(Telemetry::tracer),
        log: log.clone(),
        settings: Arc::new(ArcSwap::from_pointee(settings.http.clone())),
        rate_limit: RateLimit::new(&settings.http),
        sources: Arc::clone(&sources),
    };
    let upkeep = actix_web::rt::spawn(keep_small(state.metrics.clone(), state.rate_limit.clone()));
    let reload = Reload {
        hangup: signal(SignalKind::hangup()).context("listening for SIGHUP")?,
        source,
        started_with,
        listener: ListenerFacts {
            is_open: matches!(settings.auth, AuthSettings::Off),
            verifies_clients: settings.server.verifies_clients(),
            is_tls: tls.is_some(),
        },
        told_of_tls: false,
        state: state.clone(),
        tls: tls.clone(),
        rules,
        bounds,
        slow,
        log: log.clone(),
        log_control,
    };
    let reloading = actix_web::rt::spawn(reload.follow());
    let following = actix_web::rt::spawn(follow_keys(Arc::clone(&state.authenticator), log.clone()));
    let watching = watch_store(Arc::clone(&sources), Arc::clone(&access), log.clone());
    let scraped = scraped.map(|listener| gateway_http::serve_metrics(listener, state.clone()));
    let scraped = scraped.transpose().context("metrics.listen")?.map(in_background);
    let watching_health = watch_health(Arc::clone(&sources), settings.health.probe_interval, log.clone());
    let address = listener.local_addr()?;
    let server = gateway_http::serve(listener, state, &settings.server.options, tls).context("server")?;
    shutdown::on_signal(Shutdown {
        server: server.handle(),
        sources,
        fetches,
        lifecycle,
        drain_delay: settings.server.drain_delay,
        grace: settings.server.shutdown_timeout,
        log: log.clone(),
    })?;
    ready(address)?;
    server.await?;
    if let Some(scraped) = scraped {
        scraped.stop(true).await;
    }
    watching.abort();
    watching_health.abort();
    upkeep.abort();
    reloading.abort();
    following.abort();
    if let Err(error) = access.save_uses().await {
        warn!(log, "the last uses of API keys could not be stored"; "error" => %error);
    }
    if !auditor.flush(LAST_RECORDS).await {
        warn!(log, "some audit records could not be written");
    }
    traces::stop(telemetry, log).await;
    info!(log, "stopped");
    Ok(())
}

/// Lets a server run until its handle stops it.
fn in_background(server: Server) -> ServerHandle {
    let handle = server.handle();
    actix_web::rt::spawn(server);
    handle
}

/// The drivers of this build, with what the settings say of them.
#[cfg_attr(
    not(feature = "oracle-oci"),
    expect(unused_variables, reason = "only the client library needs a place")
)]
fn drivers(oracle: &OracleSettings) -> Drivers {
    let drivers = Drivers::builtin();
    #[cfg(feature = "oracle-oci")]
    if let Some(folder) = oracle.client_folder() {
        return drivers.with_oracle_client(folder);
    }
    drivers
}

/// Keeps what grows with requests from growing for ever: raw samples of histograms, and counters of callers.
async fn keep_small(metrics: PrometheusHandle, rate_limit: RateLimit) {
    let mut ticks = tokio::time::interval(UPKEEP_EVERY);
    loop {
        ticks.tick().await;
        metrics.run_upkeep();
        rate_limit.forget_idle();
    }
}
