//! `health`: ask a running gateway whether it is ready.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

/// How long to wait for the answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Ask a running gateway whether it is ready.
#[derive(Args)]
pub(super) struct Health {
    /// The gateway's address.
    #[arg(value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: String,
}

impl Health {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let url = format!("{}/health/ready", self.url.trim_end_matches('/'));
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .build()
            .into();
        match agent.get(&url).call() {
            Ok(response) if response.status().is_success() => {
                println!("ready");
                Ok(ExitCode::SUCCESS)
            }
            Ok(response) => {
                let status = response.status();
                let body = response.into_body().read_to_string().unwrap_or_default();
                eprintln!("not ready: {status} {body}");
                Ok(ExitCode::FAILURE)
            }
            Err(error) => {
                eprintln!("no answer from {url}: {error}");
                Ok(ExitCode::FAILURE)
            }
        }
    }
}
