//! The metrics: their recorder, and the listener where they can be had.

use std::net::TcpListener;
use std::time::Duration;

use anyhow::Context;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use metrics_util::MetricKindMask;
use slog::{Logger, info, warn};

use crate::config::MetricsListener;

/// Upper bounds in seconds: fine enough for one millisecond, wide enough for the longest statements.
const BUCKETS: [f64; 19] = [
    0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0,
    30.0, 60.0, 300.0,
];

/// Gauges are set when somebody scrapes; those of a source that is no more are forgotten after this time. Handles on counters and
/// histograms are kept by those who use them, so these are never forgotten.
const GAUGES_LAST: Duration = Duration::from_mins(5);

/// Installs the recorder of the process and tells it what the metrics mean.
pub(crate) fn recorder() -> anyhow::Result<PrometheusHandle> {
    let recorder = PrometheusBuilder::new()
        .set_buckets(&BUCKETS)
        .map(|builder| builder.idle_timeout(MetricKindMask::GAUGE, Some(GAUGES_LAST)))
        .and_then(PrometheusBuilder::install_recorder)
        .context("installing the metrics recorder")?;
    gateway_service::describe_metrics();
    gateway_http::describe_metrics();
    crate::reload::describe_metrics();
    Ok(recorder)
}

/// Takes the listener's port. That somebody else has the usual one, perhaps another gateway, is no reason not to start.
pub(crate) fn listen(wanted: MetricsListener, log: &Logger) -> anyhow::Result<Option<TcpListener>> {
    let (address, bound) = match wanted {
        MetricsListener::Off => return Ok(None),
        MetricsListener::Usual(address) | MetricsListener::Chosen(address) => {
            (address, TcpListener::bind(address))
        }
    };
    match (bound, wanted) {
        (Ok(listener), _) => {
            info!(log, "metrics can be had"; "address" => %listener.local_addr()?, "path" => "/metrics");
            Ok(Some(listener))
        }
        (Err(error), MetricsListener::Usual(_)) => {
            warn!(log, "metrics have no listener of their own, since its usual port is taken; choose one with metrics.listen";
                "address" => %address, "error" => %error);
            Ok(None)
        }
        (Err(error), _) => Err(error).with_context(|| format!("metrics.listen: cannot listen on {address}")),
    }
}
