//! What the gateway counts and times, as a real scrape shows it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;

use gateway_core::{DataSourceId, SourceGrant};
use nexus_tests::{Collector, Database, Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("metrics::documented", documented);
    trials.simple("metrics::outcomes", outcomes);
    trials.simple("metrics::broken_answers", broken_answers);
    trials.simple("metrics::own_listener", own_listener);
    trials.simple("metrics::taken_port", taken_port);
    trials.simple("metrics::slow_query", slow_query);
}

pub(crate) const ENDLESS: &str =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";

/// One line of a scrape: the labels and the value.
type Series = (BTreeMap<String, String>, f64);

/// A scrape in parts.
struct Scrape {
    kinds: BTreeMap<String, String>,
    explained: BTreeSet<String>,
    series: BTreeMap<String, Vec<Series>>,
}

impl Scrape {
    fn read(text: &str) -> Self {
        let (mut kinds, mut explained) = (BTreeMap::new(), BTreeSet::new());
        let mut series: BTreeMap<String, Vec<Series>> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').expect("a type");
                kinds.insert(name.to_owned(), kind.to_owned());
            } else if let Some(rest) = line.strip_prefix("# HELP ") {
                explained.insert(rest.split_once(' ').expect("an explanation").0.to_owned());
            } else {
                let (name, one) = parse(line);
                series.entry(name).or_default().push(one);
            }
        }
        Self {
            kinds,
            explained,
            series,
        }
    }

    /// The sum of the series of `name` that have all of `labels`.
    fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let has = |series: &Series| {
            let of = |key: &str| series.0.get(key).map(String::as_str);
            labels.iter().all(|(key, value)| of(key) == Some(*value))
        };
        let all = self.series.get(name).into_iter().flatten();
        all.filter(|series| has(series)).map(|series| series.1).sum()
    }

    /// The labels that series of the metric `name` have, but for a histogram's own.
    fn labels(&self, name: &str) -> BTreeSet<String> {
        let parts = [name.to_owned(), format!("{name}_count")];
        let all = parts.iter().filter_map(|part| self.series.get(part)).flatten();
        all.flat_map(|(labels, _)| labels.keys().cloned()).collect()
    }
}

fn parse(line: &str) -> (String, Series) {
    let (name, value) = line.rsplit_once(' ').expect("a value");
    let value: f64 = value.parse().expect("a number");
    let Some((name, labels)) = name.split_once('{') else {
        return (name.to_owned(), (BTreeMap::new(), value));
    };
    let labels = labels
        .trim_end_matches('}')
        .split("\",")
        .filter(|part| !part.is_empty());
    let labels = labels.map(|part| {
        let (key, text) = part.split_once("=\"").expect("a label");
        (key.to_owned(), text.trim_end_matches('"').to_owned())
    });
    (name.to_owned(), (labels.collect(), value))
}

async fn scrape(gateway: &Gateway) -> Result<Scrape, Failed> {
    let answer = gateway.send(Method::GET, "/metrics", None).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    Ok(Scrape::read(&answer.text))
}

/// Asks until the scrape has what is looked for: what a reader leaves behind is counted when the gateway notices.
async fn until(gateway: &Gateway, what: impl Fn(&Scrape) -> bool) -> Result<Scrape, Failed> {
    for _ in 0..200 {
        let found = scrape(gateway).await?;
        if what(&found) {
            return Ok(found);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Err("the metrics do not come to what was expected".into())
}

/// Every kind of outcome that a source can have without a server.
pub(crate) async fn load(gateway: &Gateway, source: DataSourceId) -> Outcome {
    let answer = gateway
        .query(source, "SELECT 1 UNION ALL SELECT 2", json!({}))
        .await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    for (sql, extra, status) in [
        ("DELETE FROM t", json!({}), 403),
        ("SELECT load_extension('x')", json!({}), 403),
        ("SELECT", json!({}), 400),
        ("SELECT * FROM nowhere", json!({}), 422),
        (
            ENDLESS,
            json!({"limit": 10, "offset": 100_000_000_000_u64, "timeoutMs": 100}),
            504,
        ),
    ] {
        let answer = gateway.query(source, sql, extra).await?;
        assert_eq!(answer.status, status, "{sql}: {}", answer.text);
    }
    let mut left = flowing(gateway, source, "application/x-ndjson", None).await?;
    assert!(left.chunk().await?.is_some());
    Ok(())
}

/// A stream that has begun.
pub(crate) async fn flowing(
    gateway: &Gateway,
    source: DataSourceId,
    accept: &str,
    timeout_ms: Option<u64>,
) -> Result<reqwest::Response, Failed> {
    let body = json!({"dataSourceId": source.to_string(), "sql": ENDLESS, "timeoutMs": timeout_ms.unwrap_or(60_000)});
    let request = gateway.request(Method::POST, "/api/v1/query")?;
    let response = request
        .header("accept", accept)
        .body(body.to_string())
        .send()
        .await?;
    assert_eq!(response.status(), 200);
    Ok(response)
}

/// The page lists exactly the metrics that there are, each with its kind and its labels, and each explains itself.
async fn documented() -> Outcome {
    let collector = Collector::silent().await?;
    let gateway = Gateway::start_with(&format!("[tracing]\nendpoint = \"{}\"", collector.url())).await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    load(&gateway, source).await?;
    csv_that_breaks(&gateway, source).await?;
    gateway
        .answer(
            gateway
                .bare_request(Method::GET, "/api/v1/drivers")
                .bearer_auth("nobody's"),
        )
        .await?;
    let real = until(&gateway, |found| {
        found.sum("nexus_answers_broken_total", &[]) > 0.0
    })
    .await?;
    let page = include_str!("../../docs/operations.md");
    let mut written = BTreeMap::new();
    for line in page
        .lines()
        .filter(|line| line.starts_with("| `nexus_") || line.starts_with("| `process_"))
    {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let labels: BTreeSet<String> = cells[2]
            .split(", ")
            .map(|label| label.trim_matches('`').to_owned())
            .filter(|label| !label.is_empty())
            .collect();
        written.insert(
            cells[0].trim_matches('`').to_owned(),
            (cells[1].to_owned(), labels),
        );
    }
    let found: BTreeMap<_, _> = real
        .kinds
        .iter()
        .map(|(name, kind)| (name.clone(), (kind.clone(), real.labels(name))))
        .collect();
    assert_eq!(written, found);
    let unexplained: Vec<_> = real
        .kinds
        .keys()
        .filter(|name| !real.explained.contains(*name))
        .collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");
    Ok(())
}

/// Each outcome is counted once, where it belongs, and the labels tell nothing that a caller wrote.
async fn outcomes() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    load(&gateway, source).await?;
    let id = source.to_string();
    let of = |code| [("source", id.as_str()), ("engine", "sqlite"), ("code", code)];
    let found = until(&gateway, |found| {
        found.sum("nexus_queries_total", &of("QUERY_CANCELLED")) > 0.0
    })
    .await?;
    for (code, count) in [
        ("OK", 1.0),
        ("INVALID_SQL", 2.0),
        ("SQL_SYNTAX_ERROR", 1.0),
        ("QUERY_ERROR", 1.0),
        ("TIMEOUT_ERROR", 1.0),
        ("QUERY_CANCELLED", 1.0),
    ] {
        assert_eq!(found.sum("nexus_queries_total", &of(code)), count, "{code}");
    }
    assert_eq!(found.sum("nexus_queries_total", &[]), 7.0);
    assert_eq!(found.sum("nexus_query_rows_total", &[("source", &id)]), 2.0);
    assert_eq!(
        found.sum("nexus_query_duration_seconds_count", &[("source", &id)]),
        7.0
    );
    assert_eq!(
        found.sum("nexus_queries_cancelled_total", &[("cause", "deadline")]),
        1.0
    );
    assert_eq!(
        found.sum("nexus_queries_cancelled_total", &[("cause", "reader_left")]),
        1.0
    );
    assert_eq!(
        found.sum("nexus_statements_blocked_total", &[("engine", "sqlite")]),
        3.0
    );
    let route = [("route", "/api/v1/query")];
    assert_eq!(found.sum("nexus_http_requests_total", &route), 7.0);
    let answer = gateway.send(Method::GET, "/metrics", None).await?;
    for secret in ["nowhere", "load_extension", "RECURSIVE", "tester"] {
        assert!(!answer.text.contains(secret), "{secret}");
    }
    Ok(())
}

/// A stream in a form that has no word for a failure, cut by its deadline.
async fn csv_that_breaks(gateway: &Gateway, source: DataSourceId) -> Outcome {
    let response = flowing(gateway, source, "text/csv", Some(300)).await?;
    assert!(response.bytes().await.is_err(), "the body does not end well");
    Ok(())
}

/// Answers that fail after their status was sent are told apart from those that say so in it.
async fn broken_answers() -> Outcome {
    let gateway = Gateway::start().await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    csv_that_breaks(&gateway, source).await?;
    let found = until(&gateway, |found| {
        found.sum("nexus_answers_broken_total", &[]) > 0.0
    })
    .await?;
    assert_eq!(
        found.sum("nexus_answers_broken_total", &[("code", "TIMEOUT_ERROR")]),
        1.0
    );
    Ok(())
}

/// Whoever reaches the metrics' own port needs no credentials there, and finds nothing else.
async fn own_listener() -> Outcome {
    let gateway = Gateway::start_with("metrics.listen = \"127.0.0.1:0\"\n").await?;
    let address = own_address(&gateway)?;
    let client = reqwest::Client::new();
    let answer = client.get(format!("http://{address}/metrics")).send().await?;
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str()?.to_owned();
    assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
    assert!(answer.text().await?.contains("nexus_build_info{version="));
    for path in ["/", "/api/v1/query", "/api/v1/datasources", "/health/live"] {
        let answer = client.get(format!("http://{address}{path}")).send().await?;
        assert_eq!(answer.status(), 404, "{path}");
    }
    let bare = gateway.bare_request(Method::GET, "/metrics");
    assert_eq!(gateway.answer(bare).await?.status, 401);
    let token = gateway.token("query", SourceGrant::All)?;
    let unentitled = gateway.bare_request(Method::GET, "/metrics").bearer_auth(token);
    assert_eq!(gateway.answer(unentitled).await?.status, 403);
    gateway.stop().await?;
    assert!(
        client
            .get(format!("http://{address}/metrics"))
            .send()
            .await
            .is_err()
    );
    Ok(())
}

/// Where the metrics' own listener is.
pub(crate) fn own_address(gateway: &Gateway) -> Result<String, Failed> {
    let log = gateway.log();
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut told = lines.filter(|line| line["msg"] == "metrics can be had");
    let line = told
        .next()
        .ok_or("the log does not say where metrics can be had")?;
    Ok(line["address"].as_str().ok_or("no address")?.to_owned())
}

/// A port that the operator has chosen must be free; the start says which setting to change.
async fn taken_port() -> Outcome {
    let taken = TcpListener::bind("127.0.0.1:0")?;
    let address = taken.local_addr()?;
    let refused = Gateway::start_with(&format!("metrics.listen = \"{address}\"\n")).await;
    let message = refused.err().ok_or("it starts on a port that is taken")?;
    let message = message.message().unwrap_or_default();
    assert!(message.contains("metrics.listen: cannot listen on"), "{message}");
    Ok(())
}

/// A statement that takes long is in the log, with its waits and without its text.
async fn slow_query() -> Outcome {
    let gateway = Gateway::start_with("log.slow_query = \"50ms\"\n").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    gateway.query(source, "SELECT 'quick'", json!({})).await?;
    let extra = json!({"limit": 10, "offset": 100_000_000_000_u64, "timeoutMs": 100});
    gateway.query(source, ENDLESS, extra).await?;
    let found = until(&gateway, |found| found.sum("nexus_slow_queries_total", &[]) > 0.0).await?;
    assert_eq!(found.sum("nexus_slow_queries_total", &[]), 1.0);
    let log = gateway.stop().await?;
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let slow: Vec<Value> = lines.filter(|line| line["msg"] == "slow query").collect();
    assert_eq!(slow.len(), 1, "{log}");
    let line = &slow[0];
    assert_eq!(line["dataSourceId"], source.to_string());
    assert_eq!(
        (&line["code"], &line["principal"]),
        (&json!("TIMEOUT_ERROR"), &json!("tester"))
    );
    for key in ["ms", "admissionMs", "sessionMs", "rows", "correlationId"] {
        assert!(!line[key].is_null(), "{key}: {line}");
    }
    assert!(!log.contains("RECURSIVE"), "{log}");
    Ok(())
}
