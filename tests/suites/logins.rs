//! Thousands of wrong credentials: throttled, without growth, and without harm to those who have the right ones.

use gateway_core::SourceGrant;
use nexus_tests::{Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::json;

const ATTEMPTS: usize = 10_000;

/// Resident memory may grow by this much over all attempts, in KiB: far less than a kilobyte an attempt.
const MOST_GROWTH: u64 = 4096;

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("logins::ten_thousand_wrong_keys", wrong_keys);
    trials.simple("logins::ten_thousand_wrong_tokens", wrong_tokens);
}

async fn wrong_keys() -> Outcome {
    let secret = "A".repeat(43);
    storm(move |number| format!("nxk_{number:016x}_{secret}")).await
}

async fn wrong_tokens() -> Outcome {
    let expiry = crate::tokens::issuer::now() + 600;
    storm(move |number| {
        let claims =
            json!({"sub": format!("caller {number}"), "exp": expiry, "scope": "admin", "sources": ["*"]});
        let good = crate::tokens::issuer::signed(&json!({"alg": "HS256"}), &claims);
        let (signed, _) = good.rsplit_once('.').unwrap_or_default();
        format!("{signed}.{}", "A".repeat(43))
    })
    .await
}

async fn storm(wrong: impl Fn(usize) -> String) -> Outcome {
    let gateway = Gateway::start_with("limits.rate = 0\nlimits.login_failures = 10\n").await?;
    let key = json!({"name": "good", "scopes": ["query"], "sources": ["*"]});
    let made = gateway.send(Method::POST, "/api/v1/apikeys", Some(&key)).await?;
    let key = made.data()["key"].as_str().ok_or(made.text.clone())?.to_owned();
    let token = gateway.token("query", SourceGrant::All)?;
    // What the first requests of a process take is not growth.
    for _ in 0..500 {
        attempt(&gateway, &token).await?;
    }
    let before = resident_kib(&gateway)?;
    let (mut refused, mut throttled) = (0, 0);
    for number in 0..ATTEMPTS {
        match attempt(&gateway, &wrong(number)).await? {
            401 => refused += 1,
            429 => throttled += 1,
            other => return Err(format!("attempt {number} was answered with {other}").into()),
        }
        if number % 1000 == 0 {
            assert_eq!(attempt(&gateway, &key).await?, 200, "the right key, in the storm");
            assert_eq!(
                attempt(&gateway, &token).await?,
                200,
                "the right token, in the storm"
            );
            let fresh = gateway.token_of(&format!("caller {number}"), "query", SourceGrant::All)?;
            assert_eq!(
                attempt(&gateway, &fresh).await?,
                200,
                "a right token never seen before"
            );
        }
    }
    let growth = resident_kib(&gateway)?.saturating_sub(before);
    // A minute may begin anew in the middle of it.
    assert!(
        (10..=40).contains(&refused),
        "{refused} refused, {throttled} throttled"
    );
    assert!(growth <= MOST_GROWTH, "grew by {growth} KiB");
    Ok(())
}

async fn attempt(gateway: &Gateway, bearer: &str) -> Result<u16, Failed> {
    let request = gateway
        .bare_request(Method::GET, "/api/v1/drivers")
        .bearer_auth(bearer);
    let answer = gateway.answer(request).await?;
    assert_eq!(
        answer.headers.contains_key("retry-after"),
        answer.status == 429,
        "{}",
        answer.text
    );
    Ok(answer.status)
}

fn resident_kib(gateway: &Gateway) -> Result<u64, Failed> {
    let pid = gateway.pid().ok_or("it has ended")?;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
