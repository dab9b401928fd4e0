//! TLS, which the relay speaks: what each mode accepts and refuses, client certificates, and a statement that is stopped.

use nexus_tests::oracle::{Double, Mode, Settings, Tls};
use nexus_tests::{Authority, Failed, Gateway, Outcome, Trials};
use reqwest::Method;
use serde_json::{Value, json};

use super::desk;

pub(super) fn register(trials: &mut Trials) {
    super::on_both(trials, "secure::modes", modes);
    super::on_both(trials, "secure::client_certificate", client_certificate);
    super::on_both(trials, "secure::descriptors", descriptors);
}

const NAME: &str = "localhost";

/// A double with a certificate for `name`.
fn double(mode: Mode, authority: &Authority, name: &str, clients: Option<String>) -> Result<Double, Failed> {
    let leaf = authority.certify(name)?;
    let mut settings = Settings::new(mode);
    settings.tls = Some(Tls {
        certificate: leaf.certificate,
        key: leaf.key,
        clients,
    });
    Ok(Double::start_with(settings)?)
}

/// The source by the name that its certificate is for.
fn source(double: &Double, mut config: Value) -> Value {
    if config.get("host").is_none() {
        config["host"] = json!(NAME);
    }
    desk::source(double, config)
}

/// Connects, and compares what the gateway says of it.
async fn expect(gateway: &Gateway, body: &Value, expected: Result<bool, &str>) -> Outcome {
    let answer = gateway
        .send(Method::POST, "/api/v1/datasources/test", Some(body))
        .await?;
    let config = &body["config"];
    match expected {
        Ok(encrypted) => {
            assert_eq!(answer.status, 200, "{config}: {}", answer.text);
            assert_eq!(answer.data()["encrypted"], encrypted, "{}", answer.text);
        }
        Err(why) => {
            assert_eq!(
                (answer.status, answer.code()),
                (503, "CONNECTION_ERROR"),
                "{config}: {}",
                answer.text
            );
            let message = answer.body["error"]["message"].as_str().unwrap_or_default();
            assert!(message.contains(why), "{config}: {message}");
        }
    }
    Ok(())
}

async fn modes(mode: Mode) -> Outcome {
    let (ours, other) = (Authority::new("ours")?, Authority::new("other")?);
    let gateway = Gateway::start().await?;
    let right = double(mode, &ours, NAME, None)?;
    let misnamed = double(mode, &ours, "elsewhere.example", None)?;
    let plain = Double::start(mode)?;
    let trusting = |tls: &str, authority: &Authority| json!({"tls": tls, "tlsCa": authority.pem()});
    for (double, config, expected) in [
        (&right, json!({"tls": "require"}), Ok(true)),
        (&right, trusting("verify-ca", &ours), Ok(true)),
        (&right, trusting("verify-full", &ours), Ok(true)),
        (
            &right,
            trusting("verify-full", &other),
            Err("not signed by an authority"),
        ),
        (&misnamed, trusting("verify-ca", &ours), Ok(true)),
        (
            &misnamed,
            trusting("verify-full", &ours),
            Err("for another host name"),
        ),
        (&plain, json!({"tls": "disable"}), Ok(false)),
        (&plain, json!({}), Ok(false)),
    ] {
        expect(&gateway, &source(double, config), expected).await?;
    }
    // A listener without TLS takes the greeting for a broken packet and hangs up, or says nothing.
    let body = source(&plain, json!({"tls": "require", "connectTimeoutMs": 1000}));
    let answer = gateway
        .send(Method::POST, "/api/v1/datasources/test", Some(&body))
        .await?;
    assert_eq!(
        (answer.status, answer.code()),
        (503, "CONNECTION_ERROR"),
        "{}",
        answer.text
    );
    Ok(())
}

async fn client_certificate(mode: Mode) -> Outcome {
    let (servers, clients) = (Authority::new("servers")?, Authority::new("clients")?);
    let double = double(mode, &servers, NAME, Some(clients.pem()))?;
    let gateway = Gateway::start_with("secrets.folders = [\"{folder}/keys\"]\n").await?;
    let folder = gateway.folder().join("keys");
    std::fs::create_dir_all(&folder)?;
    let ours = clients.certify("nexus")?;
    let wallet = folder.join("ewallet.pem");
    // As a wallet has it: the key beside its certificate and the authority.
    std::fs::write(
        &wallet,
        [ours.key.as_str(), &ours.certificate, &servers.pem()].concat(),
    )?;
    let without = json!({"tls": "verify-full", "tlsCa": servers.pem()});
    expect(
        &gateway,
        &source(&double, without.clone()),
        Err("client certificate"),
    )
    .await?;
    let mut with = without;
    with["tlsCert"] = json!(ours.certificate);
    with["tlsKey"] = json!(format!("file:{}", wallet.display()));
    expect(&gateway, &source(&double, with), Ok(true)).await
}

/// A descriptor says by its protocol whether a listener speaks TLS; the certificate is checked then.
async fn descriptors(mode: Mode) -> Outcome {
    let ours = Authority::new("ours")?;
    let gateway = Gateway::start().await?;
    let right = double(mode, &ours, NAME, None)?;
    let misnamed = double(mode, &ours, "elsewhere.example", None)?;
    let by = |double: &Double, security: &str| {
        let port = double.port();
        let descriptor = format!(
            "(DESCRIPTION=(ADDRESS=(PROTOCOL=tcps)(HOST={NAME})(PORT={port}))(CONNECT_DATA=(SERVICE_NAME=testpdb)){security})"
        );
        source(
            double,
            json!({
                "host": null, "port": null, "serviceName": null,
                "connectDescriptor": descriptor, "tlsCa": ours.pem(),
            }),
        )
    };
    expect(&gateway, &by(&right, ""), Ok(true)).await?;
    expect(&gateway, &by(&misnamed, ""), Err("for another host name")).await?;
    let lenient = "(SECURITY=(SSL_SERVER_DN_MATCH=OFF))";
    expect(&gateway, &by(&misnamed, lenient), Ok(true)).await?;
    let mut contradiction = by(&right, "");
    contradiction["config"]["tls"] = json!("disable");
    let answer = gateway
        .send(Method::POST, "/api/v1/datasources/test", Some(&contradiction))
        .await?;
    assert_eq!(
        (answer.status, answer.code()),
        (422, "VALIDATION_ERROR"),
        "{}",
        answer.text
    );
    Ok(())
}
