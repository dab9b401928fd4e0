//! Where spans are sent, and which.

use std::path::PathBuf;
use std::time::Duration;

use gateway_core::Secret;
use reqwest::Url;

use crate::TelemetryError;

/// How a collector is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Protobuf in the bodies of HTTP requests.
    Http,
    /// gRPC.
    Grpc,
}

/// Where spans are sent, and which.
#[derive(Debug, Clone)]
pub struct TelemetrySettings {
    /// The collector's URL. With [`Protocol::Http`] and without a path, `/v1/traces` is added.
    pub endpoint: String,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// Headers for the collector, such as its API key.
    pub headers: Vec<(String, Secret)>,
    /// The authorities that the collector's certificate is judged by, as PEM; `None` for the system's.
    pub ca_file: Option<PathBuf>,
    /// How long a batch may take, repetitions included.
    pub timeout: Duration,
    /// The part of the requests without a caller's decision that is followed, between 0 and 1.
    pub sample_ratio: f64,
    /// What the gateway calls itself (`service.name`).
    pub service_name: String,
    /// Its version (`service.version`).
    pub service_version: String,
}

const HTTP_PATH: &str = "/v1/traces";
const GRPC_PATH: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

impl TelemetrySettings {
    /// Where requests go to.
    ///
    /// # Errors
    ///
    /// What is wrong with the endpoint, without repeating it: it might hold a password.
    pub fn url(&self) -> Result<Url, TelemetryError> {
        let wrong = |what| Err(TelemetryError::Endpoint(what));
        let Ok(mut url) = Url::parse(&self.endpoint) else {
            return wrong("must be a URL such as http://localhost:4318");
        };
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return wrong("must begin with http:// or https://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return wrong("must not hold a user name or a password; use headers or headers_file");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return wrong("must not hold a query or a fragment; use headers or headers_file for a key");
        }
        if url.scheme() == "http" && !self.headers.is_empty() && !is_loopback(&url) {
            return wrong("must be https if headers are sent: they would go over the network in the clear");
        }
        match (self.protocol, url.path()) {
            (Protocol::Http, "/") => url.set_path(HTTP_PATH),
            (Protocol::Http, _) => {}
            (Protocol::Grpc, "/") => url.set_path(GRPC_PATH),
            (Protocol::Grpc, _) => return wrong("must have no path with the protocol grpc"),
        }
        Ok(url)
    }
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let host = host.trim_matches(['[', ']']);
        host == "localhost"
            || host
                .parse()
                .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(endpoint: &str, protocol: Protocol, with_key: bool) -> Result<String, String> {
        let headers = if with_key {
            vec![("api-key".to_owned(), Secret::new("k"))]
        } else {
            Vec::new()
        };
        let settings = TelemetrySettings {
            endpoint: endpoint.to_owned(),
            protocol,
            headers,
            ca_file: None,
            timeout: Duration::from_secs(1),
            sample_ratio: 1.0,
            service_name: "s".to_owned(),
            service_version: "1".to_owned(),
        };
        settings
            .url()
            .map(|url| url.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn paths_follow_the_protocol() {
        let http = |endpoint| url(endpoint, Protocol::Http, false).unwrap();
        assert_eq!(http("http://c:4318"), "http://c:4318/v1/traces");
        assert_eq!(http("https://c/in/v1/traces"), "https://c/in/v1/traces");
        let grpc = url("http://c:4317/", Protocol::Grpc, false).unwrap();
        assert_eq!(grpc, format!("http://c:4317{GRPC_PATH}"));
    }

    #[test]
    fn endpoints_that_cannot_be_or_would_tell_are_refused() {
        for (endpoint, protocol, with_key) in [
            ("collector:4317", Protocol::Grpc, false),
            ("nonsense", Protocol::Http, false),
            ("http://c/path", Protocol::Grpc, false),
            ("http://u:hunter2@c", Protocol::Http, false),
            ("http://c?key=hunter2", Protocol::Http, false),
            ("http://c", Protocol::Http, true),
        ] {
            let refusal = url(endpoint, protocol, with_key).unwrap_err();
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
        for endpoint in ["http://127.0.0.1:4318", "http://[::1]:4318", "https://c"] {
            url(endpoint, Protocol::Http, true).unwrap();
        }
    }
}
