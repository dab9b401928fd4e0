//! Asking a server for a key set, as a part of the request that wants it.
//!
//! The span is that of an HTTP client by OpenTelemetry's conventions, less the URL, whose query may be a secret. The server is
//! told by `traceparent`; what the caller's `tracestate` says is not for it.

use gateway_core::ErrorKind;
use gateway_core::trace::{SpanKind, Stage, Trace};
use reqwest::{Client, Url};

/// Largest set, in bytes.
const LARGEST: usize = 1 << 20;

/// Why nothing was had: for the span, and in words.
struct Unsuccessful {
    kind: ErrorKind,
    reason: String,
}

/// What is at `url`, or in words why it cannot be had.
pub(super) async fn get(client: &Client, url: &str, trace: &Trace) -> Result<Vec<u8>, String> {
    let mut stage = trace.stage("GET", SpanKind::Client);
    describe(&mut stage, url);
    match exchange(client, url, &mut stage).await {
        Ok(content) => {
            stage.succeeded();
            Ok(content)
        }
        Err(Unsuccessful { kind, reason }) => {
            stage.failed(kind.code());
            Err(reason)
        }
    }
}

fn describe(stage: &mut Stage, url: &str) {
    if !stage.is_kept() {
        return;
    }
    stage.set("http.request.method", "GET");
    let Ok(url) = Url::parse(url) else { return };
    if let Some(host) = url.host_str() {
        stage.set("server.address", host.to_owned());
    }
    if let Some(port) = url.port_or_known_default() {
        stage.set("server.port", port);
    }
}

async fn exchange(client: &Client, url: &str, stage: &mut Stage) -> Result<Vec<u8>, Unsuccessful> {
    let mut request = client.get(url);
    if let Some(context) = stage.context() {
        request = request.header("traceparent", context.to_string());
    }
    let mut response = request.send().await?;
    let status = response.status();
    stage.set("http.response.status_code", status.as_u16());
    if !status.is_success() {
        return Err(Unsuccessful::of_answer(format!("status {status}")));
    }
    let mut content = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if content.len() + chunk.len() > LARGEST {
            return Err(Unsuccessful::of_answer(format!("more than {LARGEST} bytes")));
        }
        content.extend_from_slice(&chunk);
    }
    Ok(content)
}

impl Unsuccessful {
    fn of_answer(reason: String) -> Self {
        Self {
            kind: ErrorKind::Connection,
            reason,
        }
    }
}

impl From<reqwest::Error> for Unsuccessful {
    fn from(error: reqwest::Error) -> Self {
        let kind = if error.is_timeout() {
            ErrorKind::Timeout
        } else {
            ErrorKind::Connection
        };
        Self {
            kind,
            reason: error.without_url().to_string(),
        }
    }
}
