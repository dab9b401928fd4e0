//! The files that the settings name, read before anything is started or made.

use anyhow::Context;
use gateway_http::ListenerTls;
use gateway_http::auth::Accepted;

use crate::authentication::accepted;
use crate::config::{Faults, KeyRingSource, Settings};
use crate::storage::key_ring;

/// What was in them.
pub(crate) struct Files {
    pub(crate) accepted: Accepted,
    pub(crate) tls: Option<ListenerTls>,
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
        if let KeyRingSource::File(_) | KeyRingSource::Text(_) = &settings.store.keyring {
            faults.take(key_ring(&settings.store.keyring));
        }
        faults
            .into_result(|_| None)
            .context("the settings are not usable")?;
        Ok(Self {
            accepted: accepted.context("no credentials")?,
            tls: tls.context("no listener")?,
        })
    }
}
