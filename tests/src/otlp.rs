//! A collector of traces, made of OpenTelemetry's own messages and, for gRPC, of its own service.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use prost::Message;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

use crate::{Failed, Leaf};

/// How long spans may take to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A span as a collector sees it.
#[derive(Debug, Clone)]
pub struct ReceivedSpan {
    /// In hexadecimal digits.
    pub trace: String,
    /// In hexadecimal digits.
    pub id: String,
    /// In hexadecimal digits; empty at the root.
    pub parent: String,
    /// What was done.
    pub name: String,
    /// 1 internal, 2 server, 3 client.
    pub kind: i32,
    /// Nanoseconds since 1970.
    pub started: u64,
    /// Nanoseconds since 1970.
    pub ended: u64,
    /// Every one as a text.
    pub attributes: BTreeMap<String, String>,
    /// Names of what happened within it.
    pub events: Vec<String>,
    /// Whether its status is an error.
    pub is_error: bool,
    /// Its `tracestate`.
    pub state: String,
    /// The W3C flags, and what is known of the parent.
    pub flags: u32,
    /// Who sent it (`service.name`).
    pub service: String,
}

impl ReceivedSpan {
    /// An attribute, or nothing.
    #[must_use]
    pub fn attribute(&self, key: &str) -> &str {
        self.attributes.get(key).map(String::as_str).unwrap_or_default()
    }

    /// Whether it lies within `other`.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        other.started <= self.started && self.started <= self.ended && self.ended <= other.ended
    }
}

#[derive(Default)]
struct Received {
    spans: Vec<ReceivedSpan>,
    /// Everything that came, as it came: heads and messages.
    bytes: Vec<u8>,
}

/// A collector that listens on a port of its own.
#[derive(Clone)]
pub struct Collector {
    url: String,
    received: Arc<Mutex<Received>>,
}

impl Collector {
    /// One that takes protobuf over HTTP.
    ///
    /// # Errors
    ///
    /// If no port can be had.
    pub async fn http() -> Result<Self, Failed> {
        let (listener, collector) = Self::bind().await?;
        let serving = collector.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move {
                    // A client that leaves is no failure.
                    let _ = serving.serve(stream).await;
                });
            }
        });
        Ok(collector)
    }

    /// One that speaks gRPC.
    ///
    /// # Errors
    ///
    /// If no port can be had.
    pub async fn grpc() -> Result<Self, Failed> {
        let (listener, collector) = Self::bind().await?;
        let service = TraceServiceServer::new(collector.clone());
        let serving = Server::builder().add_service(service);
        tokio::spawn(serving.serve_with_incoming(TcpIncoming::from(listener)));
        Ok(collector)
    }

    /// One that takes connections and says nothing, ever.
    ///
    /// # Errors
    ///
    /// If no port can be had.
    pub async fn silent() -> Result<Self, Failed> {
        let (listener, collector) = Self::bind().await?;
        tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                held.push(stream);
            }
        });
        Ok(collector)
    }

    async fn bind() -> Result<(TcpListener, Self), Failed> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let received = Arc::default();
        Ok((listener, Self { url, received }))
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Another port of the same collector, where it speaks TLS with `leaf` and within that `spoken`, an ALPN name.
    ///
    /// # Errors
    ///
    /// If no port can be had or the certificate cannot be used.
    pub async fn tls_port(&self, leaf: &Leaf, spoken: &str) -> Result<u16, Failed> {
        let certificate = CertificateDer::from_pem_slice(leaf.certificate.as_bytes())?;
        let key = PrivateKeyDer::from_pem_slice(leaf.key.as_bytes())?;
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)?;
        config.alpn_protocols = vec![spoken.as_bytes().to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let target = self.url.trim_start_matches("http://").to_owned();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, target) = (acceptor.clone(), target.clone());
                tokio::spawn(async move {
                    let mut client = acceptor.accept(stream).await?;
                    let mut plain = TcpStream::connect(target).await?;
                    tokio::io::copy_bidirectional(&mut client, &mut plain).await
                });
            }
        });
        Ok(port)
    }

    /// All spans so far.
    #[must_use]
    pub fn spans(&self) -> Vec<ReceivedSpan> {
        self.received().spans.clone()
    }

    /// Whether `text` was anywhere in what came.
    #[must_use]
    pub fn has_heard(&self, text: &str) -> bool {
        let received = self.received();
        received
            .bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    }

    /// Waits until `find` finds what it looks for among the spans.
    ///
    /// # Errors
    ///
    /// If that does not come; the message holds what came.
    pub async fn until<T>(&self, find: impl Fn(&[ReceivedSpan]) -> Option<T>) -> Result<T, Failed> {
        let begun = std::time::Instant::now();
        loop {
            let spans = self.spans();
            if let Some(found) = find(&spans) {
                return Ok(found);
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("not among the spans that came: {spans:#?}").into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits for the whole trace of the request whose `traceparent` is `told`: its spans by name, once there are `count`.
    ///
    /// # Errors
    ///
    /// If they do not come.
    pub async fn trace(&self, told: &str, count: usize) -> Result<BTreeMap<String, ReceivedSpan>, Failed> {
        let trace = told.split('-').nth(1).ok_or("no traceparent")?.to_owned();
        self.until(|spans| {
            let found: BTreeMap<_, _> = spans
                .iter()
                .filter(|span| span.trace == trace)
                .map(|span| (span.name.clone(), span.clone()))
                .collect();
            (found.len() == count).then_some(found)
        })
        .await
    }

    fn received(&self) -> MutexGuard<'_, Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, head: &[u8], message: &ExportTraceServiceRequest) {
        let mut received = self.received();
        received.bytes.extend_from_slice(head);
        received.bytes.extend_from_slice(&message.encode_to_vec());
        for resource in &message.resource_spans {
            let known = resource.resource.iter().flat_map(|resource| &resource.attributes);
            let service = texts(known).remove("service.name").unwrap_or_default();
            for span in resource.scope_spans.iter().flat_map(|scope| &scope.spans) {
                received.spans.push(told(span, &service));
            }
        }
    }

    /// Requests of HTTP/1.1, one after the other.
    async fn serve(&self, stream: TcpStream) -> Result<(), Failed> {
        let mut stream = BufReader::new(stream);
        loop {
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                if stream.read_line(&mut head).await? == 0 {
                    return Ok(());
                }
            }
            let lower = head.to_lowercase();
            let field = |name: &str| {
                let mut lines = lower.lines();
                lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            };
            let length = field("content-length").ok_or("no length")?.parse()?;
            let mut body = vec![0; length];
            stream.read_exact(&mut body).await?;
            let is_otlp = lower.starts_with("post /v1/traces http/1.1")
                && field("content-type") == Some("application/x-protobuf");
            if !is_otlp {
                stream
                    .write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
                    .await?;
                continue;
            }
            self.take(head.as_bytes(), &ExportTraceServiceRequest::decode(&body[..])?);
            let answer =
                "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer.as_bytes()).await?;
        }
    }
}

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let head = format!("{:?}", request.metadata());
        self.take(head.as_bytes(), request.get_ref());
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

fn told(span: &Span, service: &str) -> ReceivedSpan {
    ReceivedSpan {
        trace: hex(&span.trace_id),
        id: hex(&span.span_id),
        parent: hex(&span.parent_span_id),
        name: span.name.clone(),
        kind: span.kind,
        started: span.start_time_unix_nano,
        ended: span.end_time_unix_nano,
        attributes: texts(&span.attributes),
        events: span.events.iter().map(|event| event.name.clone()).collect(),
        is_error: span
            .status
            .as_ref()
            .is_some_and(|status| status.code() == StatusCode::Error),
        state: span.trace_state.clone(),
        flags: span.flags,
        service: service.to_owned(),
    }
}

fn texts<'a>(attributes: impl IntoIterator<Item = &'a KeyValue>) -> BTreeMap<String, String> {
    let text = |attribute: &KeyValue| {
        let value = attribute.value.clone().and_then(|value| value.value);
        match value {
            Some(Value::StringValue(text)) => text,
            Some(Value::IntValue(number)) => number.to_string(),
            Some(Value::BoolValue(value)) => value.to_string(),
            other => format!("{other:?}"),
        }
    };
    attributes
        .into_iter()
        .map(|attribute| (attribute.key.clone(), text(attribute)))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
