//! The files that the settings name, read before anything is started or made.

use anyhow::Context;
use gateway_http::ListenerTls;
use gateway_http::auth::Accepted;
use gateway_telemetry::{Exporter, TelemetryError};

use crate::authentication::accepted;
use crate::config::{Faults, KeyRingSource, Settings};
use crate::storage::key_ring;

/// What was in them.
pub(crate) struct Files {
    pub(crate) accepted: Accepted,
    pub(crate) tls: Option<ListenerTls>,
    /// What sends traces, if they are sent.
    pub(crate) traces: Option<Exporter>,
}

impl Files {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them.
    pub(crate) fn open(settings: &Settings) -> anyhow::Result<Self> {
        let mut faults = Faults::default();
        let accepted = faults.take(accepted(&settings.auth));
        let tls = settings.server.options.tls.clone().map(ListenerTls::open);
        let tls = faults.take(tls.transpose().context("server.tls"));
        let traces = settings.tracing.telemetry.as_ref().map(Exporter::open);
        let traces = faults.take(traces.transpose().map_err(unusable_tracing));
        if let KeyRingSource::File(_) | KeyRingSource::Text(_) = &settings.store.keyring {
            faults.take(key_ring(&settings.store.keyring));
        }
        faults
            .into_result(|_| None)
            .context("the settings are not usable")?;
        Ok(Self {
            accepted: accepted.context("no credentials")?,
            tls: tls.context("no listener")?,
            traces: traces.context("no traces")?,
        })
    }
}

fn unusable_tracing(error: TelemetryError) -> anyhow::Error {
    let key = error
        .field()
        .map_or("tracing".to_owned(), |field| format!("tracing.{field}"));
    anyhow::Error::new(error).context(key)
}
