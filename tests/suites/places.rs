//! Where sources may point: addresses, names and files that the operator did not mean are out of reach, however they are spelled.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use gateway_core::{DataSourceId, Engine};
use nexus_tests::{Answer, Database, Failed, Gateway, Outcome, Server, Trials};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/datasources";
const FORBIDDEN: &str = "settings do not permit connections";

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("places::special_addresses", special_addresses);
    trials.simple("places::names_that_lead_elsewhere", names_that_lead_elsewhere);
    trials.simple("places::allow_and_deny", allow_and_deny);
    trials.simple("places::files", files);
    trials.engine("places::a_change_of_mind", Engine::MariaDb, a_change_of_mind);
    trials.engine(
        "places::a_socket_is_this_machine",
        Engine::PostgreSql,
        a_socket_is_this_machine,
    );
}

fn postgres(host: &str, port: u16) -> Value {
    json!({"name": format!("source {}", DataSourceId::new()), "type": "postgresql", "config": {
        "host": host, "port": port, "database": "d", "username": "u", "password": "p", "connectTimeoutMs": 2000,
    }})
}

/// Tries to register a source and to connect without registering it; both must give the same answer.
async fn offer(gateway: &Gateway, body: &Value) -> Result<Answer, Failed> {
    let unsaved = gateway
        .send(Method::POST, &format!("{PATH}/test"), Some(body))
        .await?;
    let saved = gateway.send(Method::POST, PATH, Some(body)).await?;
    if saved.status != 201 {
        assert_eq!(
            (saved.status, saved.code()),
            (unsaved.status, unsaved.code()),
            "{}",
            unsaved.text
        );
    }
    Ok(saved)
}

async fn refused(gateway: &Gateway, body: &Value, setting: &str) -> Outcome {
    let answer = offer(gateway, body).await?;
    assert_eq!(
        (answer.status, answer.code()),
        (422, "VALIDATION_ERROR"),
        "{body}: {}",
        answer.text
    );
    assert!(answer.text.contains(setting), "{}", answer.text);
    Ok(())
}

/// Nobody has knocked at `door`.
fn is_quiet(door: &TcpListener) -> Outcome {
    door.set_nonblocking(true)?;
    match door.accept() {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
        other => Err(format!("somebody came: {other:?}").into()),
    }
}

async fn special_addresses() -> Outcome {
    let gateway = Gateway::start_with("[network]\n").await?;
    for host in [
        "127.0.0.1",
        "127.1.2.3",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "fe80::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "255.255.255.255",
        "64:ff9b::7f00:1",
        "/var/run/postgresql",
    ] {
        refused(&gateway, &postgres(host, 5432), "network.allow").await?;
    }
    // Neither the store nor the log of changes holds any of them.
    assert_eq!(
        gateway.send(Method::GET, PATH, None).await?.data()["items"],
        json!([])
    );
    Ok(())
}

/// A name is judged when it is resolved, at each connect: this one leads to the machine itself.
async fn names_that_lead_elsewhere() -> Outcome {
    let gateway = Gateway::start_with("[network]\n").await?;
    let door = TcpListener::bind("127.0.0.1:0")?;
    let port = door.local_addr()?.port();
    // Old notations of addresses are names to us, and addresses to the system's resolver.
    for host in ["localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1"] {
        let created = gateway
            .send(Method::POST, PATH, Some(&postgres(host, port)))
            .await?;
        assert_eq!(created.status, 201, "{host}: {}", created.text);
        let id: DataSourceId = created.data()["id"].as_str().unwrap_or_default().parse()?;
        for answer in [
            gateway.query(id, "SELECT 1", json!({})).await?,
            gateway
                .send(Method::POST, &format!("{PATH}/{id}/test"), None)
                .await?,
        ] {
            assert_eq!(
                (answer.status, answer.code()),
                (503, "CONNECTION_ERROR"),
                "{host}: {}",
                answer.text
            );
            assert!(answer.text.contains(FORBIDDEN), "{host}: {}", answer.text);
            assert!(
                !answer.text.contains("127.0.0.1"),
                "what it resolves to is not told"
            );
        }
    }
    is_quiet(&door)
}

async fn allow_and_deny() -> Outcome {
    let settings = "[network]\nallow = [\"127.0.0.0/8\", \"*.db.example.com\"]\ndeny = [\"127.0.0.2\", \"old.db.example.com\"]\n";
    let gateway = Gateway::start_with(settings).await?;
    let door = TcpListener::bind("127.0.0.2:0")?;
    let port = door.local_addr()?.port();
    for host in [
        "127.0.0.2",
        "::ffff:127.0.0.2",
        "10.0.0.1",
        "old.db.example.com",
        "::1",
    ] {
        refused(&gateway, &postgres(host, port), "network.deny").await?;
    }
    is_quiet(&door)?;
    for host in ["127.0.0.1", "new.db.example.com"] {
        let created = gateway
            .send(Method::POST, PATH, Some(&postgres(host, port)))
            .await?;
        assert_eq!(created.status, 201, "{host}: {}", created.text);
    }
    // The same from the environment, which knows no lists.
    let pairs = [
        ("NEXUS_NETWORK__ALLOW", "127.0.0.0/8, ::1"),
        ("NEXUS_NETWORK__DENY", "127.0.0.2"),
    ];
    let gateway = Gateway::start_in(&pairs, "[network]\n").await?;
    refused(&gateway, &postgres("127.0.0.2", port), "network.deny").await?;
    let created = gateway
        .send(Method::POST, PATH, Some(&postgres("::1", port)))
        .await?;
    assert_eq!(created.status, 201, "{}", created.text);
    let wrong = Gateway::start_with("[network]\nallow = [\"10.0.0.0/40\"]\n").await;
    let message = wrong.err().ok_or("it started")?;
    assert!(
        message
            .message()
            .is_some_and(|text| text.contains("network.allow")),
        "{message:?}"
    );
    Ok(())
}

async fn files() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (inside, outside) = (folder.path().join("inside"), folder.path().join("outside"));
    for place in [&inside, &outside] {
        std::fs::create_dir(place)?;
        rusqlite::Connection::open(place.join("a.db"))?
            .execute_batch("CREATE TABLE t (n INT); INSERT INTO t VALUES (7)")?;
    }
    let sqlite = |path: &str| json!({"name": format!("source {}", DataSourceId::new()), "type": "sqlite", "config": {"path": path}});
    let at = |place: &std::path::Path, name: &str| place.join(name).display().to_string();

    let closed = Gateway::start_with("[network]\n").await?;
    refused(&closed, &sqlite(&at(&inside, "a.db")), "network.sqlite_folders").await?;

    let settings = format!(
        "[network]\nsqlite_folders = [{:?}]\n",
        inside.display().to_string()
    );
    let gateway = Gateway::start_with(&settings).await?;
    let dotted = format!("{}/../outside/a.db", inside.display());
    for path in [
        at(&outside, "a.db"),
        // Whether a file is there cannot be told from the answer.
        at(&outside, "missing.db"),
        "/etc/passwd".to_owned(),
        dotted,
        "a.db".to_owned(),
        format!("file:{}", at(&inside, "a.db")),
        format!("file:{}?mode=rw", at(&outside, "a.db")),
        ":memory:".to_owned(),
    ] {
        refused(&gateway, &sqlite(&path), "network.sqlite_folders").await?;
    }

    let created = gateway
        .send(Method::POST, PATH, Some(&sqlite(&at(&inside, "a.db"))))
        .await?;
    let id: DataSourceId = created.data()["id"].as_str().unwrap_or_default().parse()?;
    assert_eq!(
        gateway.query(id, "SELECT n FROM t", json!({})).await?.data()["rows"],
        json!([[7]])
    );

    // What it needs itself is out of reach by every name, also where a folder is led to it later.
    let own = gateway.folder().join("nexus.db");
    std::fs::hard_link(&own, inside.join("hard.db")).or_else(|_| symlink(&own, inside.join("hard.db")))?;
    let answer = gateway
        .send(
            Method::POST,
            &format!("{PATH}/test"),
            Some(&sqlite(&at(&inside, "hard.db"))),
        )
        .await?;
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert!(answer.text.contains(FORBIDDEN), "{}", answer.text);
    for settings in [
        "[network]\nsqlite_folders = [\"{folder}\"]\n",
        "[store]\nkeyring_file = \"{folder}/a/keys\"\n[network]\nsqlite_folders = [\"{folder}/a\"]\n",
        "[audit]\nto = [\"file\"]\nfile = \"{folder}/a/b/audit\"\n[network]\nsqlite_folders = [\"{folder}/a\"]\n",
    ] {
        let failed = Gateway::start_with(settings).await.err().ok_or("it started")?;
        let says = failed.message().unwrap_or_default();
        assert!(
            says.contains("network.sqlite_folders") && says.contains("own files"),
            "{failed:?}"
        );
    }

    // A link that leads out is seen when it is followed, also one that takes a file's place later.
    let swapped = inside.join("swapped.db");
    std::fs::copy(inside.join("a.db"), &swapped)?;
    symlink(outside.join("a.db"), inside.join("link.db"))?;
    symlink(&outside, inside.join("folder"))?;
    let test = format!("{PATH}/test");
    for path in [at(&inside, "link.db"), at(&inside, "folder/a.db")] {
        let answer = gateway.send(Method::POST, &test, Some(&sqlite(&path))).await?;
        assert_eq!(
            (answer.status, answer.code()),
            (503, "CONNECTION_ERROR"),
            "{path}: {}",
            answer.text
        );
        assert!(answer.text.contains(FORBIDDEN), "{path}: {}", answer.text);
    }
    let body = sqlite(&at(&inside, "swapped.db"));
    assert_eq!(gateway.send(Method::POST, &test, Some(&body)).await?.status, 200);
    std::fs::remove_file(&swapped)?;
    symlink(outside.join("a.db"), &swapped)?;
    let answer = gateway.send(Method::POST, &test, Some(&body)).await?;
    assert!(answer.text.contains(FORBIDDEN), "{}", answer.text);
    Ok(())
}

/// What an operator forbids while the gateway runs is forbidden from then on.
async fn a_change_of_mind(server: Server) -> Outcome {
    let gateway = Gateway::start_with("[network]\nallow = [\"127.0.0.0/8\"]\n").await?;
    let id = gateway.register(&Database::Server(server)).await?;
    let test = format!("{PATH}/{id}/test");
    assert_eq!(gateway.send(Method::POST, &test, None).await?.status, 200);
    let file = gateway.folder().join("nexus.toml");
    let settings = std::fs::read_to_string(&file)?;
    std::fs::write(&file, settings.replace("127.0.0.0/8", "127.0.0.2/32"))?;
    let given_up = Instant::now() + Duration::from_secs(20);
    while !gateway.log().contains("the settings were taken over") {
        assert!(
            Instant::now() < given_up,
            "nothing was taken over: {}",
            gateway.log()
        );
        tokio::task::yield_now().await;
    }
    let answer = gateway.send(Method::POST, &test, None).await?;
    assert_eq!(
        (answer.status, answer.code()),
        (503, "CONNECTION_ERROR"),
        "{}",
        answer.text
    );
    assert!(answer.text.contains(FORBIDDEN), "{}", answer.text);
    Ok(())
}

/// A server's Unix socket is as near as the loopback address, and opens with it.
async fn a_socket_is_this_machine(server: Server) -> Outcome {
    let mut body = Database::Server(server.clone()).source("over a socket");
    let folder = Database::Server(server.as_admin())
        .ask("SHOW unix_socket_directories")
        .await?;
    body["config"]["host"] = json!(folder);
    let closed = Gateway::start_with("[network]\nallow = [\"10.0.0.0/8\"]\n").await?;
    refused(&closed, &body, "network.allow").await?;
    let open = Gateway::start().await?;
    let answer = offer(&open, &body).await?;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let id: DataSourceId = answer.data()["id"].as_str().unwrap_or_default().parse()?;
    let answer = open.query(id, "SELECT 7 AS n", json!({})).await?;
    assert_eq!(answer.data()["rows"], json!([[7]]), "{}", answer.text);
    Ok(())
}
