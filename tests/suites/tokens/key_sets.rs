//! Key sets behind a URL: had at the start, again for a new key, never too often, and kept while the URL is down.

use std::sync::{Arc, Mutex};

use nexus_tests::{Failed, Gateway, Outcome, Trials};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::answered;
use super::issuer::Issuer;

pub(super) fn register(trials: &mut Trials) {
    trials.simple("tokens::key_sets::followed", followed);
    trials.simple("tokens::key_sets::floor", floor);
    trials.simple(
        "tokens::key_sets::unreachable_at_the_start",
        unreachable_at_the_start,
    );
}

/// A server of key sets.
pub(crate) struct KeyServer {
    address: String,
    /// What it answers with: a status and a body.
    content: Arc<Mutex<(u16, String)>>,
    /// The heads of the requests so far.
    requests: Arc<Mutex<Vec<String>>>,
}

impl KeyServer {
    pub(crate) async fn start(set: &Value) -> Result<Self, Failed> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}/jwks.json", listener.local_addr()?);
        let content = Arc::new(Mutex::new((200, set.to_string())));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (answers, heard) = (Arc::clone(&content), Arc::clone(&requests));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let Ok(length) = stream.read(&mut request).await else {
                    continue;
                };
                let head = String::from_utf8_lossy(&request[..length]).into_owned();
                heard.lock().unwrap().push(head);
                let (status, body) = answers.lock().unwrap().clone();
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all((head + &body).as_bytes()).await;
            }
        });
        Ok(Self {
            address,
            content,
            requests,
        })
    }

    pub(crate) fn answer_with(&self, status: u16, body: &str) {
        *self.content.lock().unwrap() = (status, body.to_owned());
    }

    fn asked(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// The heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn settings(&self, floor: &str) -> String {
        format!(
            "auth.jwt.jwks_url = {:?}\nauth.jwt.jwks_floor = {floor:?}\n",
            self.address
        )
    }
}

/// A new key is found by the token that names it; keys that are withdrawn are refused, also for tokens known before; while
/// the server fails the known keys stay.
async fn followed() -> Outcome {
    let (old, new) = (Issuer::ours().await?, Issuer::theirs().await?);
    let renamed: Value = serde_json::from_str(&new.jwks.to_string().replace("key-", "new-"))?;
    let server = KeyServer::start(&old.jwks).await?;
    let gateway = Gateway::without_secret(&server.settings("0")).await?;
    let old_token = &old.key("ES256")?.token;
    assert_eq!(answered(&gateway, old_token).await?.0, 200);
    for (status, body) in [(500, "down"), (200, "nonsense")] {
        server.answer_with(status, body);
        // Signed with a key that is nowhere, so the set is asked for.
        let asked = server.asked();
        assert_eq!(
            answered(&gateway, &with_key_id(&new.key("ES256")?.token))
                .await?
                .0,
            401
        );
        assert!(
            server.asked() > asked,
            "a token of an unknown key asks for the set"
        );
        assert_eq!(answered(&gateway, old_token).await?.0, 200, "{status} {body}");
    }
    server.answer_with(200, &renamed.to_string());
    // The same claims and key, named as the set names it now. Its signature is over another header and must fail, but
    // asking for it has brought the new set, in which the old key is no longer.
    assert_eq!(
        answered(&gateway, &with_key_id(&new.key("ES256")?.token))
            .await?
            .0,
        401
    );
    assert_eq!(
        answered(&gateway, old_token).await?.0,
        401,
        "its key was withdrawn"
    );
    server.answer_with(200, &new.jwks.to_string());
    assert_eq!(
        answered(&gateway, &new.key("EdDSA")?.token).await?.0,
        200,
        "the new keys are in use"
    );
    // An issuer that withdraws all keys is obeyed.
    server.answer_with(200, "{\"keys\":[]}");
    assert_eq!(
        answered(&gateway, &with_key_id(&new.key("ES256")?.token))
            .await?
            .0,
        401
    );
    assert_eq!(
        answered(&gateway, &new.key("EdDSA")?.token).await?.0,
        401,
        "all keys were withdrawn"
    );
    assert!(
        gateway.log().contains("the known ones stay in use"),
        "{}",
        gateway.log()
    );
    Ok(())
}

/// Tokens of unknown keys do not make the gateway ask more often than the floor permits.
async fn floor() -> Outcome {
    let (known, unknown) = (Issuer::ours().await?, Issuer::theirs().await?);
    let server = KeyServer::start(&known.jwks).await?;
    let gateway = Gateway::without_secret(&server.settings("1h")).await?;
    assert_eq!(answered(&gateway, &known.key("RS256")?.token).await?.0, 200);
    for _ in 0..20 {
        let token = with_key_id(&unknown.key("RS256")?.token);
        assert_eq!(answered(&gateway, &token).await?.0, 401);
    }
    assert_eq!(server.asked(), 1, "once at the start");
    Ok(())
}

/// A set that cannot be had does not stop the start; tokens are told so, and are good once it can.
async fn unreachable_at_the_start() -> Outcome {
    let issuer = Issuer::ours().await?;
    let server = KeyServer::start(&issuer.jwks).await?;
    server.answer_with(503, "");
    let gateway = Gateway::without_secret(&server.settings("0")).await?;
    let token = &issuer.key("PS256")?.token;
    let (status, message) = answered(&gateway, token).await?;
    assert_eq!(status, 503, "{message}");
    assert!(message.contains("keys that verify tokens"), "{message}");
    server.answer_with(200, &issuer.jwks.to_string());
    assert_eq!(answered(&gateway, token).await?.0, 200);
    // Neither the URL of somebody else's network nor one in the clear is taken.
    for url in [
        "http://login.example.com/jwks.json",
        "ftp://127.0.0.1/x",
        "nonsense",
    ] {
        let refused = Gateway::without_secret(&format!("auth.jwt.jwks_url = {url:?}\n")).await;
        let message = refused
            .err()
            .map(|error| error.message().unwrap_or_default().to_owned());
        assert!(message.is_some_and(|text| text.contains("https URL")), "{url}");
    }
    Ok(())
}

/// The token under the name of a key that no set has.
pub(crate) fn with_key_id(token: &str) -> String {
    let (_, rest) = token.split_once('.').unwrap_or_default();
    let algorithm = super::issuer::header(token)["alg"].clone();
    let header = json!({"alg": algorithm, "kid": "nowhere"});
    format!("{}.{rest}", super::issuer::encode(header.to_string().as_bytes()))
}
