//! `serve`: run the gateway.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;

use super::Common;
use crate::reload::SettingsSource;
use crate::{telemetry, wiring};

/// Run the gateway.
#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    common: Common,
    /// Address to listen on, instead of `server.listen`.
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let file = self.common.file();
        let load = move || {
            // Before the checks: what is permitted depends on where the gateway listens.
            let listen = self
                .listen
                .map(|address| ("--listen", "server.listen", address.to_string()));
            self.common.settings_with(listen.as_slice())
        };
        let mut source = SettingsSource::new(file, load);
        let settings = source.load()?;
        let (log, control, _flush) = telemetry::logger(&settings.log)?;
        wiring::serve(settings, Some(source), (&log, control), |address| {
            slog::info!(log, "listening"; "address" => %address);
            Ok(())
        })?;
        Ok(ExitCode::SUCCESS)
    }
}
