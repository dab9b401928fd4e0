//! What becomes of spans when the collector is slow, away, or the gateway ends.

use std::time::{Duration, Instant};

use nexus_tests::{Authority, Collector, Database, Gateway, Outcome, Trials, run_gateway};
use reqwest::Method;
use serde_json::json;

use super::{told, traced};

pub(super) fn register(trials: &mut Trials) {
    trials.simple("tracing::the_last_spans_are_sent", last_spans);
    trials.simple("tracing::a_silent_collector", silent);
    trials.simple("tracing::no_collector", away);
    trials.simple("tracing::too_many_spans", too_many);
    trials.simple("tracing::over_tls", over_tls);
    trials.simple("tracing::settings", settings);
    trials.simple("tracing::unusable_authorities", unusable_authorities);
}

/// A gateway that ends sends what waits; a batch is gathered for longer than this takes.
async fn last_spans() -> Outcome {
    for grpc in [false, true] {
        let (collector, protocol) = if grpc {
            (Collector::grpc().await?, "protocol = \"grpc\"")
        } else {
            (Collector::http().await?, "")
        };
        let gateway = traced(&collector, protocol).await?;
        let answer = gateway.send(Method::GET, "/api/v1/drivers", None).await?;
        let id = told(&answer.headers)?;
        let log = gateway.stop().await?;
        assert!(!log.contains("were not sent"), "{log}");
        let spans = collector.spans();
        assert!(spans.iter().any(|span| id.contains(&span.id)), "{spans:#?}");
    }
    Ok(())
}

/// The longest that the gateway may take to end with a collector that says nothing: its own bound, and room for a busy machine.
const END: Duration = Duration::from_secs(15);

async fn unheard(gateway: Gateway) -> Outcome {
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    for _ in 0..20 {
        let answer = gateway.query(source, "SELECT 1 AS n", json!({})).await?;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    let stopping = Instant::now();
    let log = gateway.stop().await?;
    assert!(stopping.elapsed() < END, "{:?}", stopping.elapsed());
    let line = log.lines().find(|line| line.contains("some spans were not sent"));
    let line = line.ok_or_else(|| format!("the loss is not in the log: {log}"))?;
    let told: serde_json::Value = serde_json::from_str(line)?;
    let count = |key: &str| told[key].as_u64().unwrap_or_default();
    // 20 queries of 7 spans, and the source's registration.
    assert_eq!(count("sent"), 0, "{line}");
    assert!(
        count("failed") + count("waiting") + count("dropped") >= 142,
        "{line}"
    );
    Ok(())
}

/// A collector that takes connections and never answers holds up neither queries nor the end.
async fn silent() -> Outcome {
    let collector = Collector::silent().await?;
    unheard(traced(&collector, "timeout = \"1m\"").await?).await?;
    unheard(traced(&collector, "timeout = \"1m\"\nprotocol = \"grpc\"").await?).await
}

/// A collector that is not there is said in the log, and so is its coming.
async fn away() -> Outcome {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", nobody.local_addr()?);
    drop(nobody);
    let settings = format!("[tracing]\nendpoint = \"{url}\"\ntimeout = \"100ms\"");
    let gateway = Gateway::start_with(&settings).await?;
    gateway.send(Method::GET, "/api/v1/drivers", None).await?;
    let begun = Instant::now();
    while !gateway.log().contains("traces cannot be sent") {
        assert!(begun.elapsed() < END, "not in the log: {}", gateway.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let metrics = gateway.answer(gateway.request(Method::GET, "/metrics")?).await?;
    assert!(
        metrics
            .text
            .contains("nexus_trace_spans_total{outcome=\"failed\"} 2"),
        "{}",
        metrics.text
    );
    unheard(gateway).await
}

/// More spans than can wait are dropped and counted, and the queries go on.
async fn too_many() -> Outcome {
    let collector = Collector::silent().await?;
    let gateway = traced(&collector, "timeout = \"1m\"").await?;
    let url = "/health/live";
    let begun = Instant::now();
    loop {
        let requests = (0..64).map(|_| gateway.answer(gateway.bare_request(Method::GET, url)));
        for answer in futures_util::future::try_join_all(requests).await? {
            assert_eq!(answer.status, 200);
        }
        let metrics = gateway.answer(gateway.request(Method::GET, "/metrics")?).await?;
        let mut lines = metrics.text.lines();
        let line = lines.find(|line| line.starts_with("nexus_trace_spans_total{outcome=\"dropped\"}"));
        if let Some(line) = line.filter(|line| !line.ends_with(" 0")) {
            assert!(line.ends_with(|digit: char| digit.is_ascii_digit()), "{line}");
            break;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "nothing is dropped");
    }
    let log = gateway.stop().await?;
    assert!(log.contains("\"waiting\":8"), "{log}");
    Ok(())
}

/// Over TLS, to a collector whose authority is known, with a key for it.
async fn over_tls() -> Outcome {
    let authority = Authority::new("collectors")?;
    let leaf = authority.certify("localhost")?;
    for grpc in [false, true] {
        let (collector, protocol, spoken) = if grpc {
            (Collector::grpc().await?, "grpc", "h2")
        } else {
            (Collector::http().await?, "http", "http/1.1")
        };
        let port = collector.tls_port(&leaf, spoken).await?;
        let folder = tempfile::tempdir()?;
        let ca_file = folder.path().join("ca.pem");
        let headers_file = folder.path().join("headers");
        std::fs::write(&ca_file, authority.pem())?;
        std::fs::write(&headers_file, "x-collector-key: the-collectors-own\n")?;
        let settings = format!(
            "[tracing]\nendpoint = \"https://localhost:{port}\"\nprotocol = \"{protocol}\"\n\
             headers_file = {headers_file:?}\n"
        );
        // Nobody the system trusts has signed it.
        let gateway = Gateway::start_with(&settings).await?;
        gateway.send(Method::GET, "/api/v1/drivers", None).await?;
        assert!(gateway.stop().await?.contains("some spans were not sent"));
        assert!(collector.spans().is_empty() && !collector.has_heard("the-collectors-own"));
        let gateway = Gateway::start_with(&format!("{settings}ca_file = {ca_file:?}\n")).await?;
        gateway.send(Method::GET, "/api/v1/drivers", None).await?;
        let log = gateway.stop().await?;
        assert!(!collector.spans().is_empty(), "{log}");
        assert!(collector.has_heard("the-collectors-own"));
    }
    Ok(())
}

/// What cannot be meant is refused at the start, and secrets are not shown.
async fn settings() -> Outcome {
    let folder = tempfile::tempdir()?;
    let config = folder.path().join("nexus.toml");
    for (settings, reason) in [
        ("endpoint = \"collector\"", "must be a URL"),
        ("endpoint = \"http://u:hunter2@c\"", "must not hold a user name"),
        (
            "endpoint = \"http://c:4318\"\nheaders = \"key: hunter2\"",
            "must be https",
        ),
        (
            "endpoint = \"http://c:4317/x\"\nprotocol = \"grpc\"",
            "must have no path",
        ),
        ("sample_ratio = 2.0", "between 0 and 1"),
        ("protocol = \"smoke\"", "must be http or grpc"),
        ("timeout = \"1h\"", "at most 1m"),
        ("headers = \"key: hunter2\"\nheaders_file = \"/x\"", "only one"),
        ("headers = \"hunter2\"", "line 1"),
        ("headers_file = \"nowhere\"", "nowhere"),
    ] {
        std::fs::write(&config, format!("[tracing]\n{settings}\n"))?;
        let ran = run_gateway(&config, &["config", "check"]).await?;
        assert!(
            ran.code != Some(0) && ran.said.contains(reason),
            "{settings}: {}",
            ran.said
        );
        assert!(!ran.said.contains("hunter2"), "{}", ran.said);
    }
    let file = folder.path().join("headers");
    std::fs::write(&file, "api-key: hunter2\n")?;
    let settings = format!("[tracing]\nendpoint = \"https://c\"\nheaders_file = {file:?}\n");
    std::fs::write(&config, settings)?;
    let shown = run_gateway(&config, &["config", "show"]).await?;
    let is_safe = shown.said.contains("headers_file") && !shown.said.contains("hunter2");
    assert!(shown.code == Some(0) && is_safe, "{}", shown.said);
    Ok(())
}

/// A file without authorities is told with its key, by the check as by the start.
async fn unusable_authorities() -> Outcome {
    let folder = tempfile::tempdir()?;
    let config = folder.path().join("nexus.toml");
    let leaf = Authority::new("collectors")?.certify("localhost")?;
    let armour = "-----BEGIN CERTIFICATE-----\naHVudGVyMg==\n-----END CERTIFICATE-----\n";
    for (name, content, reason) in [
        ("missing.pem", None, "reading"),
        ("text.pem", Some("hunter2"), "no certificate in it"),
        ("key.pem", Some(&*leaf.key), "no certificate in it"),
        ("armour.pem", Some(armour), "one that cannot be read"),
    ] {
        let file = folder.path().join(name);
        if let Some(content) = content {
            std::fs::write(&file, content)?;
        }
        let settings = format!("[tracing]\nendpoint = \"https://c\"\nca_file = {file:?}\n");
        std::fs::write(&config, settings)?;
        for arguments in [&["config", "check"][..], &["serve", "--listen", "127.0.0.1:0"]] {
            let ran = run_gateway(&config, arguments).await?;
            assert_eq!(ran.code, Some(1), "{name}: {}", ran.said);
            let says = |part: &str| ran.said.contains(part);
            let is_told = says("tracing.ca_file: ") && says(name) && says(reason);
            assert!(is_told && !says("hunter2"), "{name}: {}", ran.said);
        }
    }
    Ok(())
}
