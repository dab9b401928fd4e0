//! Browsers, proxies, and requests that are meant to be misread.

use std::time::Duration;

use gateway_core::SourceGrant;
use nexus_tests::{Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("edges::security_headers", security_headers);
    trials.simple("edges::no_cors", no_cors);
    trials.simple("edges::cors", cors);
    trials.simple("edges::hosts", hosts);
    trials.simple(
        "edges::hosts_without_authentication",
        hosts_without_authentication,
    );
    trials.simple("edges::forged", forged);
    trials.simple("edges::forwarded_for", forwarded_for);
    trials.simple("edges::smuggling", smuggling);
    trials.simple("edges::large_heads", large_heads);
    trials.simple("edges::slow_heads", slow_heads);
}

/// Every answer, good or bad, says what browsers must not do with it; pages may run their own scripts only.
async fn security_headers() -> Outcome {
    let gateway = Gateway::start().await?;
    for path in ["/api/v1/drivers", "/nowhere", "/health/live", "/openapi.json"] {
        let answer = gateway.answer(gateway.bare_request(Method::GET, path)).await?;
        for (name, value) in [
            (
                "content-security-policy",
                "default-src 'none'; frame-ancestors 'none'",
            ),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(
                answer.headers.get(name).map(|value| value.to_str()).transpose()?,
                Some(value),
                "{path}: {name}"
            );
        }
        assert!(
            !answer.headers.contains_key("strict-transport-security"),
            "{path}"
        );
        assert!(!answer.headers.contains_key("server"), "{path}");
    }
    let docs = gateway
        .answer(gateway.bare_request(Method::GET, "/docs/"))
        .await?;
    let policy = docs.headers["content-security-policy"].to_str()?;
    assert!(
        docs.status == 200 && policy.contains("script-src 'self';") && !docs.text.contains("<script>"),
        "{policy}"
    );
    let secure = Gateway::start_over(nexus_tests::Transport::Tls1, "").await?;
    let answer = secure
        .answer(secure.bare_request(Method::GET, "/health/live"))
        .await?;
    assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000");
    Ok(())
}

fn preflight(gateway: &Gateway, origin: &str) -> reqwest::RequestBuilder {
    gateway
        .bare_request(Method::OPTIONS, "/api/v1/query")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type")
}

/// By default no page of another origin gets anything.
async fn no_cors() -> Outcome {
    let gateway = Gateway::start().await?;
    for request in [
        preflight(&gateway, "https://app.example.com"),
        gateway
            .bare_request(Method::GET, "/api/v1/drivers")
            .header("origin", "https://app.example.com"),
    ] {
        let answer = gateway.answer(request).await?;
        let told = answer
            .headers
            .keys()
            .any(|name| name.as_str().starts_with("access-control-"));
        assert!(!told, "{:?}", answer.headers);
    }
    Ok(())
}

/// Pages of exactly the origins that are named may call, and see what they need of an answer.
async fn cors() -> Outcome {
    let gateway =
        Gateway::start_with("server.cors.allowed_origins = [\"https://app.example.com\"]\n").await?;
    let permitted = gateway
        .answer(preflight(&gateway, "https://app.example.com"))
        .await?;
    assert_eq!(permitted.status, 200, "{}", permitted.text);
    assert_eq!(
        permitted.headers["access-control-allow-origin"],
        "https://app.example.com"
    );
    assert!(!permitted.headers.contains_key("access-control-allow-credentials"));
    assert_eq!(permitted.headers["access-control-max-age"], "600");
    let token = gateway.token("query", SourceGrant::All)?;
    let get = gateway
        .bare_request(Method::GET, "/api/v1/drivers")
        .header("origin", "https://app.example.com")
        .bearer_auth(token);
    let answer = gateway.answer(get).await?;
    assert_eq!(
        answer.headers["access-control-allow-origin"],
        "https://app.example.com"
    );
    let exposed = answer.headers["access-control-expose-headers"]
        .to_str()?
        .to_lowercase();
    assert!(
        exposed.contains("x-correlation-id") && exposed.contains("etag"),
        "{exposed}"
    );
    for origin in [
        "https://app.example.com.evil.example",
        "http://app.example.com",
        "https://app.example.com:8443",
        "https://evil.example",
        "null",
    ] {
        let refused = gateway.answer(preflight(&gateway, origin)).await?;
        assert!(
            !refused.headers.contains_key("access-control-allow-origin"),
            "{origin}: {:?}",
            refused.headers
        );
    }
    // A refusal can be read as well, or the page would not know why.
    let refused = gateway
        .bare_request(Method::GET, "/api/v1/drivers")
        .header("origin", "https://app.example.com");
    let refused = gateway.answer(refused).await?;
    assert_eq!((refused.status, refused.code()), (401, "UNAUTHORIZED"));
    assert_eq!(
        refused.headers["access-control-allow-origin"],
        "https://app.example.com"
    );
    Ok(())
}

async fn with_host(gateway: &Gateway, host: &str, path: &str) -> Result<(u16, String), Failed> {
    let token = gateway.token("query", SourceGrant::All)?;
    let request = gateway
        .bare_request(Method::GET, path)
        .header("host", host)
        .bearer_auth(token);
    let answer = gateway.answer(request).await?;
    Ok((answer.status, answer.code().to_owned()))
}

/// A name that is not the gateway's own is refused, but for probes.
async fn hosts() -> Outcome {
    let gateway =
        Gateway::start_with("server.allowed_hosts = [\"gateway.example.com\", \"*.internal\"]\n").await?;
    for (host, status) in [
        ("gateway.example.com", 200),
        ("gateway.example.com:8443", 200),
        ("a.internal", 200),
        ("evil.example", 400),
        ("127.0.0.1", 400),
    ] {
        let (found, code) = with_host(&gateway, host, "/api/v1/drivers").await?;
        assert_eq!(found, status, "{host}");
        assert_eq!(code, if status == 200 { "" } else { "INVALID_REQUEST" }, "{host}");
    }
    assert_eq!(with_host(&gateway, "evil.example", "/health/live").await?.0, 200);
    Ok(())
}

/// Without authentication only this machine's own names will do: a page could have its name pointed here.
async fn hosts_without_authentication() -> Outcome {
    let gateway = Gateway::without_secret("auth.enabled = false\n").await?;
    for (host, status) in [
        ("localhost:1", 200),
        ("127.0.0.1", 200),
        ("[::1]:80", 200),
        ("evil.example", 400),
    ] {
        assert_eq!(
            with_host(&gateway, host, "/api/v1/drivers").await?.0,
            status,
            "{host}"
        );
    }
    Ok(())
}

/// Where a browser says by itself who is asking, a page of somebody else's can do nothing.
async fn forged() -> Outcome {
    let gateway = Gateway::without_secret("auth.enabled = false\n").await?;
    let role =
        json!({"name": "r", "scopes": ["admin"], "sources": ["*"], "subjects": ["attacker"]}).to_string();
    let post = || {
        gateway
            .bare_request(Method::POST, "/api/v1/roles")
            .header("content-type", "text/plain")
            .body(role.clone())
    };
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let answer = gateway.answer(post().header(name, value)).await?;
        assert_eq!(
            (answer.status, answer.code()),
            (403, "FORBIDDEN"),
            "{name}: {value}: {}",
            answer.text
        );
    }
    let own = gateway.answer(post().header("origin", gateway.url())).await?;
    assert_eq!(own.status, 201, "{}", own.text);
    Ok(())
}

/// What a proxy says of where a request came from is on record only if the proxy is trusted.
async fn forwarded_for() -> Outcome {
    for (settings, expected) in [
        ("", "127.0.0.1"),
        ("server.trusted_proxies = [\"10.0.0.0/8\"]\n", "127.0.0.1"),
        (
            "server.trusted_proxies = [\"127.0.0.1\", \"10.0.0.0/8\"]\n",
            "198.51.100.7",
        ),
    ] {
        let gateway = Gateway::start_with(settings).await?;
        let body = json!({"dataSourceId": gateway_core::DataSourceId::new().to_string(), "sql": "SELECT 1"});
        let request = gateway
            .request(Method::POST, "/api/v1/query")?
            .header("x-forwarded-for", "203.0.113.9, 198.51.100.7, 10.1.2.3")
            .header("x-correlation-id", "forwarded")
            .body(body.to_string());
        assert_eq!(gateway.answer(request).await?.status, 404);
        let records = crate::audit::records_of(&gateway, "forwarded").await?;
        assert_eq!(records[0]["remote"], expected, "{settings}: {}", records[0]);
    }
    Ok(())
}

/// Sends bytes as they are; what comes back until the connection is closed or nothing more comes.
async fn raw(gateway: &Gateway, bytes: &[u8]) -> Result<String, Failed> {
    let address = gateway.url().strip_prefix("http://").ok_or("not in the clear")?;
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(bytes).await?;
    stream.shutdown().await?;
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    // A connection that is reset has been refused as well.
    let _ = tokio::time::timeout(Duration::from_secs(10), reading).await;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Requests whose end two readers would see in different places: refused, and what follows is never taken for a request.
async fn smuggling() -> Outcome {
    let gateway = Gateway::start().await?;
    let hidden = "GET /health/live HTTP/1.1\r\nHost: a\r\nX-Correlation-ID: smuggled\r\n\r\n";
    let whole = raw(&gateway, hidden.as_bytes()).await?;
    assert!(
        whole.starts_with("HTTP/1.1 200") && whole.contains("smuggled"),
        "{whole}"
    );
    let post = "POST /api/v1/query HTTP/1.1\r\nHost: a\r\n";
    for (what, head) in [
        (
            "length and chunks",
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        ),
        (
            "chunks and length",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        ),
        ("two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n"),
        ("a list of lengths", "Content-Length: 5, 6\r\n"),
        ("a signed length", "Content-Length: +5\r\n"),
        ("a negative length", "Content-Length: -5\r\n"),
        ("a length in hexadecimal", "Content-Length: 0x5\r\n"),
        (
            "chunks that are not the last",
            "Transfer-Encoding: chunked, identity\r\n",
        ),
        ("an unknown coding", "Transfer-Encoding: xchunked\r\n"),
        ("a coding by another name", "Transfer-Encoding: \u{b}chunked\r\n"),
        (
            "two codings",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        ),
        ("a space before the colon", "Content-Length : 5\r\n"),
        ("a folded line", "X-A: b\r\n Content-Length: 5\r\n"),
    ] {
        let request = format!("{post}{head}\r\n0\r\n\r\n{hidden}");
        let answer = raw(&gateway, request.as_bytes()).await?;
        assert!(
            !answer.contains("smuggled"),
            "{what} let a second request through: {answer}"
        );
        assert!(!answer.starts_with("HTTP/1.1 200"), "{what}: {answer}");
    }
    Ok(())
}

/// A head that is too large is refused, and costs nothing for long.
async fn large_heads() -> Outcome {
    let gateway = Gateway::start().await?;
    let many: String = (0..1000).map(|number| format!("X-{number}: a\r\n")).collect();
    let long = format!("X-Long: {}\r\n", "a".repeat(1 << 20));
    let target = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(1 << 20));
    for request in [
        format!("GET /health/live HTTP/1.1\r\nHost: a\r\n{many}\r\n"),
        format!("GET /health/live HTTP/1.1\r\nHost: a\r\n{long}\r\n"),
        target,
    ] {
        let answer = raw(&gateway, request.as_bytes()).await?;
        assert!(
            !answer.starts_with("HTTP/1.1 2"),
            "{}",
            answer.lines().next().unwrap_or_default()
        );
    }
    assert_eq!(
        gateway
            .answer(gateway.bare_request(Method::GET, "/health/live"))
            .await?
            .status,
        200
    );
    Ok(())
}

/// A client that never finishes its head loses its connection.
async fn slow_heads() -> Outcome {
    let gateway = Gateway::start_with("server.request_timeout = \"1s\"\n").await?;
    let address = gateway.url().strip_prefix("http://").ok_or("not in the clear")?;
    for begin in ["", "GET /health", "GET /health/live HTTP/1.1\r\nHost: a\r\nX-A"] {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(begin.as_bytes()).await?;
        let mut answer = Vec::new();
        let reading = stream.read_to_end(&mut answer);
        let ended = tokio::time::timeout(Duration::from_secs(20), reading).await;
        assert!(ended.is_ok(), "still open after {begin:?}");
    }
    Ok(())
}
