//! The attacks on tokens that are known, one trial each; all are refused.

use nexus_tests::{Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::json;

use super::issuer::{self, Issuer, claims, encode, signed, signed_text, signed_with};
use super::{answered, with_secret, with_set};

pub(super) fn register(trials: &mut Trials) {
    trials.simple("tokens::attacks::no_algorithm", no_algorithm);
    trials.simple("tokens::attacks::key_confusion", key_confusion);
    trials.simple("tokens::attacks::key_id_tricks", key_id_tricks);
    trials.simple("tokens::attacks::own_key_brought_along", own_key_brought_along);
    trials.simple("tokens::attacks::huge", huge);
    trials.simple("tokens::attacks::named_twice", named_twice);
    trials.simple("tokens::attacks::critical", critical);
    trials.simple("tokens::attacks::taken_apart", taken_apart);
    trials.simple("tokens::attacks::other_headers", other_headers);
    trials.simple("tokens::attacks::zero_signature", zero_signature);
}

async fn refused(gateway: &Gateway, what: &str, token: &str) -> Outcome {
    let (status, message) = answered(gateway, token).await?;
    assert_eq!(status, 401, "{what}: {message}");
    Ok(())
}

/// `none` in every spelling, with and without a signature (CVE-2015-9235).
async fn no_algorithm() -> Outcome {
    let gateway = Gateway::start().await?;
    let good = signed(&json!({"alg": "HS256"}), &claims());
    assert_eq!(answered(&gateway, &good).await?.0, 200);
    let signature = good.rsplit('.').next().unwrap_or_default();
    for name in ["none", "None", "NONE", "nOnE", "", "HS256 ", "hs256", "HS1"] {
        let header = encode(json!({"alg": name}).to_string().as_bytes());
        let body = encode(claims().to_string().as_bytes());
        for end in ["", signature] {
            refused(&gateway, name, &format!("{header}.{body}.{end}")).await?;
        }
    }
    refused(
        &gateway,
        "no alg at all",
        &signed(&json!({"typ": "JWT"}), &claims()),
    )
    .await
}

/// The public key, which everybody has, as the secret of an HMAC (CVE-2016-5431).
async fn key_confusion() -> Outcome {
    let issuer = Issuer::ours().await?;
    let folder = tempfile::tempdir()?;
    let by_set = with_set(issuer, folder.path()).await?;
    for key in issuer.keys.iter().filter(|key| key.pem.is_some()) {
        let pem = key.pem.as_deref().unwrap_or_default();
        let file = folder.path().join("key.pem");
        std::fs::write(&file, pem)?;
        let setting = format!("auth.jwt.public_key_file = {:?}\n", file.display().to_string());
        let by_key = Gateway::without_secret(&setting).await?;
        let header = json!({"alg": "HS256", "kid": key.kid}).to_string();
        for bytes in [
            pem.as_bytes(),
            pem.trim_end().as_bytes(),
            issuer.jwks.to_string().as_bytes(),
        ] {
            let forged = signed_with(bytes, &header, &claims().to_string());
            refused(&by_set, &key.algorithm, &forged).await?;
            refused(&by_key, &key.algorithm, &forged).await?;
        }
    }
    Ok(())
}

/// A key's name that is a path, a query or nothing to a careless reader; it is only compared.
async fn key_id_tricks() -> Outcome {
    let issuer = Issuer::ours().await?;
    let folder = tempfile::tempdir()?;
    let gateway = with_set(issuer, folder.path()).await?;
    for kid in [
        "/dev/null",
        "../../../../dev/null",
        "' UNION SELECT ''; --",
        "key-RS256\u{0}",
        "KEY-RS256",
        "",
        "http://evil.example.com/key",
    ] {
        let header = json!({"alg": "HS256", "kid": kid}).to_string();
        refused(&gateway, kid, &signed_with(b"", &header, &claims().to_string())).await?;
        let token = &issuer.key("RS256")?.token;
        let (_, rest) = token.split_once('.').ok_or("no header")?;
        let header = encode(json!({"alg": "RS256", "kid": kid}).to_string().as_bytes());
        refused(&gateway, kid, &format!("{header}.{rest}")).await?;
    }
    let header = json!({"alg": "HS256", "kid": ["key-RS256"]}).to_string();
    refused(
        &gateway,
        "a list of names",
        &signed_with(b"", &header, &claims().to_string()),
    )
    .await
}

/// A key, or an address of keys, in the token's own header (CVE-2018-0114).
async fn own_key_brought_along() -> Outcome {
    let theirs = Issuer::theirs().await?;
    let ours = Issuer::ours().await?;
    let folder = tempfile::tempdir()?;
    let gateway = with_set(ours, folder.path()).await?;
    // Signed well, by the same name, with a key that is not ours.
    for key in theirs.keys.iter().filter(|key| key.kid.is_some()) {
        refused(&gateway, &key.algorithm, &key.token).await?;
    }
    let gateway = Gateway::start().await?;
    let jwk = json!({"kty": "oct", "k": encode(b"the attacker's own secret, of good length")});
    for header in [
        json!({"alg": "HS256", "jwk": jwk}),
        json!({"alg": "HS256", "jku": "http://127.0.0.1:9/jwks.json"}),
        json!({"alg": "HS256", "x5u": "http://127.0.0.1:9/chain.pem"}),
        json!({"alg": "HS256", "x5c": ["MIIB"]}),
    ] {
        let forged = signed_with(
            b"the attacker's own secret, of good length",
            &header.to_string(),
            &claims().to_string(),
        );
        refused(&gateway, &header.to_string(), &forged).await?;
    }
    Ok(())
}

/// Tokens that cost more to read than they are worth.
async fn huge() -> Outcome {
    let gateway = Gateway::start().await?;
    let mut claims = claims();
    claims["padding"] = json!("x".repeat(9000));
    let (status, message) = answered(&gateway, &signed(&json!({"alg": "HS256"}), &claims)).await?;
    assert_eq!((status, message.as_str()), (401, "The token is too long"));
    // Beyond what any header may have the connection itself refuses.
    let refused_early = reqwest::Client::new()
        .get(format!("{}/api/v1/drivers", gateway.url()))
        .bearer_auth("x".repeat(1 << 20))
        .send()
        .await;
    assert!(refused_early.map_or(true, |answer| answer.status().as_u16() >= 400));
    let nested = format!(
        "{{\"sub\":\"ann\",\"exp\":9999999999,\"x\":{}1{}}}",
        "[".repeat(3000),
        "]".repeat(3000)
    );
    refused(
        &gateway,
        "deeply nested",
        &signed_text("{\"alg\":\"HS256\"}", &nested),
    )
    .await
}

/// One name twice: parsers differ in which they take.
async fn named_twice() -> Outcome {
    let gateway = Gateway::start().await?;
    let exp = issuer::now() + 60;
    for (what, header, claims) in [
        (
            "the subject",
            "{\"alg\":\"HS256\"}".to_owned(),
            format!("{{\"sub\":\"ann\",\"exp\":{exp},\"sub\":\"root\"}}"),
        ),
        (
            "the expiry",
            "{\"alg\":\"HS256\"}".to_owned(),
            format!("{{\"sub\":\"ann\",\"exp\":1,\"exp\":{exp}}}"),
        ),
        (
            "a claim of somebody else's",
            "{\"alg\":\"HS256\"}".to_owned(),
            format!("{{\"sub\":\"ann\",\"exp\":{exp},\"x\":1,\"\\u0078\":2}}"),
        ),
        (
            "the algorithm",
            "{\"alg\":\"none\",\"alg\":\"HS256\"}".to_owned(),
            format!("{{\"sub\":\"ann\",\"exp\":{exp}}}"),
        ),
    ] {
        refused(&gateway, what, &signed_text(&header, &claims)).await?;
    }
    Ok(())
}

/// What the header calls critical must be understood or refused, and nothing that may stand there is understood.
async fn critical() -> Outcome {
    let gateway = Gateway::start().await?;
    for header in [
        json!({"alg": "HS256", "crit": ["exp"], "exp": 1}),
        json!({"alg": "HS256", "crit": ["b64"], "b64": false}),
        json!({"alg": "HS256", "crit": []}),
    ] {
        refused(&gateway, &header.to_string(), &signed(&header, &claims())).await?;
    }
    Ok(())
}

/// Parts missing, too many, padded, or of one token under the signature of another.
async fn taken_apart() -> Outcome {
    let gateway = Gateway::start().await?;
    let good = signed(&json!({"alg": "HS256"}), &claims());
    let mut greedy = claims();
    greedy["scope"] = json!("admin");
    let parts: Vec<&str> = good.split('.').collect();
    let [header, body, signature] = parts.as_slice() else {
        return Err("a token has three parts".into());
    };
    let other = encode(greedy.to_string().as_bytes());
    for token in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        format!("{header}.{body}"),
        format!("{header}.{body}."),
        format!("{header}..{signature}"),
        format!(".{body}.{signature}"),
        format!("{header}.{body}.{signature}."),
        format!("{good}.{signature}"),
        format!("{header}.{body}.{signature}="),
        format!("{header}.{other}.{signature}"),
        format!("{good}{}", "\u{200b}"),
        format!("{header}.{body}.{}", &signature[..signature.len() - 4]),
        format!("{{{good}}}"),
    ] {
        let request = gateway
            .bare_request(Method::GET, "/api/v1/drivers")
            .header("authorization", format!("Bearer {token}").into_bytes());
        let answer = gateway.answer(request).await?;
        assert_eq!((answer.status, answer.code()), (401, "UNAUTHORIZED"), "{token}");
    }
    Ok(())
}

/// Schemes and headers that are not the token's.
async fn other_headers() -> Outcome {
    let gateway = Gateway::start().await?;
    let good = signed(&json!({"alg": "HS256"}), &claims());
    for header in [
        good.clone(),
        format!("Token {good}"),
        format!("Basic {good}"),
        "Bearer".to_owned(),
    ] {
        let request = gateway
            .bare_request(Method::GET, "/api/v1/drivers")
            .header("authorization", &header);
        let answer = gateway.answer(request).await?;
        assert_eq!((answer.status, answer.code()), (401, "UNAUTHORIZED"), "{header}");
    }
    for path in [
        format!("/api/v1/drivers?access_token={good}"),
        format!("/api/v1/drivers?token={good}"),
    ] {
        let answer = gateway.answer(gateway.bare_request(Method::GET, &path)).await?;
        assert_eq!(answer.status, 401, "a token in the address");
        assert!(!gateway.log().contains(&good), "a token in the log");
    }
    // RFC 9110, section 11.1: the scheme has no case.
    let request = gateway
        .bare_request(Method::GET, "/api/v1/drivers")
        .header("authorization", format!("bEaReR {good}"));
    assert_eq!(gateway.answer(request).await?.status, 200);
    Ok(())
}

/// Signatures of zeros, which careless verifiers of ECDSA accept (CVE-2022-21449).
async fn zero_signature() -> Outcome {
    let issuer = Issuer::ours().await?;
    let folder = tempfile::tempdir()?;
    let gateway = with_set(issuer, folder.path()).await?;
    for (algorithm, length) in [
        ("ES256", 64),
        ("ES384", 96),
        ("ES512", 132),
        ("EdDSA", 64),
        ("RS256", 256),
    ] {
        let token = &issuer.key(algorithm)?.token;
        let (signed, _) = token.rsplit_once('.').ok_or("no signature")?;
        refused(
            &gateway,
            algorithm,
            &format!("{signed}.{}", encode(&vec![0; length])),
        )
        .await?;
    }
    let gateway = with_secret(issuer::SECRET, "HS256").await?;
    let token = &issuer.key("HS256")?.token;
    let (signed, _) = token.rsplit_once('.').ok_or("no signature")?;
    refused(&gateway, "HS256", &format!("{signed}.{}", encode(&[0; 32]))).await
}
