//! What the double does to its clients when it is told to, as Python's client sees it.

use std::io::Read;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use nexus_tests::oracle::{Double, Fault, Mode, OraError, RedirectForm, RowFault};
use nexus_tests::{Failed, Outcome, Trials, node, python};
use serde_json::{Value, json};

const MODES: [(&str, Mode); 2] = [("classic", Mode::Classic), ("fast", Mode::Fast)];

/// After so long a trial stops waiting for what must happen.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn register(trials: &mut Trials) {
    for (name, mode) in MODES {
        let mut trial = |what: &str, body: fn(Mode) -> _| {
            trials.simple(&format!("oracle_double::faults::{what}::{name}"), move || {
                body(mode)
            });
        };
        trial("refused", |mode| Box::pin(refused(mode)) as Boxed);
        trial("redirected", |mode| Box::pin(redirected(mode)));
        trial("encryption", |mode| Box::pin(encryption(mode)));
        trial("old_verifier", |mode| Box::pin(old_verifier(mode)));
        trial("silent", |mode| Box::pin(silent(mode)));
        trial("trickle", |mode| Box::pin(trickle(mode)));
        trial("reset_between_rows", |mode| Box::pin(reset_between_rows(mode)));
        trial("frozen_between_rows", |mode| Box::pin(frozen_between_rows(mode)));
        trial("killed", |mode| Box::pin(killed(mode)));
        trial("restarted", |mode| Box::pin(restarted(mode)));
    }
}

type Boxed = std::pin::Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Connects, runs a statement, and tells how that went.
async fn once(port: u16, sql: &str) -> Result<Value, Failed> {
    let asked = json!({"port": port, "sql": sql}).to_string();
    Ok(serde_json::from_slice(
        &python(include_str!("once.py"), asked.as_bytes()).await?,
    )?)
}

/// The failure must say that.
fn says(went: &Value, what: &str) {
    let failure = went["failure"].as_str().unwrap_or_default();
    assert!(failure.contains(what), "{went}");
}

fn went_well(went: &Value) {
    assert_eq!(went["failure"], Value::Null, "{went}");
}

async fn until(what: &str, happened: impl Fn() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn refused(mode: Mode) -> Outcome {
    let double = Double::start(mode)?;
    double.set_fault(Fault::Refuse(12516));
    says(&once(double.port(), "select 1 from dual").await?, "ORA-12516");
    double.set_fault(Fault::None);
    went_well(&once(double.port(), "select 1 from dual").await?);
    assert_eq!(double.stats().logins, 1);
    Ok(())
}

async fn redirected(mode: Mode) -> Outcome {
    let (listener, instance) = (Double::start(mode)?, Double::start(mode)?);
    let to = instance.address();
    let mut redirects = 0;
    for form in [RedirectForm::Following, RedirectForm::Inside] {
        listener.set_fault(Fault::Redirect { to, form });
        let sql = "select 1 from dual";
        let asked = json!({"port": listener.port(), "sql": sql}).to_string();
        let went = node(include_str!("once.js"), asked.as_bytes()).await?;
        went_well(&serde_json::from_slice(&went)?);
        redirects += 1;
        // The other clients know only one of the forms.
        if form == RedirectForm::Following {
            went_well(&once(listener.port(), sql).await?);
            redirects += 1;
        }
    }
    assert_eq!(
        (listener.stats().connects, listener.stats().logins),
        (redirects, 0)
    );
    assert_eq!(
        (instance.stats().connects, instance.stats().logins),
        (redirects, redirects)
    );
    Ok(())
}

async fn encryption(mode: Mode) -> Outcome {
    let double = Double::start(mode)?;
    double.set_fault(Fault::Encryption);
    says(&once(double.port(), "select 1 from dual").await?, "DPY-3001");
    Ok(())
}

async fn old_verifier(mode: Mode) -> Outcome {
    let double = Double::start(mode)?;
    double.set_fault(Fault::OldVerifier);
    // Python's client still has the arithmetic.
    went_well(&once(double.port(), "select 1 from dual").await?);
    Ok(())
}

async fn silent(mode: Mode) -> Outcome {
    let double = Double::start(mode)?;
    double.set_fault(Fault::Silent);
    let mut client = TcpStream::connect(double.address())?;
    until("it is accepted", || double.stats().sockets == 1).await;
    client.set_nonblocking(true)?;
    let failure = client.read(&mut [0]).unwrap_err();
    assert_eq!(failure.kind(), std::io::ErrorKind::WouldBlock);
    client.set_nonblocking(false)?;
    double.restart();
    let failure = client.read(&mut [0]).unwrap_err();
    assert_eq!(failure.kind(), std::io::ErrorKind::ConnectionReset);
    Ok(())
}

async fn trickle(mode: Mode) -> Outcome {
    let double = Double::start(mode)?;
    double.set_fault(Fault::Trickle {
        bytes: 7,
        pause: Duration::from_micros(50),
    });
    let went = once(double.port(), "select level from dual connect by level <= 150").await?;
    went_well(&went);
    assert_eq!((&went["rows"], &went["last"]), (&json!(150), &json!([150])));
    Ok(())
}

async fn reset_between_rows(mode: Mode) -> Outcome {
    let double = Double::start(mode)?;
    double.set_row_fault(Some((250, RowFault::Reset)));
    let went = once(double.port(), "select * from many_rows").await?;
    says(&went, "DPY-4011");
    assert_eq!(went["rows"], 200);
    until("the session is gone", || double.stats().sessions == 0).await;
    assert_eq!(double.stats().running, 0);
    Ok(())
}

async fn frozen_between_rows(mode: Mode) -> Outcome {
    let double = Double::start(mode)?;
    double.set_row_fault(Some((250, RowFault::Freeze)));
    let port = double.port();
    let asking =
        tokio::spawn(async move { once(port, "select level from dual connect by level <= 1000").await });
    until("it is frozen", || double.is_frozen()).await;
    assert_eq!(double.stats().running, 1);
    assert!(!asking.is_finished());
    double.thaw();
    let went = asking.await??;
    went_well(&went);
    assert_eq!(went["rows"], 1000);
    Ok(())
}

/// A client in the middle of a statement, and how it ends.
async fn interrupted(double: &Double, interrupt: impl FnOnce()) -> Result<Value, Failed> {
    let port = double.port();
    let asking = tokio::spawn(async move { once(port, "select slow(3600) from dual").await });
    until("the statement runs", || double.stats().running == 1).await;
    interrupt();
    asking.await?
}

async fn killed(mode: Mode) -> Outcome {
    let double = Double::start(mode)?;
    let failure = OraError::new(28, "your session has been killed");
    says(
        &interrupted(&double, || double.kill_sessions(&failure)).await?,
        "ORA-00028",
    );
    until("the session is gone", || double.stats().sessions == 0).await;
    Ok(())
}

async fn restarted(mode: Mode) -> Outcome {
    let double = Double::start(mode)?;
    double.execute("CREATE TABLE kept (id NUMBER(9))")?;
    says(&interrupted(&double, || double.restart()).await?, "DPY-4011");
    let went = once(double.port(), "select count(*) from kept").await?;
    went_well(&went);
    assert_eq!(went["last"], json!([0]));
    Ok(())
}
