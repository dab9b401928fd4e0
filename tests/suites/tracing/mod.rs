//! Traces, as a collector gets them.

mod delivery;
mod endings;
mod propagation;
mod spans;

use nexus_tests::{Collector, Failed, Gateway, ReceivedSpan, Trials};

/// The name of a query's request.
const REQUEST: &str = "POST /api/v1/query";

pub(crate) fn register(trials: &mut Trials) {
    spans::register(trials);
    endings::register(trials);
    propagation::register(trials);
    delivery::register(trials);
}

/// A gateway that sends everything to `collector`; `settings` are further keys of the section.
async fn traced(collector: &Collector, settings: &str) -> Result<Gateway, Failed> {
    Gateway::start_with(&format!(
        "[tracing]\nendpoint = \"{}\"\n{settings}\n",
        collector.url()
    ))
    .await
}

/// What an answer says of its request's span.
fn told(headers: &reqwest::header::HeaderMap) -> Result<String, Failed> {
    let value = headers.get("traceparent").ok_or("no traceparent in the answer")?;
    Ok(value.to_str()?.to_owned())
}

fn expect(span: &ReceivedSpan, attributes: &[(&str, &str)]) {
    for (key, value) in attributes {
        assert_eq!(span.attribute(key), *value, "{key} of {span:#?}");
    }
}
