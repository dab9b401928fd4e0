//! `openapi`: print the description of the HTTP interface.

use std::process::ExitCode;

pub(super) fn run() -> anyhow::Result<ExitCode> {
    print!("{}", gateway_http::openapi_json()?);
    Ok(ExitCode::SUCCESS)
}
