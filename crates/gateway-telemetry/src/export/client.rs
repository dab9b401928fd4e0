//! Sends a batch to the collector, by either transport.

use std::path::Path;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use http::{Method, StatusCode};
use http_body_util::{BodyExt, Limited};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;
use reqwest::{Body, Certificate, Url};
use tokio::time::Instant;

use super::grpc;
use crate::{Protocol, TelemetryError, TelemetrySettings};

/// Longest answer of a collector, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

const AGENT: HeaderValue = HeaderValue::from_static(concat!("nexus-gateway/", env!("CARGO_PKG_VERSION")));

/// Why a batch was not taken. Nothing of the answer's text is kept: a collector may repeat what it was sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum SendError {
    #[error("the collector did not answer in time")]
    Timeout,
    #[error("the collector cannot be reached: {0}")]
    Unreachable(String),
    #[error("the collector answered with status {status}")]
    Status {
        status: StatusCode,
        retry_after: Option<Duration>,
    },
    #[error("the collector answered with gRPC status {0}")]
    Grpc(u32),
    #[error("the collector's answer is not one that OTLP knows")]
    Answer,
}

impl SendError {
    /// Whether the same batch may be taken later.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Timeout | Self::Answer => false,
            Self::Unreachable(_) => true,
            Self::Status { status, .. } => matches!(status.as_u16(), 429 | 502 | 503 | 504),
            Self::Grpc(status) => grpc::is_passing(*status),
        }
    }

    /// How long the collector asks to be left alone.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::Timeout | Self::Unreachable(_) | Self::Grpc(_) | Self::Answer => None,
        }
    }
}

/// A client of one collector.
pub(super) struct Client {
    client: reqwest::Client,
    url: Url,
    protocol: Protocol,
    timeout: Duration,
}

impl Client {
    pub(super) fn new(settings: &TelemetrySettings) -> Result<Self, TelemetryError> {
        let url = settings.url()?;
        let mut builder = reqwest::Client::builder()
            .default_headers(headers(settings)?)
            // A redirect could lead the headers anywhere.
            .redirect(reqwest::redirect::Policy::none());
        if let Some(file) = &settings.ca_file {
            builder = builder.tls_certs_only(authorities(file)?);
        }
        if settings.protocol == Protocol::Grpc {
            builder = builder.http2_prior_knowledge();
        }
        let client = builder.build().map_err(|error| match &settings.ca_file {
            // What is no certificate inside its armour is noticed only here.
            Some(file) if error.is_builder() => TelemetryError::NoAuthority(file.clone()),
            Some(_) | None => TelemetryError::Client(error.to_string()),
        });
        Ok(Self {
            client: client?,
            url,
            protocol: settings.protocol,
            timeout: settings.timeout,
        })
    }

    /// How long a batch may take.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Sends a message before `until`; how many of its spans were not wanted.
    pub(super) async fn send(&self, message: &[u8], until: Instant) -> Result<u64, SendError> {
        match tokio::time::timeout_at(until, self.exchange(message)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(SendError::Timeout),
        }
    }

    async fn exchange(&self, message: &[u8]) -> Result<u64, SendError> {
        let body = match self.protocol {
            Protocol::Http => message.to_vec(),
            Protocol::Grpc => grpc::framed(message),
        };
        let request = self.client.request(Method::POST, self.url.clone()).body(body);
        let answer = request.send().await.map_err(unreachable)?;
        let (head, body) = http::Response::<Body>::from(answer).into_parts();
        if head.status != StatusCode::OK {
            return Err(SendError::Status {
                status: head.status,
                retry_after: retry_after(&head.headers),
            });
        }
        let body = Limited::new(body, LONGEST_ANSWER).collect().await;
        let body = body.map_err(|_| SendError::Answer)?;
        let trailers = body.trailers().cloned();
        let bytes = body.to_bytes();
        let answer = match self.protocol {
            Protocol::Http => &bytes[..],
            Protocol::Grpc => grpc::unframed(&head.headers, trailers.as_ref(), &bytes)?,
        };
        let answer = ExportTraceServiceResponse::decode(answer).map_err(|_| SendError::Answer)?;
        let refused = answer.partial_success.map_or(0, |partial| partial.rejected_spans);
        Ok(u64::try_from(refused).unwrap_or_default())
    }
}

fn authorities(file: &Path) -> Result<Vec<Certificate>, TelemetryError> {
    let pem = std::fs::read(file).map_err(|reason| TelemetryError::CaFile {
        file: file.to_owned(),
        reason,
    })?;
    let found = Certificate::from_pem_bundle(&pem).unwrap_or_default();
    if found.is_empty() {
        return Err(TelemetryError::NoAuthority(file.to_owned()));
    }
    Ok(found)
}

fn headers(settings: &TelemetrySettings) -> Result<HeaderMap, TelemetryError> {
    let mut headers = HeaderMap::new();
    for (name, secret) in &settings.headers {
        let wrong = || TelemetryError::Header(name.clone());
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
        let mut value = HeaderValue::from_str(secret.expose()).map_err(|_| wrong())?;
        value.set_sensitive(true);
        headers.insert(key, value);
    }
    headers.insert(USER_AGENT, AGENT);
    let kind = match settings.protocol {
        Protocol::Http => "application/x-protobuf",
        Protocol::Grpc => {
            headers.insert(http::header::TE, HeaderValue::from_static("trailers"));
            "application/grpc"
        }
    };
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(headers)
}

/// What the client says, with all its reasons.
fn unreachable(error: reqwest::Error) -> SendError {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut reason = std::error::Error::source(&error);
    while let Some(further) = reason {
        text.push_str(": ");
        text.push_str(&further.to_string());
        reason = further.source();
    }
    SendError::Unreachable(text)
}

/// In seconds; a date, which HTTP also permits, is left to the usual pauses.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}
