//! Spans in the form that OTLP gives them.

use std::time::{SystemTime, UNIX_EPOCH};

use gateway_core::trace::{Span, SpanKind, SpanValue};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1 as otlp;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, SpanFlags, Status};
use uuid::Uuid;

use crate::TelemetrySettings;

/// The conventions by which attributes are named.
const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.37.0";

/// Who sends the spans.
pub(crate) fn resource(settings: &TelemetrySettings) -> Resource {
    let attributes = [
        ("service.name", settings.service_name.clone()),
        ("service.version", settings.service_version.clone()),
        ("service.instance.id", Uuid::new_v4().to_string()),
    ];
    Resource {
        attributes: attributes
            .into_iter()
            .map(|(key, value)| attribute(key, Value::StringValue(value)))
            .collect(),
        ..Resource::default()
    }
}

/// What a collector is sent.
pub(crate) fn request(resource: &Resource, spans: Vec<Span>) -> ExportTraceServiceRequest {
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(resource.clone()),
            scope_spans: vec![ScopeSpans {
                scope: Some(InstrumentationScope {
                    name: "nexus-gateway".to_owned(),
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    ..InstrumentationScope::default()
                }),
                spans: spans.into_iter().map(span).collect(),
                schema_url: SCHEMA_URL.to_owned(),
            }],
            schema_url: SCHEMA_URL.to_owned(),
        }],
    }
}

fn span(span: Span) -> otlp::Span {
    let mut attributes: Vec<KeyValue> = Vec::with_capacity(span.attributes.len() + 1);
    attributes.extend(
        span.attributes
            .into_iter()
            .map(|(key, known)| attribute(key, value(known))),
    );
    if let Some(code) = span.failure {
        attributes.push(attribute("error.type", Value::StringValue(code.to_owned())));
    }
    otlp::Span {
        trace_id: span.context.trace.0.to_vec(),
        span_id: span.context.span.0.to_vec(),
        trace_state: span.state.as_deref().unwrap_or_default().to_owned(),
        parent_span_id: span.parent.map(|parent| parent.0.to_vec()).unwrap_or_default(),
        flags: flags(span.context.is_sampled, span.is_parent_remote),
        name: span.name.into_owned(),
        kind: kind(span.kind).into(),
        start_time_unix_nano: nanos(span.started),
        end_time_unix_nano: nanos(span.ended),
        attributes,
        events: span
            .events
            .into_iter()
            .map(|event| otlp::span::Event {
                time_unix_nano: nanos(event.at),
                name: event.name.to_owned(),
                ..otlp::span::Event::default()
            })
            .collect(),
        // What a failure says may repeat values; its code is among the attributes.
        status: span.failure.map(|_| Status {
            code: otlp::status::StatusCode::Error.into(),
            message: String::new(),
        }),
        ..otlp::Span::default()
    }
}

/// The W3C flags, and whether the parent is another service's.
fn flags(is_sampled: bool, is_parent_remote: bool) -> u32 {
    let remote = if is_parent_remote {
        SpanFlags::ContextIsRemoteMask as u32
    } else {
        0
    };
    u32::from(is_sampled) | SpanFlags::ContextHasIsRemoteMask as u32 | remote
}

const fn kind(kind: SpanKind) -> otlp::span::SpanKind {
    match kind {
        SpanKind::Internal => otlp::span::SpanKind::Internal,
        SpanKind::Server => otlp::span::SpanKind::Server,
        SpanKind::Client => otlp::span::SpanKind::Client,
    }
}

fn value(value: SpanValue) -> Value {
    match value {
        SpanValue::Text(text) => Value::StringValue(text.into_owned()),
        SpanValue::Int(number) => Value::IntValue(number),
        SpanValue::Bool(value) => Value::BoolValue(value),
    }
}

fn attribute(key: &str, value: Value) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue { value: Some(value) }),
        ..KeyValue::default()
    }
}

fn nanos(at: SystemTime) -> u64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
