//! `[tracing]`: where the spans of requests are sent, and of which requests.

use std::path::PathBuf;
use std::time::Duration;

use gateway_core::Secret;
use gateway_telemetry::{Protocol, TelemetrySettings};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::faults::Faults;
use super::schema::{names_of, written_as};
use super::{duration, raw};

/// The usual name; with several gateways each may have its own.
const SERVICE_NAME: &str = "nexus-gateway";

/// All requests: whoever has more than a collector can take says so.
const SAMPLE_RATIO: f64 = 1.0;

/// As OpenTelemetry's own exporters have it.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Each with its name again, to be shown by.
const PROTOCOLS: [(&str, (Protocol, &str)); 2] = [
    ("http", (Protocol::Http, "http")),
    ("grpc", (Protocol::Grpc, "grpc")),
];

/// Longer than any collector that works; spans that wait are bounded by their number.
const LONGEST_TIMEOUT: Duration = Duration::from_mins(1);

/// Most headers: a collector wants one or two.
const MOST_HEADERS: usize = 16;

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawTracing {
    endpoint: Option<String>,
    #[schemars(extend("enum" = names_of(PROTOCOLS)))]
    protocol: Option<String>,
    #[serde(deserialize_with = "ratio")]
    #[schemars(with = "WrittenRatio")]
    sample_ratio: Option<f64>,
    headers: Option<String>,
    headers_file: Option<PathBuf>,
    ca_file: Option<PathBuf>,
    #[serde(deserialize_with = "raw::text")]
    #[schemars(with = "raw::WrittenText")]
    service_name: Option<String>,
    #[serde(deserialize_with = "duration::deserialize")]
    #[schemars(with = "duration::Written")]
    timeout: Option<Duration>,
}

impl RawTracing {
    /// The file that must stay the gateway's own.
    pub(super) fn headers_file(&self) -> Option<PathBuf> {
        self.headers_file.clone()
    }
}

/// Where spans are sent, if anywhere.
pub(crate) struct TracingSettings {
    /// `None` traces nothing.
    pub(crate) telemetry: Option<TelemetrySettings>,
    shown: ShownTracing,
}

/// What `config show` prints.
#[derive(Serialize, Clone)]
pub(super) struct ShownTracing {
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<String>,
    protocol: &'static str,
    sample_ratio: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_file: Option<String>,
    service_name: String,
    timeout: String,
}

impl TracingSettings {
    pub(super) fn check(raw: RawTracing, faults: &mut Faults) -> Self {
        let written = raw.protocol.as_deref().unwrap_or("http");
        let (protocol, protocol_name) = faults.choose("tracing.protocol", written, PROTOCOLS);
        let sample_ratio = raw.sample_ratio.unwrap_or(SAMPLE_RATIO);
        let is_part = (0.0..=1.0).contains(&sample_ratio);
        faults.require(is_part, "tracing.sample_ratio", "must be between 0 and 1");
        let timeout = raw.timeout.unwrap_or(TIMEOUT);
        let is_short = !timeout.is_zero() && timeout <= LONGEST_TIMEOUT;
        faults.require(is_short, "tracing.timeout", "must be above 0 and at most 1m");
        let service_name = raw.service_name.unwrap_or_else(|| SERVICE_NAME.to_owned());
        faults.require(
            !service_name.is_empty(),
            "tracing.service_name",
            "must not be empty",
        );
        // A variable that is set to nothing is how some tools leave it away.
        let endpoint = raw.endpoint.filter(|endpoint| !endpoint.is_empty());
        let shown = ShownTracing {
            endpoint: endpoint.clone(),
            protocol: protocol_name,
            sample_ratio,
            headers: raw.headers.as_ref().map(|_| "<secret>"),
            headers_file: raw.headers_file.as_ref().map(|file| file.display().to_string()),
            ca_file: raw.ca_file.as_ref().map(|file| file.display().to_string()),
            service_name: service_name.clone(),
            timeout: duration::show(timeout),
        };
        let headers = faults.take_at("tracing.headers", headers(raw.headers, raw.headers_file));
        let telemetry = endpoint.map(|endpoint| TelemetrySettings {
            endpoint,
            protocol,
            headers: headers.unwrap_or_default(),
            ca_file: raw.ca_file,
            timeout,
            sample_ratio,
            service_name,
            service_version: env!("CARGO_PKG_VERSION").to_owned(),
        });
        if let Some(Err(error)) = telemetry.as_ref().map(TelemetrySettings::url) {
            faults.require(false, "tracing.endpoint", error);
        }
        Self { telemetry, shown }
    }

    /// Nothing is traced.
    pub(crate) fn off() -> Self {
        Self::check(RawTracing::default(), &mut Faults::default())
    }

    pub(super) fn shown(&self) -> ShownTracing {
        self.shown.clone()
    }
}

/// A header a line, written `name: value`. What is wrong is said without repeating a value.
fn headers(text: Option<String>, file: Option<PathBuf>) -> Result<Vec<(String, Secret)>, String> {
    let text = match (text, file) {
        (Some(_), Some(_)) => return Err("give only one of headers and headers_file".to_owned()),
        (Some(text), None) => Secret::new(text),
        (None, Some(file)) => std::fs::read_to_string(&file)
            .map(Secret::new)
            .map_err(|error| format!("reading {}: {error}", file.display()))?,
        (None, None) => return Ok(Vec::new()),
    };
    let lines = text.expose().lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    let headers: Vec<_> = lines
        .map(|(number, line)| match line.split_once(':') {
            Some((name, value)) if !name.trim().is_empty() => {
                Ok((name.trim().to_lowercase(), Secret::new(value.trim())))
            }
            _ => Err(format!("line {} is not of the form `name: value`", number + 1)),
        })
        .collect::<Result<_, _>>()?;
    if headers.len() > MOST_HEADERS {
        return Err(format!("more than {MOST_HEADERS} headers"));
    }
    Ok(headers)
}

written_as!(
    /// What [`ratio`] reads.
    WrittenRatio,
    {"type": ["number", "string"], "minimum": 0, "maximum": 1}
);

/// A number, which the environment gives as a text.
fn ratio<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(f64),
        Text(String),
    }
    match Written::deserialize(deserializer)? {
        Written::Number(number) => Ok(Some(number)),
        Written::Text(text) => text
            .trim()
            .parse()
            .map(Some)
            .map_err(|_| serde::de::Error::custom("must be a number between 0 and 1, such as 0.1")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_headers(text: &str) -> (TracingSettings, Faults) {
        let raw = RawTracing {
            endpoint: Some("https://collector.example.com".to_owned()),
            headers: Some(text.to_owned()),
            ..RawTracing::default()
        };
        let mut faults = Faults::default();
        let settings = TracingSettings::check(raw, &mut faults);
        (settings, faults)
    }

    #[test]
    fn headers_are_lines_and_never_shown() {
        let (settings, faults) = with_headers("API-Key: hunter2\n\nauthorization: Basic a:b==\n");
        faults.into_result(|_| None).unwrap();
        let shown = serde_json::to_string(&settings.shown()).unwrap();
        assert!(
            shown.contains("<secret>") && !shown.contains("hunter2"),
            "{shown}"
        );
        let telemetry = settings.telemetry.unwrap();
        assert!(!format!("{telemetry:?}").contains("hunter2"));
        let headers: Vec<_> = telemetry
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.expose()))
            .collect();
        assert_eq!(
            headers,
            [("api-key", "hunter2"), ("authorization", "Basic a:b==")]
        );
        let (_, faults) = with_headers("x: y\nhunter2");
        let refusal = faults.into_result(|_| None).unwrap_err().to_string();
        assert!(
            refusal.contains("line 2") && !refusal.contains("hunter2"),
            "{refusal}"
        );
    }

    #[test]
    fn nothing_is_traced_unless_asked_for() {
        assert!(TracingSettings::off().telemetry.is_none());
    }
}
