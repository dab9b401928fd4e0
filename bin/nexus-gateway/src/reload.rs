//! Taking over changed settings while the gateway runs: on SIGHUP, or when the file is written.
//!
//! New settings are checked whole and then taken over whole, or refused and the present ones kept. Requests that are under
//! way end under the settings they began with.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, ensure};
use gateway_core::trace::Trace;
use gateway_drivers::ConnectRules;
use gateway_http::{AppState, HttpSettings, ListenerTls};
use gateway_service::{SharedQuerySettings, SlowQueries};
use metrics::{counter, describe_counter};
use serde_json::Value;
use slog::{Logger, error, info, warn};
use tokio::signal::unix::Signal;

use crate::authentication::{accepted, authenticator};
use crate::config::{AuthSettings, Settings};
use crate::telemetry::LogControl;

/// How often files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

const RELOADS: &str = "nexus_settings_reloads_total";

/// Tells the recorder what the metrics of this module mean.
pub(crate) fn describe_metrics() {
    describe_counter!(RELOADS, "Changed settings that were taken over or refused");
    for outcome in ["taken_over", "refused"] {
        counter!(RELOADS, "outcome" => outcome).increment(0);
    }
}

fn count_reload(is_taken: bool) {
    let outcome = if is_taken { "taken_over" } else { "refused" };
    counter!(RELOADS, "outcome" => outcome).increment(1);
}

/// Where the settings come from.
pub(crate) struct SettingsSource {
    /// The file, if there is one.
    file: Option<PathBuf>,
    /// Reads and checks them.
    load: Box<dyn Fn() -> anyhow::Result<Settings>>,
    /// When the file that was read last had been written.
    written: Option<SystemTime>,
}

impl SettingsSource {
    /// Settings that `load` reads from `file`.
    pub(crate) fn new(file: Option<PathBuf>, load: impl Fn() -> anyhow::Result<Settings> + 'static) -> Self {
        Self {
            file,
            load: Box::new(load),
            written: None,
        }
    }

    /// Reads and checks them.
    pub(crate) fn load(&mut self) -> anyhow::Result<Settings> {
        // Before the content: what is written meanwhile is then read once more.
        self.written = self.stamp();
        (self.load)()
    }

    fn has_changed(&self) -> bool {
        self.stamp() != self.written
    }

    fn stamp(&self) -> Option<SystemTime> {
        std::fs::metadata(self.file.as_ref()?).ok()?.modified().ok()
    }
}

/// What may be exchanged while the gateway runs.
pub(crate) struct Reload {
    /// Told by SIGHUP. There from the start: without it that signal would end the process.
    pub(crate) hangup: Signal,
    pub(crate) source: Option<SettingsSource>,
    /// The settings that the gateway was started with, in their shown form.
    pub(crate) started_with: Value,
    /// What the listener, which is there for good, permits.
    pub(crate) listener: ListenerFacts,
    pub(crate) state: AppState,
    pub(crate) tls: Option<Arc<ListenerTls>>,
    pub(crate) rules: ConnectRules,
    pub(crate) bounds: SharedQuerySettings,
    pub(crate) slow: Arc<SlowQueries>,
    pub(crate) log: Logger,
    pub(crate) log_control: LogControl,
    /// Whether it has been said that the listener's certificate cannot be used.
    pub(crate) told_of_tls: bool,
}

/// What was decided about the listener when the gateway started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListenerFacts {
    /// Nobody is asked who they are, which only a loopback address permits.
    pub(crate) is_open: bool,
    /// Client certificates are verified.
    pub(crate) verifies_clients: bool,
    /// It speaks TLS.
    pub(crate) is_tls: bool,
}

impl ListenerFacts {
    /// Refuses settings that suit a listener as the new file describes it, but not the one that is there.
    fn check(self, auth: &AuthSettings) -> anyhow::Result<()> {
        match auth {
            AuthSettings::Off => ensure!(
                self.is_open,
                "auth.enabled = false is not taken over by a gateway that runs; restart it"
            ),
            AuthSettings::Credentials(accepted) => ensure!(
                accepted.certificates.is_none() || self.verifies_clients,
                "auth.mtls.enabled needs a listener that was started with server.tls.client_ca_file; restart the gateway"
            ),
        }
        Ok(())
    }
}

/// Settings that are taken over; the others need a restart.
const TAKEN_OVER: [&str; 13] = [
    "auth.",
    "fetch.idle_timeout",
    "fetch.max_lifetime",
    "fetch.page_bytes",
    "fetch.per_caller",
    "fetch.per_source",
    "limits.",
    "log.",
    "network.",
    "query.",
    "secrets.",
    "server.allowed_hosts",
    "server.trusted_proxies",
];

impl Reload {
    /// Follows changes for as long as it is polled.
    pub(crate) async fn follow(mut self) {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        loop {
            let is_told = tokio::select! {
                told = self.hangup.recv() => told.is_some(),
                _ = looks.tick() => false,
            };
            self.reload_tls();
            if is_told || self.source.as_ref().is_some_and(SettingsSource::has_changed) {
                self.reload_settings().await;
            }
        }
    }

    fn reload_tls(&mut self) {
        match self.tls.as_ref().map(|tls| tls.reload_if_changed()) {
            Some(Ok(true)) => {
                self.told_of_tls = false;
                info!(self.log, "the listener's certificate was read again");
            }
            Some(Ok(false)) | None => {}
            // Files are written one after the other, so the next look may find them in order.
            Some(Err(_)) if self.told_of_tls => {}
            Some(Err(error)) => {
                self.told_of_tls = true;
                warn!(self.log, "the listener's certificate cannot be used; the present one stays in use";
                    "error" => %error);
            }
        }
    }

    async fn reload_settings(&mut self) {
        let Some(source) = &mut self.source else { return };
        let taken = match source.load() {
            Ok(settings) => {
                let file = source.file.clone();
                let taken = self.take_over(&settings).await;
                if taken.is_ok() {
                    self.state.auditor.settings_taken_over(file.as_deref());
                }
                taken
            }
            Err(error) => Err(error),
        };
        count_reload(taken.is_ok());
        match taken {
            Ok(waiting) if waiting.is_empty() => info!(self.log, "the settings were taken over"),
            Ok(waiting) => {
                warn!(self.log, "the settings were taken over, but for some that need a restart";
                    "restart" => waiting.join(", "));
            }
            Err(error) => {
                error!(self.log, "the new settings are not usable; the present ones stay in use";
                    "error" => format!("{error:#}"));
            }
        }
    }

    /// Returns the settings that differ from those at the start and wait for a restart.
    async fn take_over(&mut self, settings: &Settings) -> anyhow::Result<Vec<String>> {
        let shown = serde_json::to_value(settings.shown()).context("showing the settings")?;
        let state = &self.state;
        // What can fail comes first.
        self.listener.check(&settings.auth)?;
        let accepts = authenticator(accepted(&settings.auth)?, &settings.limits, &state.access);
        if !accepts.inherit_keys(&state.authenticator.load()) {
            accepts
                .refresh_keys(&Trace::default())
                .await
                .context("auth.jwt")?;
        }
        state.authenticator.store(Arc::new(accepts));
        state.settings.store(Arc::new(HttpSettings {
            is_tls: self.listener.is_tls,
            ..settings.http.clone()
        }));
        state.rate_limit.change(&settings.http);
        state.queries.change_admission(settings.limits.admission);
        self.bounds.store(Arc::new(settings.query));
        state.fetches.change(settings.fetch.clone());
        self.slow.change(settings.log.slow_query);
        self.log_control.change(&settings.log);
        self.rules.set_network(settings.network.policy());
        self.rules.set_secrets(settings.secrets.policy());
        let mut changed = Vec::new();
        differences("", &self.started_with, &shown, &mut changed);
        changed.retain(|key| !TAKEN_OVER.iter().any(|prefix| key.starts_with(prefix)));
        Ok(changed)
    }
}

/// The keys under which `old` and `new` differ.
fn differences(path: &str, old: &Value, new: &Value, found: &mut Vec<String>) {
    let (Value::Object(old), Value::Object(new)) = (old, new) else {
        if old != new {
            found.push(path.trim_end_matches('.').to_owned());
        }
        return;
    };
    let added = new.keys().filter(|key| !old.contains_key(*key));
    for key in old.keys().chain(added) {
        let value = |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or(Value::Null);
        differences(&format!("{path}{key}."), &value(old), &value(new), found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn changed_keys_are_named() {
        let (old, new) = (
            json!({"a": {"b": 1, "c": 2}, "d": 3, "e": null}),
            json!({"a": {"b": 1, "c": 4}, "d": 3, "f": {"g": 1}}),
        );
        let mut found = Vec::new();
        differences("", &old, &new, &mut found);
        assert_eq!(found, ["a.c", "f"]);
    }
}
