//! Bounds on what is under way at once.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use gateway_core::{DataSourceId, SourceGrant};
use nexus_tests::{Answer, Database, Failed, Gateway, Outcome, Trials};
use reqwest::{Method, Response};
use serde_json::json;

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("limits::per_caller", per_caller);
    trials.simple("limits::per_source", per_source);
    trials.simple("limits::queue", queue);
    trials.simple("limits::waiting_ends", waiting_ends);
    trials.simple("limits::rates_are_told", rates_are_told);
    trials.simple("limits::networks_share_a_rate", networks_share_a_rate);
}

const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";

/// A stream that has begun; dropped, its query ends.
async fn flowing(gateway: &Gateway, bearer: &str, source: DataSourceId) -> Result<Response, Failed> {
    let body = json!({"dataSourceId": source.to_string(), "sql": ENDLESS, "timeoutMs": 60000});
    let mut response = gateway
        .bare_request(Method::POST, "/api/v1/query")
        .header("accept", "application/x-ndjson")
        .bearer_auth(bearer)
        .body(body.to_string())
        .send()
        .await?;
    assert_eq!(response.status(), 200);
    assert!(response.chunk().await?.is_some());
    Ok(response)
}

async fn one(gateway: &Gateway, bearer: &str, source: DataSourceId) -> Result<Answer, Failed> {
    let body = json!({"dataSourceId": source.to_string(), "sql": "SELECT 1"}).to_string();
    let request = gateway
        .bare_request(Method::POST, "/api/v1/query")
        .bearer_auth(bearer)
        .body(body);
    gateway.answer(request).await
}

fn refused(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.code()),
        (503, "OVERLOADED"),
        "{}",
        answer.text
    );
    assert!(answer.headers.contains_key("retry-after"), "{:?}", answer.headers);
    assert_eq!(answer.body["error"]["retryable"], true);
}

/// One caller at its limit takes nothing from another, and has its place back when an answer ends.
async fn per_caller() -> Outcome {
    let gateway = Gateway::start_with("limits.per_caller = 2\nlimits.queue = 0\n").await?;
    let database = Database::file()?;
    let (source, other) = (
        gateway.register(&database).await?,
        gateway.register(&database).await?,
    );
    let (ann, bob) = (
        gateway.token_of("ann", "query", SourceGrant::All)?,
        gateway.token_of("bob", "query", SourceGrant::All)?,
    );
    let first = flowing(&gateway, &ann, source).await?;
    let _second = flowing(&gateway, &ann, other).await?;
    refused(&one(&gateway, &ann, source).await?);
    assert_eq!(one(&gateway, &bob, source).await?.status, 200);
    drop(first);
    crate::replicas::until_seen(async || Ok(one(&gateway, &ann, source).await?.status == 200)).await
}

/// One source at its limit takes nothing from another.
async fn per_source() -> Outcome {
    let gateway = Gateway::start_with("limits.per_source = 1\nlimits.queue = 0\n").await?;
    let database = Database::file()?;
    let (full, free) = (
        gateway.register(&database).await?,
        gateway.register(&database).await?,
    );
    let ann = gateway.token_of("ann", "query", SourceGrant::All)?;
    let bob = gateway.token_of("bob", "query", SourceGrant::All)?;
    let _held = flowing(&gateway, &ann, full).await?;
    refused(&one(&gateway, &bob, full).await?);
    assert_eq!(one(&gateway, &bob, free).await?.status, 200);
    Ok(())
}

/// Of those who come beyond the limit as many wait as the queue has room for; whoever waits has a turn when a place comes
/// free, and the others are refused at once.
async fn queue() -> Outcome {
    let settings = "limits.per_caller = 1\nlimits.queue = 1\nlimits.queue_timeout = \"60s\"\n";
    let gateway = Gateway::start_with(settings).await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let ann = gateway.token_of("ann", "query", SourceGrant::All)?;
    let held = flowing(&gateway, &ann, source).await?;
    let mut three: FuturesUnordered<_> = (0..3).map(|_| one(&gateway, &ann, source)).collect();
    for _ in 0..2 {
        let answer = three.next().await.ok_or("an answer")??;
        refused(&answer);
        assert!(answer.text.contains("under way and waiting"), "{}", answer.text);
    }
    drop(held);
    let waited = three.next().await.ok_or("an answer")??;
    assert_eq!(waited.status, 200, "{}", waited.text);
    Ok(())
}

/// Nobody waits longer than the settings say.
async fn waiting_ends() -> Outcome {
    let settings = "limits.per_caller = 1\nlimits.queue = 1\nlimits.queue_timeout = \"200ms\"\n";
    let gateway = Gateway::start_with(settings).await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let ann = gateway.token_of("ann", "query", SourceGrant::All)?;
    let _held = flowing(&gateway, &ann, source).await?;
    let late = one(&gateway, &ann, source).await?;
    refused(&late);
    assert!(late.text.contains("waited too long"), "{}", late.text);
    Ok(())
}

/// Every answer says how much is left; a refusal says how long to wait.
async fn rates_are_told() -> Outcome {
    let gateway = Gateway::start_with("limits.rate = 1\nlimits.burst = 3\n").await?;
    let ann = gateway.token_of("ann", "query", SourceGrant::All)?;
    let ask = async || {
        let request = gateway
            .bare_request(Method::GET, "/api/v1/drivers")
            .bearer_auth(&ann);
        gateway.answer(request).await
    };
    let number = |answer: &Answer, name: &str| -> Result<u64, Failed> {
        Ok(answer.headers.get(name).ok_or(name)?.to_str()?.parse()?)
    };
    for left in [2, 1, 0] {
        let answer = ask().await?;
        assert_eq!(answer.status, 200);
        assert_eq!(number(&answer, "x-ratelimit-limit")?, 3);
        // A slow machine may get one back meanwhile.
        assert!((left..=3).contains(&number(&answer, "x-ratelimit-remaining")?));
    }
    let refused = loop {
        let answer = ask().await?;
        if answer.status != 200 {
            break answer;
        }
    };
    assert_eq!((refused.status, refused.code()), (429, "RATE_LIMIT_EXCEEDED"));
    assert_eq!(number(&refused, "x-ratelimit-remaining")?, 0);
    assert!((1..=3).contains(&number(&refused, "retry-after")?));
    assert!((1..=3).contains(&number(&refused, "x-ratelimit-reset")?));
    let bob = gateway.token_of("bob", "query", SourceGrant::All)?;
    let request = gateway
        .bare_request(Method::GET, "/api/v1/drivers")
        .bearer_auth(bob);
    assert_eq!(
        gateway.answer(request).await?.status,
        200,
        "another caller has an allowance of its own"
    );
    Ok(())
}

/// Who has a whole network of addresses has the allowance of one as long as nobody knows who it is.
async fn networks_share_a_rate() -> Outcome {
    let gateway =
        Gateway::start_with("server.trusted_proxies = [\"127.0.0.1\"]\nlimits.rate = 1\nlimits.burst = 2\n")
            .await?;
    let refused = async |network: &str| {
        let mut refused = 0;
        for host in 1..=50 {
            let request = gateway
                .bare_request(Method::GET, "/api/v1/datasources")
                .header("x-forwarded-for", format!("2001:db8:0:{network}::{host}"));
            refused += u32::from(gateway.answer(request).await?.status == 429);
        }
        Ok::<_, Failed>(refused)
    };
    assert_ne!(refused("1").await?, 0);
    let other = gateway
        .bare_request(Method::GET, "/api/v1/datasources")
        .header("x-forwarded-for", "2001:db8:0:2::1");
    assert_eq!(gateway.answer(other).await?.status, 401);
    Ok(())
}
