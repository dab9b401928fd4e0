//! Encrypted connections to databases: what each mode accepts and refuses, and that nothing goes by in the clear.

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{
    Answer, Authority, Database, Failed, Gateway, Impostor, Meddling, Middle, Outcome, Server,
    ServerCertificate, Trials,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::endless::Endless;

const SERVERS: [Engine; 3] = [Engine::MySql, Engine::MariaDb, Engine::PostgreSql];
const TEST: &str = "/api/v1/datasources/test";
const NAME: &str = "localhost";

const UNKNOWN: &str = "not signed by an authority";
const OTHER_NAME: &str = "for another host name";
const EXPIRED: &str = "has expired";
const NOT_OFFERED: &str = "does not offer TLS";

pub(crate) fn register(trials: &mut Trials) {
    for engine in SERVERS {
        trials.engine_alone("tls::certificates", engine, certificates);
        trials.engine_alone(
            "tls::authorities_of_the_system",
            engine,
            authorities_of_the_system,
        );
        trials.engine_alone("tls::client_certificate", engine, client_certificate);
        trials.engine("tls::a_stripped_offer", engine, a_stripped_offer);
        trials.engine("tls::a_broken_handshake", engine, a_broken_handshake);
        trials.engine("tls::cancelling_is_encrypted", engine, cancelling_is_encrypted);
    }
    trials.engine_alone("tls::an_impostor", Engine::PostgreSql, an_impostor);
    trials.simple("tls::unusable_certificates", unusable_certificates);
}

/// A new one, of the same name each time.
fn authority() -> Result<Authority, Failed> {
    Authority::new("ours")
}

/// The body of a source on `server` by its name, with `tls` and what else `config` says.
fn source(server: &Server, tls: &str, config: Value) -> Value {
    let mut body = Database::Server(server.clone()).source(&format!("source {}", DataSourceId::new()));
    body["config"]["host"] = json!(NAME);
    body["config"]["tls"] = json!(tls);
    if let (Some(known), Value::Object(more)) = (body["config"].as_object_mut(), config) {
        known.extend(more);
    }
    body
}

/// Connects; `Ok` says whether the server sees the connection encrypted.
async fn connect(gateway: &Gateway, body: &Value) -> Result<Result<bool, Answer>, Failed> {
    let answer = gateway.send(Method::POST, TEST, Some(body)).await?;
    if answer.status != 200 {
        return Ok(Err(answer));
    }
    let encrypted = answer.data()["encrypted"].as_bool();
    Ok(Ok(encrypted.ok_or("the server does not tell")?))
}

async fn refused(gateway: &Gateway, body: &Value, why: &str) -> Outcome {
    let tls = &body["config"]["tls"];
    match connect(gateway, body).await? {
        Ok(_) => Err(format!("{tls} connected, and should not: {why}").into()),
        Err(answer) => {
            assert_eq!(
                (answer.status, answer.code()),
                (503, "CONNECTION_ERROR"),
                "{tls}: {}",
                answer.text
            );
            assert!(answer.text.contains(why), "{tls}, {why}: {}", answer.text);
            Ok(())
        }
    }
}

async fn accepted(gateway: &Gateway, body: &Value, encrypted: bool) -> Outcome {
    let tls = &body["config"]["tls"];
    match connect(gateway, body).await? {
        Ok(seen) => assert_eq!(seen, encrypted, "{tls}"),
        Err(answer) => return Err(format!("{tls}: {}", answer.text).into()),
    }
    Ok(())
}

async fn certificates(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    let shown = ServerCertificate::of(&server)?;
    let (ours, others, sha384) = (authority()?, Authority::new("others")?, Authority::with_sha384()?);
    let trusting = |tls: &str, authority: &Authority| source(&server, tls, json!({"tlsCa": authority.pem()}));

    for signer in [&ours, &sha384] {
        shown.install(&signer.certify(NAME)?, signer).await?;
        accepted(&gateway, &source(&server, "disable", json!({})), false).await?;
        for tls in ["prefer", "require"] {
            accepted(&gateway, &source(&server, tls, json!({})), true).await?;
        }
        for tls in ["verify-ca", "verify-full"] {
            accepted(&gateway, &trusting(tls, signer), true).await?;
            // The second has the name of the true one.
            for stranger in [&others, &authority()?] {
                refused(&gateway, &trusting(tls, stranger), UNKNOWN).await?;
            }
        }
        let both = signer.pem() + &others.pem();
        accepted(
            &gateway,
            &source(&server, "verify-full", json!({"tlsCa": both})),
            true,
        )
        .await?;
    }

    shown.install(&ours.certify("other.example.com")?, &ours).await?;
    for tls in ["prefer", "require"] {
        accepted(&gateway, &source(&server, tls, json!({})), true).await?;
    }
    accepted(&gateway, &trusting("verify-ca", &ours), true).await?;
    refused(&gateway, &trusting("verify-ca", &others), UNKNOWN).await?;
    refused(&gateway, &trusting("verify-full", &ours), OTHER_NAME).await?;

    // An address is a name, too.
    shown.install(&ours.certify("127.0.0.1")?, &ours).await?;
    refused(&gateway, &trusting("verify-full", &ours), OTHER_NAME).await?;
    let by_address = source(
        &server,
        "verify-full",
        json!({"tlsCa": ours.pem(), "host": "127.0.0.1"}),
    );
    accepted(&gateway, &by_address, true).await?;

    // MySQL itself refuses to show an expired certificate; the driver is MariaDB's, too.
    if server.engine != Engine::MySql {
        shown.install(&ours.certify_for_the_past(NAME)?, &ours).await?;
        accepted(&gateway, &source(&server, "require", json!({})), true).await?;
        for tls in ["verify-ca", "verify-full"] {
            refused(&gateway, &trusting(tls, &ours), EXPIRED).await?;
        }
    }
    shown.restore().await
}

/// Without `tlsCa` the operating system says whom to trust; which file that is can be said in the environment.
async fn authorities_of_the_system(server: Server) -> Outcome {
    let shown = ServerCertificate::of(&server)?;
    let (ours, others) = (authority()?, Authority::new("others")?);
    shown.install(&ours.certify(NAME)?, &ours).await?;
    let folder = tempfile::tempdir()?;
    for (authority, trusted) in [(&ours, true), (&others, false)] {
        let file = folder.path().join("authorities.pem");
        std::fs::write(&file, authority.pem())?;
        let gateway = Gateway::start_in(&[("SSL_CERT_FILE", &file.display().to_string())], "").await?;
        for tls in ["verify-ca", "verify-full"] {
            let body = source(&server, tls, json!({}));
            if trusted {
                accepted(&gateway, &body, true).await?;
            } else {
                refused(&gateway, &body, UNKNOWN).await?;
            }
        }
    }
    shown.restore().await
}

/// An account that may come with a certificate only, for its queries and for stopping them.
async fn client_certificate(server: Server) -> Outcome {
    const ACCOUNT: &str = "nexus_certified";
    let shown = ServerCertificate::of(&server)?;
    let (ours, others) = (authority()?, Authority::new("others")?);
    shown.install(&ours.certify(NAME)?, &ours).await?;
    let admin = Database::Server(server.as_admin());
    let make: &[&str] = if server.engine == Engine::PostgreSql {
        // The test bed's pg_hba.conf demands its certificate.
        &[
            "DROP ROLE IF EXISTS nexus_certified",
            "CREATE ROLE nexus_certified LOGIN PASSWORD 'certified'",
        ]
    } else {
        &[
            "DROP USER IF EXISTS nexus_certified",
            "CREATE USER nexus_certified IDENTIFIED BY 'certified' REQUIRE X509",
            "GRANT SELECT ON nexus.* TO nexus_certified",
        ]
    };
    admin.execute(make).await?;

    let gateway = Gateway::start_with("[secrets]\nfolders = [\"{folder}/secrets\"]\n").await?;
    let secrets = gateway.folder().join("secrets");
    std::fs::create_dir(&secrets)?;
    let account = |authority: &Authority, shown: &str| -> Result<Value, Failed> {
        let leaf = authority.certify("gateway.example.com")?;
        let key = secrets.join(format!("{shown}.key"));
        std::fs::write(&key, leaf.key)?;
        Ok(json!({
            "tlsCa": ours.pem(), "username": ACCOUNT, "password": "certified",
            "tlsCert": leaf.certificate, "tlsKey": format!("file:{}", key.display()),
        }))
    };
    let good = source(&server, "verify-full", account(&ours, "good")?);
    accepted(&gateway, &good, true).await?;
    let bare = json!({"tlsCa": ours.pem(), "username": ACCOUNT, "password": "certified"});
    for (config, what) in [
        (bare, "no certificate"),
        (account(&others, "foreign")?, "a foreign one"),
    ] {
        let refused = connect(&gateway, &source(&server, "verify-full", config)).await?;
        let Err(answer) = refused else {
            return Err(format!("connected with {what}").into());
        };
        assert_eq!(
            (answer.status, answer.code()),
            (503, "CONNECTION_ERROR"),
            "{what}: {}",
            answer.text
        );
    }

    for (file, content) in [("no.key", "no PEM"), ("strange.key", &ours.certify("x")?.key)] {
        let key = secrets.join(file);
        std::fs::write(&key, content)?;
        let mut body = good.clone();
        body["config"]["tlsKey"] = json!(format!("file:{}", key.display()));
        refused(&gateway, &body, "TLS settings cannot be used").await?;
    }
    let created = gateway
        .send(Method::POST, "/api/v1/datasources", Some(&good))
        .await?;
    assert_eq!(created.status, 201, "{}", created.text);
    assert_eq!(
        created.data()["config"]["tlsKey"],
        good["config"]["tlsKey"],
        "a reference is no secret"
    );
    let id: DataSourceId = created.data()["id"].as_str().unwrap_or_default().parse()?;
    stopped_by_its_reader(&gateway, id, &admin).await?;
    let key = std::fs::read_to_string(secrets.join("good.key"))?;
    let log = gateway.stop().await?;
    let body = key.lines().nth(1).ok_or("a key has lines")?;
    assert!(!log.contains(body), "the log holds the key");
    shown.restore().await
}

/// Starts a statement, leaves, and waits until the server has stopped it.
async fn stopped_by_its_reader(gateway: &Gateway, id: DataSourceId, admin: &Database) -> Outcome {
    let endless = Endless::waiting(admin.engine());
    tokio::select! {
        answer = gateway.query(id, &endless.sql, json!({"timeoutMs": 300_000})) => {
            return Err(format!("answered: {}", answer?.text).into());
        }
        running = endless.until_running(admin, 1) => running?,
    }
    endless.until_gone(admin).await
}

/// Whoever pretends that the server speaks no TLS learns nothing from a source that demands it.
async fn a_stripped_offer(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    let demanding = Middle::start(&server, Meddling::StripOffer).await?;
    let body = source(&server, "", json!({"port": demanding.port()}));
    let user = body["config"]["username"].as_str().ok_or("no user")?.to_owned();
    for tls in ["require", "verify-ca", "verify-full"] {
        let mut body = body.clone();
        body["config"]["tls"] = json!(tls);
        body["config"]["tlsCa"] = json!(authority()?.pem());
        refused(&gateway, &body, NOT_OFFERED).await?;
    }
    assert_eq!(demanding.heard().len(), 3);
    assert!(!demanding.has_heard(&user), "the account went by in the clear");

    let preferring = Middle::start(&server, Meddling::StripOffer).await?;
    let body = source(&server, "prefer", json!({"port": preferring.port()}));
    accepted(&gateway, &body, false).await?;
    assert!(preferring.has_heard(&user), "whoever reads along hears it");
    Ok(())
}

/// A handshake that fails is not followed by an attempt without TLS, not even where TLS is only preferred.
async fn a_broken_handshake(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    for tls in ["prefer", "require"] {
        let middle = Middle::start(&server, Meddling::BreakHandshake).await?;
        let body = source(&server, tls, json!({"port": middle.port(), "host": "127.0.0.1"}));
        let user = body["config"]["username"].as_str().ok_or("no user")?;
        refused(&gateway, &body, "").await?;
        assert_eq!(middle.heard().len(), 1, "one attempt");
        assert!(!middle.has_heard(user), "the account went by in the clear");
    }
    Ok(())
}

/// Where nobody checks certificates, a man in the middle still cannot log in with what he hears: the proof of the password is
/// bound to the certificate that the gateway was shown.
async fn an_impostor(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    for signer in [authority()?, Authority::with_sha384()?] {
        let impostor = Impostor::start(&server, &signer.certify(NAME)?).await?;
        let body = source(&server, "require", json!({"port": impostor.port()}));
        refused(&gateway, &body, "refused the configured account").await?;
    }
    Ok(())
}

/// A connection that stops a statement is encrypted like the one that runs it.
async fn cancelling_is_encrypted(server: Server) -> Outcome {
    let gateway = Gateway::start().await?;
    let middle = Middle::start(&server, Meddling::Listen).await?;
    let body = source(&server, "require", json!({"port": middle.port()}));
    let created = gateway
        .send(Method::POST, "/api/v1/datasources", Some(&body))
        .await?;
    let id: DataSourceId = created.data()["id"].as_str().unwrap_or_default().parse()?;
    stopped_by_its_reader(&gateway, id, &Database::Server(server)).await?;
    let heard = middle.heard();
    assert!(heard.len() >= 2, "the session, and what stopped it");
    let user = body["config"]["username"].as_str().ok_or("no user")?;
    for clear in [user, "KILL", "\u{4}\u{d2}\u{16}."] {
        assert!(!middle.has_heard(clear), "{clear:?} went by in the clear");
    }
    // The number that stands for a cancel request.
    let cancel = [0x04, 0xd2, 0x16, 0x2e];
    assert!(
        !heard
            .iter()
            .any(|said| said.windows(4).any(|part| part == cancel))
    );
    Ok(())
}

async fn unusable_certificates() -> Outcome {
    let gateway = Gateway::start().await?;
    let leaf = authority()?.certify("gateway")?;
    let mysql = |config: Value| {
        let mut body =
            json!({"name": "n", "type": "mysql", "config": {"host": "127.0.0.1", "username": "u"}});
        if let (Some(known), Value::Object(more)) = (body["config"].as_object_mut(), config) {
            known.extend(more);
        }
        body
    };
    for (config, named) in [
        (json!({"tlsCa": "no PEM"}), "config.tlsCa"),
        (json!({"tlsCa": leaf.key}), "config.tlsCa"),
        (
            json!({"tlsCert": "no PEM", "tlsKey": "file:/k"}),
            "config.tlsCert",
        ),
        (json!({"tlsCert": leaf.certificate}), "config.tlsKey"),
        (json!({"tlsKey": "env:KEY"}), "config.tlsCert"),
        (
            json!({"tlsCert": leaf.certificate, "tlsKey": leaf.key}),
            "config.tlsKey",
        ),
        (
            json!({"tlsCert": leaf.certificate, "tlsKey": "file:/etc/key"}),
            "secrets.folders",
        ),
    ] {
        let answer = gateway.send(Method::POST, TEST, Some(&mysql(config))).await?;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "VALIDATION_ERROR"),
            "{named}: {}",
            answer.text
        );
        assert!(answer.text.contains(named), "{named}: {}", answer.text);
        assert!(!answer.text.contains(&leaf.key), "the key came back");
    }
    Ok(())
}
