//! The double behind TLS.

use std::path::Path;

use nexus_tests::oracle::{Double, Mode, Settings, Tls};
use nexus_tests::{Authority, Failed, Outcome, Trials, python};
use serde_json::{Value, json};

pub(super) fn register(trials: &mut Trials) {
    for (name, mode) in [("classic", Mode::Classic), ("fast", Mode::Fast)] {
        trials.simple(&format!("oracle_double::tls::{name}"), move || encrypted(mode));
    }
}

/// Connects by TLS with a wallet, which for thin clients is a file of certificates and a key.
async fn once(port: u16, wallet: &Path) -> Result<Value, Failed> {
    let asked = json!({
        "port": port, "sql": "select * from many_rows", "protocol": "tcps", "wallet_location": wallet,
        "ssl_server_dn_match": false,
    });
    let asked = asked.to_string();
    Ok(serde_json::from_slice(
        &python(include_str!("once.py"), asked.as_bytes()).await?,
    )?)
}

async fn encrypted(mode: Mode) -> Outcome {
    let (authority, stranger) = (Authority::new("theirs")?, Authority::new("a stranger")?);
    let (server, client) = (authority.certify("localhost")?, authority.certify("scott")?);
    let trusting = tempfile::tempdir()?;
    std::fs::write(trusting.path().join("ewallet.pem"), authority.pem())?;
    let doubting = tempfile::tempdir()?;
    std::fs::write(doubting.path().join("ewallet.pem"), stranger.pem())?;
    let known = tempfile::tempdir()?;
    let wallet = format!("{}{}{}", client.key, client.certificate, authority.pem());
    std::fs::write(known.path().join("ewallet.pem"), wallet)?;
    for asks_clients in [false, true] {
        let mut settings = Settings::new(mode);
        settings.tls = Some(Tls {
            certificate: server.certificate.clone(),
            key: server.key.clone(),
            clients: asks_clients.then(|| authority.pem()),
        });
        let double = Double::start_with(settings)?;
        for (wallet, welcome) in [
            (known.path(), true),
            (trusting.path(), !asks_clients),
            (doubting.path(), false),
        ] {
            let went = once(double.port(), wallet).await?;
            assert_eq!(went["failure"].is_null(), welcome, "{went}");
            assert_eq!(went["rows"], if welcome { 100_000 } else { 0 });
        }
        assert_eq!(double.complaints(), Vec::<String>::new());
    }
    Ok(())
}
