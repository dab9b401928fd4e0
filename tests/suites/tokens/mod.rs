//! Tokens: every algorithm by another implementation's hand, key sets that change, and the known attacks.

mod attacks;
pub(crate) mod issuer;
pub(crate) mod key_sets;

use std::path::Path;

use nexus_tests::{Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::{Value, json};

use issuer::Issuer;

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("tokens::algorithms", algorithms);
    trials.simple("tokens::public_keys", public_keys);
    trials.simple("tokens::claims", what_a_token_must_say);
    attacks::register(trials);
    key_sets::register(trials);
}

/// The status and the reason with which `token` is answered where any identified caller is let in.
async fn answered(gateway: &Gateway, token: &str) -> Result<(u16, String), Failed> {
    let request = gateway
        .bare_request(Method::GET, "/api/v1/drivers")
        .bearer_auth(token);
    let answer = gateway.answer(request).await?;
    let message = answer.body["error"]["message"].as_str().unwrap_or_default();
    if answer.status == 401 {
        let challenge = answer.headers["www-authenticate"].to_str()?;
        assert!(challenge.starts_with("Bearer realm="), "{challenge}");
        assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
        assert_eq!(answer.code(), "UNAUTHORIZED");
    }
    Ok((answer.status, message.to_owned()))
}

/// A gateway that verifies with one secret, for one algorithm.
async fn with_secret(secret: &str, algorithm: &str) -> Result<Gateway, Failed> {
    Gateway::without_secret(&format!(
        "auth.jwt.secret = {secret:?}\nauth.jwt.algorithms = [{algorithm:?}]\n"
    ))
    .await
}

/// A gateway that verifies with the keys of `issuer`, as a set in `folder`.
async fn with_set(issuer: &Issuer, folder: &Path) -> Result<Gateway, Failed> {
    let set = folder.join("jwks.json");
    std::fs::write(&set, issuer.jwks.to_string())?;
    Gateway::without_secret(&format!("auth.jwt.jwks_file = {:?}\n", set.display().to_string())).await
}

/// Every algorithm is accepted with its own key from a set, and each secret is for one algorithm only.
async fn algorithms() -> Outcome {
    let issuer = Issuer::ours().await?;
    let folder = tempfile::tempdir()?;
    let gateway = with_set(issuer, folder.path()).await?;
    for key in issuer.keys.iter().filter(|key| key.kid.is_some()) {
        let (status, message) = answered(&gateway, &key.token).await?;
        assert_eq!(status, 200, "{}: {message}", key.algorithm);
        let (status, _) = answered(&gateway, &with_changed_end(&key.token)).await?;
        assert_eq!(status, 401, "{} with another signature", key.algorithm);
    }
    for own in ["HS256", "HS384", "HS512"] {
        let gateway = with_secret(issuer::SECRET, own).await?;
        for key in &issuer.keys {
            let (status, message) = answered(&gateway, &key.token).await?;
            let expected = if key.algorithm == own { 200 } else { 401 };
            assert_eq!(
                status, expected,
                "{} where {own} is accepted: {message}",
                key.algorithm
            );
        }
    }
    Ok(())
}

/// A public key in PEM verifies its own kind, or what it is said to be for.
async fn public_keys() -> Outcome {
    let issuer = Issuer::ours().await?;
    let folder = tempfile::tempdir()?;
    for own in ["RS256", "ES256", "ES384", "ES512", "EdDSA"] {
        let key = issuer.key(own)?;
        let file = folder.path().join(own);
        std::fs::write(&file, key.pem.as_deref().ok_or("no public key")?)?;
        let setting = format!("auth.jwt.public_key_file = {:?}\n", file.display().to_string());
        let gateway = Gateway::without_secret(&setting).await?;
        for other in &issuer.keys {
            let same_kind =
                own == "RS256" && (other.algorithm.starts_with("RS") || other.algorithm.starts_with("PS"));
            let expected = if other.algorithm == own || same_kind {
                200
            } else {
                401
            };
            let (status, message) = answered(&gateway, &other.token).await?;
            assert_eq!(
                status, expected,
                "{} with a key of {own}: {message}",
                other.algorithm
            );
        }
    }
    let file = folder.path().join("RS256");
    let setting = format!(
        "auth.jwt.public_key_file = {:?}\nauth.jwt.algorithms = [\"PS512\"]\n",
        file.display().to_string()
    );
    let pinned = Gateway::without_secret(&setting).await?;
    assert_eq!(answered(&pinned, &issuer.key("PS512")?.token).await?.0, 200);
    assert_eq!(answered(&pinned, &issuer.key("RS256")?.token).await?.0, 401);
    Ok(())
}

/// Expiry, beginning, issuer, audience and subject, each with its reason.
async fn what_a_token_must_say() -> Outcome {
    let rules = "auth.jwt.issuer = \"https://login.example.com\"\nauth.jwt.audience = \"nexus\"\nauth.jwt.leeway = \"10s\"\n";
    let gateway = Gateway::start_with(rules).await?;
    let now = issuer::now();
    let good = json!({"sub": "ann", "exp": now + 60, "iss": "https://login.example.com", "aud": "nexus"});
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        claims
    };
    let without = |name: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().map(|members| members.remove(name));
        claims
    };
    for (what, claims, reason) in [
        ("as it should be", good.clone(), ""),
        (
            "one of several audiences",
            with("aud", json!(["other", "nexus"])),
            "",
        ),
        ("expired within the leeway", with("exp", json!(now - 5)), ""),
        (
            "a fraction of a second",
            with("exp", json!(now as f64 + 60.5)),
            "",
        ),
        ("beginning within the leeway", with("nbf", json!(now + 5)), ""),
        ("expired", with("exp", json!(now - 20)), "expired"),
        ("not yet", with("nbf", json!(now + 60)), "not valid yet"),
        (
            "another issuer",
            with("iss", json!("https://evil.example.com")),
            "somebody else",
        ),
        ("another audience", with("aud", json!("other")), "somebody else"),
        ("no issuer", without("iss"), "somebody else"),
        ("no audience", without("aud"), "somebody else"),
        ("no expiry", without("exp"), "not valid"),
        ("an expiry in words", with("exp", json!("tomorrow")), "not valid"),
        ("no subject", without("sub"), "not valid"),
        ("an empty subject", with("sub", json!("")), "not valid"),
        ("a number as subject", with("sub", json!(7)), "not valid"),
        ("scopes as a number", with("scope", json!(7)), "not valid"),
        ("sources as an object", with("sources", json!({})), "not valid"),
    ] {
        let (status, message) =
            answered(&gateway, &issuer::signed(&json!({"alg": "HS256"}), &claims)).await?;
        assert_eq!(
            status,
            if reason.is_empty() { 200 } else { 401 },
            "{what}: {message}"
        );
        assert!(message.contains(reason), "{what}: {message}");
    }
    Ok(())
}

/// The same token with another last character of its signature that still decodes.
fn with_changed_end(token: &str) -> String {
    let at = token.len() - 2;
    let other = if &token[at..=at] == "A" { "Q" } else { "A" };
    format!("{}{other}{}", &token[..at], &token[at + 1..])
}
