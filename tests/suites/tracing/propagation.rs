//! What goes from a caller's trace into the gateway's, and back.

use nexus_tests::{Collector, Failed, Gateway, Outcome, Trials};
use reqwest::Method;

use super::{expect, told, traced};
use crate::tokens::issuer::Issuer;
use crate::tokens::key_sets::{KeyServer, with_key_id};

pub(super) fn register(trials: &mut Trials) {
    trials.simple("tracing::continues_the_callers_trace", continues);
    trials.simple("tracing::the_callers_decision_holds", decisions);
    trials.simple("tracing::goes_on_to_the_keys_server", key_server);
    trials.simple("tracing::no_trace_unless_asked_for", off);
}

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";
const ROUTE: &str = "GET /api/v1/drivers";

/// Asks with headers; what the answer says of the request's span.
async fn ask(gateway: &Gateway, headers: &[(&str, &str)]) -> Result<String, Failed> {
    let mut request = gateway.request(Method::GET, "/api/v1/drivers")?;
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = gateway.answer(request).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    told(&answer.headers)
}

async fn continues() -> Outcome {
    let collector = Collector::http().await?;
    let gateway = traced(&collector, "").await?;
    let caller = format!("00-{TRACE}-{SPAN}-01");
    let answer = ask(
        &gateway,
        &[
            ("traceparent", &caller),
            ("tracestate", "a=1"),
            ("tracestate", "b=2"),
        ],
    )
    .await?;
    let spans = collector.trace(&answer, 2).await?;
    let request = &spans[ROUTE];
    assert_eq!((&*request.trace, &*request.parent), (TRACE, SPAN));
    assert_ne!(request.id, SPAN);
    assert_eq!(spans["authenticate"].parent, request.id);
    for span in spans.values() {
        assert_eq!(span.state, "a=1,b=2");
    }
    // Sampled, and the parent is known to be another service's: flags of OTLP.
    assert_eq!((request.flags, spans["authenticate"].flags), (0x301, 0x101));
    // What is not valid, or said twice, begins anew.
    for headers in [
        vec![("traceparent", "00-nonsense")],
        vec![("traceparent", &*caller), ("traceparent", &*caller)],
        vec![("tracestate", "a=1")],
    ] {
        let answer = ask(&gateway, &headers).await?;
        let spans = collector.trace(&answer, 2).await?;
        let request = &spans[ROUTE];
        assert_ne!(request.trace, TRACE);
        assert_eq!((&*request.parent, &*request.state), ("", ""), "{headers:?}");
    }
    Ok(())
}

/// The flag that came decides, whatever the ratio; the ratio decides where none came.
async fn decisions() -> Outcome {
    let (kept, dropped) = (format!("00-{TRACE}-{SPAN}-01"), format!("00-{TRACE}-{SPAN}-00"));
    for ratio in ["0", "1.0"] {
        let collector = Collector::http().await?;
        let gateway = traced(&collector, &format!("sample_ratio = {ratio}")).await?;
        let unkept = ask(&gateway, &[("traceparent", &dropped)]).await?;
        assert!(
            unkept.starts_with(&format!("00-{TRACE}-")) && unkept.ends_with("-00"),
            "{unkept}"
        );
        assert!(!unkept.contains(SPAN));
        let alone = ask(&gateway, &[]).await?;
        let flag = if ratio == "0" { "-00" } else { "-01" };
        assert!(alone.ends_with(flag), "{alone}");
        let answer = ask(&gateway, &[("traceparent", &kept)]).await?;
        assert!(answer.ends_with("-01"), "{answer}");
        // The log has the trace's id in any case.
        let log = gateway.stop().await?;
        assert!(log.contains(&alone[3..35]), "{log}");
        // All that was to come has come by now.
        let requests = collector.spans().into_iter().filter(|span| span.name == ROUTE);
        let ids: Vec<String> = requests.map(|span| span.id).collect();
        assert_eq!(ids.len(), if ratio == "0" { 1 } else { 2 }, "{ids:?}");
        assert!(ids.iter().any(|id| answer.contains(id)));
        assert!(!ids.iter().any(|id| unkept.contains(id)));
    }
    Ok(())
}

/// A key set that a request asks for is asked for within its trace; in the background it is nobody's.
async fn key_server() -> Outcome {
    let collector = Collector::http().await?;
    let issuer = Issuer::ours().await?;
    let server = KeyServer::start(&issuer.jwks).await?;
    let settings = format!(
        "{}[tracing]\nendpoint = \"{}\"\n",
        server.settings("0"),
        collector.url()
    );
    let gateway = Gateway::without_secret(&settings).await?;
    let token = with_key_id(&issuer.key("ES256")?.token);
    let ask = async |flags: &str| {
        let request = gateway.bare_request(Method::GET, "/api/v1/drivers");
        let request = request.header("traceparent", format!("00-{TRACE}-{SPAN}-{flags}"));
        let answer = gateway.answer(request.bearer_auth(&token)).await?;
        assert_eq!(answer.status, 401, "{}", answer.text);
        told(&answer.headers)
    };
    ask("00").await?;
    let heard = server.requests();
    let is_told = |head: &String| head.contains("traceparent");
    assert!(!heard.is_empty() && !heard.iter().any(is_told), "{heard:?}");
    for (status, failure) in [(200, ""), (500, "CONNECTION_ERROR")] {
        server.answer_with(status, &issuer.jwks.to_string());
        let answer = ask("01").await?;
        let heard = server.requests();
        let head = heard.iter().rfind(|head| is_told(head)).ok_or("not told")?;
        let all = collector
            .until(|spans| {
                let of_request = spans.iter().find(|span| answer.contains(&span.id))?;
                let parts = spans.iter().filter(|span| span.parent == of_request.id);
                Some((of_request.clone(), parts.cloned().collect::<Vec<_>>()))
            })
            .await?;
        let (request, parts) = all;
        let get = parts.iter().find(|span| span.name == "GET").ok_or("no span")?;
        assert!(get.is_within(&request), "{get:#?}");
        assert!(
            head.contains(&format!("traceparent: 00-{TRACE}-{}-01", get.id)),
            "{head}"
        );
        assert_eq!(get.is_error, status != 200);
        expect(
            get,
            &[
                ("http.request.method", "GET"),
                ("http.response.status_code", &status.to_string()),
                ("server.address", "127.0.0.1"),
            ],
        );
        assert_eq!(get.attribute("error.type"), failure);
    }
    Ok(())
}

async fn off() -> Outcome {
    let gateway = Gateway::start().await?;
    let caller = format!("00-{TRACE}-{SPAN}-01");
    let request = gateway.request(Method::GET, "/api/v1/drivers")?;
    let answer = gateway.answer(request.header("traceparent", caller)).await?;
    assert!(
        !answer.headers.contains_key("traceparent"),
        "{:?}",
        answer.headers
    );
    let log = gateway.stop().await?;
    assert!(!log.contains("traceId") && !log.contains(TRACE), "{log}");
    Ok(())
}
