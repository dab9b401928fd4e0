//! Traces: beginning to send them, and sending the last.

use std::time::Duration;

use anyhow::Context;
use gateway_telemetry::{Exporter, Tally, Telemetry};
use slog::{Logger, info, warn};

use crate::config::TracingSettings;

/// Time to send the last spans. A collector that is away must not hold up the end.
const LAST_SPANS: Duration = Duration::from_secs(3);

/// Begins to send traces by `exporter`, if the settings say where to.
pub(crate) fn start_tracing(
    settings: &TracingSettings,
    exporter: Option<Exporter>,
    log: &Logger,
) -> anyhow::Result<Option<Telemetry>> {
    let (Some(telemetry), Some(exporter)) = (&settings.telemetry, exporter) else {
        return Ok(None);
    };
    let started = Telemetry::start(exporter, log).context("tracing")?;
    info!(log, "requests are traced"; "endpoint" => &telemetry.endpoint, "ratio" => telemetry.sample_ratio);
    Ok(Some(started))
}

/// Sends the spans that wait, and says if any were lost.
pub(crate) async fn stop(telemetry: Option<Telemetry>, log: &Logger) {
    let Some(telemetry) = telemetry else { return };
    let Tally {
        sent,
        failed,
        dropped,
        waiting,
    } = telemetry.stop(LAST_SPANS).await;
    if failed + dropped + waiting > 0 {
        warn!(log, "some spans were not sent"; "sent" => sent, "failed" => failed, "dropped" => dropped,
            "waiting" => waiting);
    }
}
