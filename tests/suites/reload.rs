//! Settings that change while the gateway runs.

use std::path::PathBuf;

use gateway_core::SourceGrant;
use nexus_tests::{Database, Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::json;
use tokio::process::Command;

use crate::replicas::until_seen;

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("reload::by_writing", by_writing);
    trials.simple("reload::by_signal", by_signal);
    trials.simple("reload::bounds_of_queries", bounds_of_queries);
    trials.simple("reload::log", log);
    trials.simple("reload::unusable", unusable);
    trials.simple("reload::secrets", secrets);
    trials.simple("reload::under_way", under_way);
    trials.simple("reload::never_opens_the_gateway", never_opens_the_gateway);
}

fn file(gateway: &Gateway) -> PathBuf {
    gateway.folder().join("nexus.toml")
}

async fn limit(gateway: &Gateway) -> Result<Option<String>, Failed> {
    let answer = gateway.send(Method::GET, "/api/v1/drivers", None).await?;
    let limit = answer.headers.get("x-ratelimit-limit");
    Ok(limit.and_then(|value| value.to_str().ok()).map(str::to_owned))
}

/// A changed file is noticed; what needs a restart is named.
async fn by_writing() -> Outcome {
    let gateway = Gateway::start_with("limits.burst = 7000\n").await?;
    assert_eq!(limit(&gateway).await?.as_deref(), Some("7000"));
    std::fs::write(
        file(&gateway),
        "limits.burst = 8000\nserver.workers = 7\nmetrics.listen = \"off\"\nstore.url = \"sqlite://other.db\"\n",
    )?;
    until_seen(async || Ok(limit(&gateway).await?.as_deref() == Some("8000"))).await?;
    until_seen(async || Ok(gateway.log().contains("\"restart\":\"server.workers, store."))).await
}

/// Queries keep to the new bounds.
async fn bounds_of_queries() -> Outcome {
    let gateway = Gateway::start_with("query.max_rows = 50\n").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let status = async || -> Result<u16, Failed> {
        let answer = gateway.query(source, "SELECT 1", json!({"limit": 60})).await?;
        Ok(answer.status)
    };
    assert_eq!(status().await?, 422);
    std::fs::write(file(&gateway), "query.max_rows = 70\n")?;
    // Where sources may point was reset, too, so what is right is refused for that.
    until_seen(async || Ok(status().await? != 422)).await
}

/// The log takes another level and another form from the next line on.
async fn log() -> Outcome {
    let gateway = Gateway::start().await?;
    let has = async |text: &str| -> Result<bool, Failed> {
        limit(&gateway).await?;
        Ok(gateway.log().contains(text))
    };
    until_seen(async || has("\"msg\":\"request\"").await).await?;
    std::fs::write(file(&gateway), "log.level = \"error\"\n")?;
    until_seen(async || {
        let before = gateway.log().len();
        limit(&gateway).await?;
        limit(&gateway).await?;
        Ok(gateway.log().len() == before)
    })
    .await?;
    std::fs::write(file(&gateway), "log.format = \"terminal\"\n")?;
    until_seen(async || has("INFO request, correlationId: ").await).await
}

/// SIGHUP reads them again, whatever the file's date.
async fn by_signal() -> Outcome {
    let gateway = Gateway::start_with("limits.burst = 7000\n").await?;
    let pid = gateway.pid().ok_or("it has ended")?.to_string();
    Command::new("sh")
        .args(["-c", "kill -s HUP \"$0\"", &pid])
        .status()
        .await?;
    until_seen(async || Ok(gateway.log().contains("the settings were taken over"))).await?;
    std::fs::write(file(&gateway), "limits.rate = 0\n")?;
    Command::new("sh")
        .args(["-c", "kill -s HUP \"$0\"", &pid])
        .status()
        .await?;
    until_seen(async || Ok(limit(&gateway).await?.is_none())).await
}

/// Settings that are wrong anywhere are refused as a whole, with the reason in the log.
async fn unusable() -> Outcome {
    let gateway = Gateway::start_with("limits.burst = 7000\n").await?;
    for (text, reason) in [
        (
            "limits.burst = 8000\nlimits.brust = 1\n",
            "did you mean limits.burst?",
        ),
        (
            "limits.burst = 8000\nauth.jwt.leeway = \"1h\"\n",
            "auth.jwt.leeway must be at most 10m",
        ),
        ("limits.burst = 8000\n[", "TOML parse error"),
    ] {
        std::fs::write(file(&gateway), text)?;
        until_seen(async || Ok(gateway.log().contains(reason))).await?;
        assert_eq!(limit(&gateway).await?.as_deref(), Some("7000"), "{text}");
    }
    Ok(())
}

/// A new secret is taken over: tokens of the old one are refused, those of the new one accepted.
async fn secrets() -> Outcome {
    let old = "the old secret, which is of sufficient length";
    let gateway = Gateway::without_secret(&format!("auth.jwt.secret = {old:?}\n")).await?;
    let token = crate::tokens::issuer::signed_with(
        old.as_bytes(),
        "{\"alg\":\"HS256\"}",
        &crate::tokens::issuer::claims().to_string(),
    );
    let status = async |token: &str| -> Result<u16, Failed> {
        let request = gateway
            .bare_request(Method::GET, "/api/v1/drivers")
            .bearer_auth(token);
        Ok(gateway.answer(request).await?.status)
    };
    assert_eq!(status(&token).await?, 200);
    std::fs::write(
        file(&gateway),
        format!("auth.jwt.secret = {:?}\n", nexus_tests::SECRET),
    )?;
    until_seen(async || Ok(status(&token).await? == 401)).await?;
    assert_eq!(status(&gateway.token("query", SourceGrant::All)?).await?, 200);
    Ok(())
}

/// What is under way ends as it began.
async fn under_way() -> Outcome {
    let gateway = Gateway::start_with("limits.per_caller = 2\nlimits.queue = 0\n").await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    let body = json!({"dataSourceId": source.to_string(), "sql": endless, "timeoutMs": 60000});
    let request = gateway
        .request(Method::POST, "/api/v1/query")?
        .header("accept", "application/x-ndjson")
        .body(body.to_string());
    let mut flowing = request.send().await?;
    assert!(flowing.chunk().await?.is_some());
    std::fs::write(
        file(&gateway),
        "limits.per_caller = 1\nlimits.queue = 0\nlimits.burst = 8000\n",
    )?;
    until_seen(async || Ok(limit(&gateway).await?.as_deref() == Some("8000"))).await?;
    for _ in 0..50 {
        assert!(flowing.chunk().await?.is_some(), "the stream has ended");
    }
    Ok(())
}

/// Settings under which a gateway could start without authentication do not open one that runs.
async fn never_opens_the_gateway() -> Outcome {
    let gateway = Gateway::start_with("limits.burst = 7000\n").await?;
    for (text, reason) in [
        (
            "auth.enabled = false\nlimits.burst = 8000\n",
            "auth.enabled = false is not taken over",
        ),
        (
            "auth.mtls.enabled = true\nserver.tls.cert_file = \"a\"\nserver.tls.key_file = \"b\"\nserver.tls.client_ca_file = \"c\"\n",
            "auth.mtls.enabled needs a listener",
        ),
    ] {
        std::fs::write(file(&gateway), text)?;
        until_seen(async || Ok(gateway.log().contains(reason))).await?;
        let nobody = gateway.bare_request(Method::GET, "/api/v1/drivers");
        assert_eq!(gateway.answer(nobody).await?.status, 401);
        assert_eq!(limit(&gateway).await?.as_deref(), Some("7000"));
    }
    Ok(())
}
