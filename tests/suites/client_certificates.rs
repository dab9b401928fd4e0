//! Client certificates, and a listener whose own certificate is renewed while it runs.

use std::path::Path;

use nexus_tests::{Database, Failed, Gateway, Outcome, Transport, Trials};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SanType};
use reqwest::{Certificate, Client, Identity, Method};
use serde_json::{Value, json};

pub(crate) fn register(trials: &mut Trials) {
    for transport in [Transport::Tls1, Transport::Tls2] {
        trials.simple(
            &format!("client_certificates::name_callers::{transport}"),
            move || name_callers(transport),
        );
    }
    trials.simple("client_certificates::required", required);
    trials.simple("client_certificates::renewed_listener", renewed_listener);
}

/// An authority that signs certificates of clients.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Result<Self, Failed> {
        let mut parameters = CertificateParams::new(Vec::new())?;
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.distinguished_name.push(DnType::CommonName, "clients");
        Ok(Self(CertifiedIssuer::self_signed(
            parameters,
            KeyPair::generate()?,
        )?))
    }

    fn write(&self, file: &Path) -> Outcome {
        Ok(std::fs::write(file, self.0.pem())?)
    }

    /// A certificate for `name`, good for a day around now or, if it has `expired`, once.
    fn sign(&self, name: &str, expired: bool) -> Result<Identity, Failed> {
        let mut parameters = CertificateParams::new(Vec::new())?;
        parameters.distinguished_name.push(DnType::CommonName, name);
        let uri = format!("spiffe://example.com/{name}");
        parameters.subject_alt_names.push(SanType::URI(uri.try_into()?));
        if expired {
            parameters.not_before = rcgen::date_time_ymd(2020, 1, 1);
            parameters.not_after = rcgen::date_time_ymd(2020, 1, 2);
        }
        let key = KeyPair::generate()?;
        let certificate = parameters.signed_by(&key, &self.0)?;
        let pem = certificate.pem() + &key.serialize_pem();
        Ok(Identity::from_pem(pem.as_bytes())?)
    }
}

fn client(gateway: &Gateway, transport: Transport, identity: Option<Identity>) -> Result<Client, Failed> {
    let own = std::fs::read(gateway.folder().join("gateway.crt"))?;
    let mut builder = Client::builder().tls_certs_only([Certificate::from_pem(&own)?]);
    if transport == Transport::Tls1 {
        builder = builder.http1_only();
    }
    if let Some(identity) = identity {
        builder = builder.identity(identity);
    }
    Ok(builder.build()?)
}

async fn ask(gateway: &Gateway, client: &Client, source: &str) -> Result<(u16, Value), Failed> {
    let body = json!({"dataSourceId": source, "sql": "SELECT 1"}).to_string();
    let answer = client
        .post(format!("{}/api/v1/query", gateway.url()))
        .header("x-correlation-id", "certified")
        .body(body)
        .send()
        .await?;
    let status = answer.status().as_u16();
    Ok((status, serde_json::from_str(&answer.text().await?)?))
}

/// A certificate tells who the caller is, roles say what it may do, and how it was told is on record. A token beside it goes
/// first.
async fn name_callers(transport: Transport) -> Outcome {
    let folder = tempfile::tempdir()?;
    let (ours, theirs) = (Authority::new()?, Authority::new()?);
    ours.write(&folder.path().join("clients.crt"))?;
    let settings = format!(
        "auth.mtls.enabled = true\nauth.mtls.name = \"uri\"\nserver.tls.client_ca_file = {:?}\n",
        folder.path().join("clients.crt").display().to_string()
    );
    let gateway = Gateway::start_over(transport, &settings).await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?.to_string();
    let role =
        json!({"name": "r", "scopes": ["query"], "sources": ["*"], "subjects": ["spiffe://example.com/ann"]});
    gateway.send(Method::POST, "/api/v1/roles", Some(&role)).await?;

    let ann = client(&gateway, transport, Some(ours.sign("ann", false)?))?;
    let (status, body) = ask(&gateway, &ann, &source).await?;
    assert_eq!(status, 200, "{body}");
    let records = crate::audit::records_of(&gateway, "certified").await?;
    assert_eq!(
        records[0]["subject"], "spiffe://example.com/ann",
        "{}",
        records[0]
    );
    let bob = client(&gateway, transport, Some(ours.sign("bob", false)?))?;
    assert_eq!(
        ask(&gateway, &bob, &source).await?.0,
        403,
        "known, but without a role"
    );
    let nobody = client(&gateway, transport, None)?;
    assert_eq!(ask(&gateway, &nobody, &source).await?.0, 401);
    for (what, identity) in [
        ("of another authority", theirs.sign("ann", false)?),
        ("expired", ours.sign("ann", true)?),
    ] {
        let stranger = client(&gateway, transport, Some(identity))?;
        assert!(
            ask(&gateway, &stranger, &source).await.is_err(),
            "a certificate {what} was let in"
        );
    }
    let wrong = ann
        .get(format!("{}/api/v1/drivers", gateway.url()))
        .bearer_auth("nonsense")
        .send()
        .await?;
    assert_eq!(wrong.status(), 401, "a wrong token beside a right certificate");
    Ok(())
}

/// Where certificates are required there is no connection without one.
async fn required() -> Outcome {
    let folder = tempfile::tempdir()?;
    let authority = Authority::new()?;
    authority.write(&folder.path().join("clients.crt"))?;
    let settings = format!(
        "auth.mtls.enabled = true\nauth.mtls.scope = \"query\"\nauth.mtls.sources = [\"*\"]\n\
         server.tls.client_auth = \"required\"\nserver.tls.client_ca_file = {:?}\n",
        folder.path().join("clients.crt").display().to_string()
    );
    let gateway = Gateway::start_over(Transport::Tls1, &settings).await?;
    let none = client(&gateway, Transport::Tls1, None)?;
    let path = format!("{}/api/v1/drivers", gateway.url());
    assert!(none.get(&path).send().await.is_err());
    let ann = client(&gateway, Transport::Tls1, Some(authority.sign("ann", false)?))?;
    assert_eq!(ann.get(&path).send().await?.status(), 200);
    let unknown = gateway_core::DataSourceId::new().to_string();
    assert_eq!(
        ask(&gateway, &ann, &unknown).await?.0,
        404,
        "the scope comes from the settings"
    );
    Ok(())
}

/// A new certificate is shown to new connections without a restart; half a change changes nothing.
async fn renewed_listener() -> Outcome {
    let gateway = Gateway::start_over(Transport::Tls1, "").await?;
    let path = format!("{}/health/live", gateway.url());
    let old = client(&gateway, Transport::Tls1, None)?;
    assert_eq!(old.get(&path).send().await?.status(), 200);
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()])?;
    std::fs::write(gateway.folder().join("gateway.crt"), made.cert.pem())?;
    let new = client(&gateway, Transport::Tls1, None)?;
    crate::replicas::until_seen(async || Ok(gateway.log().contains("the present one stays in use"))).await?;
    let fresh = Client::builder()
        .tls_certs_only([Certificate::from_pem(made.cert.pem().as_bytes())?])
        .build()?;
    assert!(
        fresh.get(&path).send().await.is_err(),
        "half a change was taken over"
    );
    std::fs::write(
        gateway.folder().join("gateway.key"),
        made.signing_key.serialize_pem(),
    )?;
    crate::replicas::until_seen(async || Ok(new.get(&path).send().await.is_ok())).await?;
    assert_eq!(
        old.get(&path).send().await?.status(),
        200,
        "a connection that is there stays"
    );
    Ok(())
}
