//! Replacing the key that seals: a thousand sources, under load, cut off in the middle, and nobody notices.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use gateway_core::{DataSourceId, Engine, Secret, SourceConfig, SourceDraft, SourceStatus};
use gateway_store::{KeyRing, Store, StoreOptions};
use mysql_async::prelude::Queryable;
use nexus_tests::{Database, Failed, Gateway, Outcome, Server, Trials, gateway_binary, run_gateway};
use reqwest::Method;
use serde_json::json;

use crate::store_place::StorePlace;

const SOURCES: usize = 1000;
const CLIENTS: usize = 4;
const PASSWORD: &str = "correct-horse-battery-staple";

pub(crate) fn register(trials: &mut Trials) {
    trials.simple("keys::rotation_under_load::sqlite", || async {
        rotation_under_load(StorePlace::file()?).await
    });
    for engine in [Engine::MySql, Engine::MariaDb] {
        trials.engine("keys::rotation_under_load", engine, |server: Server| async {
            rotation_under_load(StorePlace::server(server, "nexus_rotation").await?).await
        });
    }
    trials.simple("keys::a_ring_that_is_text", a_ring_that_is_text);
    trials.simple("keys::what_is_missing_is_named", what_is_missing_is_named);
    trials.simple("keys::a_log_in_a_file_follows", a_log_in_a_file_follows);
}

async fn opened(place: &StorePlace) -> Result<Arc<dyn Store>, Failed> {
    let ring = KeyRing::load_file(&place.keys())?;
    Ok(gateway_store::open(&place.url().parse()?, ring, &StoreOptions::default()).await?)
}

fn config(place: &StorePlace, extra: &str) -> Result<PathBuf, Failed> {
    let file = place.folder().join("nexus.toml");
    std::fs::write(&file, place.settings() + extra)?;
    Ok(file)
}

/// Registers sources, all of them the same file.
async fn fill(store: &dyn Store, path: &str, count: usize) -> Result<Vec<DataSourceId>, Failed> {
    let mut ids = Vec::new();
    for number in 0..count {
        let draft = SourceDraft {
            name: format!("source {number}"),
            engine: Engine::Sqlite,
            description: String::new(),
            status: SourceStatus::Active,
            config: SourceConfig {
                path: Some(path.to_owned()),
                ..SourceConfig::default()
            },
            password: Some(Secret::new(PASSWORD)),
        };
        ids.push(store.create(&draft).await?.id);
    }
    Ok(ids)
}

/// A connection to the store that can tell how many passwords a key has sealed, quickly.
enum Look {
    File(rusqlite::Connection),
    Server(mysql_async::Conn),
}

impl Look {
    async fn at(place: &StorePlace) -> Result<Self, Failed> {
        Ok(match place.url().strip_prefix("sqlite://") {
            Some(path) => Self::File(rusqlite::Connection::open(path)?),
            None => Self::Server(mysql_async::Conn::from_url(place.url()).await?),
        })
    }

    async fn sealed_with(&mut self, key_id: &str) -> Result<usize, Failed> {
        let sql = "SELECT COUNT(*) FROM data_sources WHERE SUBSTR(password, 3, ?) = ?";
        let (length, key_id) = (key_id.len(), key_id.as_bytes());
        Ok(match self {
            Self::File(connection) => {
                connection.query_row(sql, rusqlite::params![length, key_id], |row| row.get(0))?
            }
            Self::Server(connection) => connection
                .exec_first(sql, (length, key_id))
                .await?
                .ok_or("no count")?,
        })
    }
}

/// Begins a rotation and kills it between two of its steps, with a part of the passwords sealed anew. One that is through
/// before it is killed is followed by another.
async fn cut_off(place: &StorePlace, config: &Path) -> Outcome {
    let mut look = Look::at(place).await?;
    for _ in 0..50 {
        let mut rotating = tokio::process::Command::new(gateway_binary()?)
            .args(["keys", "rotate", "--config"])
            .arg(config)
            .env("NEXUS_AUTH__JWT__SECRET", nexus_tests::SECRET)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let before = KeyRing::load_file(&place.keys())?.sealing_key_id().to_owned();
        let newest = loop {
            let newest = KeyRing::load_file(&place.keys())?.sealing_key_id().to_owned();
            if newest != before || rotating.try_wait()?.is_some() {
                break newest;
            }
        };
        while look.sealed_with(&newest).await? == 0 && rotating.try_wait()?.is_none() {}
        rotating.kill().await?;
        if (1..SOURCES).contains(&look.sealed_with(&newest).await?) {
            return Ok(());
        }
    }
    Err("no rotation was caught in the middle".into())
}

/// Queries that go on until they are told to stop; how many there were.
struct Load {
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
    clients: Vec<tokio::task::JoinHandle<Option<String>>>,
}

impl Load {
    fn start(gateway: &Gateway, sources: &[DataSourceId]) -> Result<Self, Failed> {
        let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let mut clients = Vec::new();
        for client in 0..CLIENTS {
            let (stop, answered) = (Arc::clone(&stop), Arc::clone(&answered));
            let request = gateway.request(Method::POST, "/api/v1/query")?;
            let sources = sources.to_vec();
            clients.push(tokio::spawn(async move {
                // Every client asks every source in turn, from another one on.
                for source in sources.iter().cycle().skip(client * 251) {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let body = json!({"dataSourceId": source.to_string(), "sql": "SELECT 1"}).to_string();
                    let request = request.try_clone()?.body(body);
                    let (status, text) = match request.send().await {
                        Ok(answer) => (answer.status().as_u16(), answer.text().await.unwrap_or_default()),
                        Err(error) => (0, error.to_string()),
                    };
                    if status != 200 {
                        return Some(format!("{source}: {status} {text}"));
                    }
                    answered.fetch_add(1, Ordering::Relaxed);
                }
                None
            }));
        }
        Ok(Self {
            stop,
            answered,
            clients,
        })
    }

    /// Waits until so many more were answered, or a client has given up.
    async fn more(&self, count: usize) {
        let before = self.answered.load(Ordering::Relaxed);
        while self.answered.load(Ordering::Relaxed) < before + count
            && !self.clients.iter().any(tokio::task::JoinHandle::is_finished)
        {
            tokio::task::yield_now().await;
        }
    }

    /// Ends it; how many queries were answered, all of them well.
    async fn end(self) -> Result<usize, Failed> {
        self.stop.store(true, Ordering::Relaxed);
        for client in self.clients {
            if let Some(failed) = client.await? {
                return Err(failed.into());
            }
        }
        Ok(self.answered.load(Ordering::Relaxed))
    }
}

async fn rotation_under_load(place: StorePlace) -> Outcome {
    let config = config(&place, "")?;
    let database = Database::file()?;
    let path = database.source("n")["config"]["path"]
        .as_str()
        .ok_or("a path")?
        .to_owned();
    let store = opened(&place).await?;
    let sources = fill(&*store, &path, SOURCES).await?;
    let first = KeyRing::load_file(&place.keys())?.sealing_key_id().to_owned();
    let gateway = Gateway::start_with(&place.settings()).await?;
    let load = Load::start(&gateway, &sources)?;
    load.more(100).await;

    cut_off(&place, &config).await?;
    // Everything opens in this state, too, for whoever has the ring.
    let half = opened(&place).await?.load_all().await?;
    let opens = |(_, password): &(_, Option<Secret>)| *password == Some(Secret::new(PASSWORD));
    assert_eq!(
        half.sources.iter().filter(|source| opens(source)).count(),
        SOURCES
    );
    load.more(100).await;

    // At every moment from here to the end everything opens.
    let watching = Arc::new(AtomicBool::new(true));
    let watcher = tokio::spawn({
        let (watching, store) = (Arc::clone(&watching), Arc::clone(&store));
        async move {
            let mut looks = 0;
            while watching.load(Ordering::Relaxed) {
                let seen = store.load_all().await?;
                let opened = seen.sources.iter().filter(|source| opens(source)).count();
                if opened != SOURCES {
                    return Err(Failed::from(format!("{opened} sources open")));
                }
                looks += 1;
            }
            Ok(looks)
        }
    });
    let ran = run_gateway(&config, &["keys", "rotate", "--retire"]).await?;
    watching.store(false, Ordering::Relaxed);
    let looks = watcher.await??;
    assert_eq!(ran.code, Some(0), "{}", ran.said);
    assert!(
        looks > 0 && ran.said.contains("which is there already"),
        "{}",
        ran.said
    );
    load.more(100).await;

    // The old key is gone, nothing needs it, and work goes on, changes included.
    let ring = KeyRing::load_file(&place.keys())?;
    assert!(ring.key_ids().all(|key| key != first), "{ring:?}");
    let created = gateway.register(&database).await?;
    assert_eq!(gateway.query(created, "SELECT 1", json!({})).await?.status, 200);
    let status = run_gateway(&config, &["keys", "status"]).await?;
    assert!(
        status.code == Some(0) && status.said.contains("seals") && !status.said.contains(&first),
        "{status:?}"
    );
    let answered = load.end().await?;
    println!("{answered} queries, {looks} looks at all sources");
    let rotated = gateway
        .send(Method::GET, "/api/v1/audit?action=keys.rotate", None)
        .await?;
    assert_eq!(rotated.data()["items"][0]["target"], ring.sealing_key_id());
    gateway.stop().await?;
    let verified = run_gateway(&config, &["audit", "verify"]).await?;
    assert_eq!(verified.code, Some(0), "{}", verified.said);
    Ok(())
}

/// A ring in the environment cannot be written; what to do is said, and then it works.
async fn a_ring_that_is_text() -> Outcome {
    let place = StorePlace::file()?;
    let ring = |text: &str| {
        let text = text.trim().replace('\n', ",");
        let settings = format!("[store]\nurl = \"{}\"\nkeyring = \"{text}\"\n", place.url());
        let file = place.folder().join("nexus.toml");
        std::fs::write(&file, settings).map(|()| file)
    };
    let one = KeyRing::load_file(&place.keys())?;
    fill(&*opened(&place).await?, "x.db", 3).await?;
    let refused = run_gateway(&ring(&one.to_text())?, &["keys", "rotate"]).await?;
    assert_eq!(refused.code, Some(1), "{}", refused.said);
    assert!(
        refused.said.contains("at the end of store.keyring"),
        "{}",
        refused.said
    );
    let two = one.with_new_key()?;
    let rotated = run_gateway(&ring(&two.to_text())?, &["keys", "rotate", "--retire"]).await?;
    assert_eq!(rotated.code, Some(0), "{}", rotated.said);
    let names_the_old = rotated.said.contains("take them out of store.keyring")
        && rotated.said.contains(one.sealing_key_id());
    assert!(names_the_old, "{}", rotated.said);
    let status = run_gateway(&ring(&two.newest_only().to_text())?, &["keys", "status"]).await?;
    assert_eq!(status.code, Some(0), "{}", status.said);
    // The ring of before is refused, by name.
    let old = run_gateway(&ring(&one.to_text())?, &["config", "check", "--store"]).await?;
    assert_eq!(old.code, Some(1), "{}", old.said);
    assert!(old.said.contains(two.sealing_key_id()), "{}", old.said);
    Ok(())
}

/// A key that is needed and not there is named by every command that could tell, before anything fails for want of it.
async fn what_is_missing_is_named() -> Outcome {
    let place = StorePlace::file()?;
    let config = config(&place, "")?;
    let old = KeyRing::load_file(&place.keys())?;
    fill(&*opened(&place).await?, "x.db", 2).await?;
    let both = old.with_new_key()?;
    both.replace_file(&place.keys())?;
    let store = opened(&place).await?;
    let draft = |name: &str| SourceDraft {
        name: name.to_owned(),
        engine: Engine::Sqlite,
        description: String::new(),
        status: SourceStatus::Active,
        config: SourceConfig {
            path: Some("x.db".to_owned()),
            ..SourceConfig::default()
        },
        password: Some(Secret::new(PASSWORD)),
    };
    store.create(&draft("newer")).await?;
    let third = KeyRing::generate()?;
    third.replace_file(&place.keys())?;
    for (arguments, says) in [
        (&["keys", "status"][..], "NOT IN THE KEY RING"),
        (&["config", "check", "--store"], "2 data sources"),
        (&["serve"], "2 data sources"),
    ] {
        let ran = run_gateway(&config, arguments).await?;
        assert_eq!(ran.code, Some(1), "{arguments:?}: {}", ran.said);
        let names = both.key_ids().all(|key| ran.said.contains(key));
        assert!(names && ran.said.contains(says), "{arguments:?}: {}", ran.said);
    }
    let list = run_gateway(&config, &["keys", "list"]).await?;
    assert_eq!(list.said, format!("{}  (seals)\n", third.sealing_key_id()));
    both.replace_file(&place.keys())?;
    assert_eq!(
        run_gateway(&config, &["config", "check", "--store"]).await?.code,
        Some(0)
    );
    Ok(())
}

/// The ends of a log in a file are authenticated with the newest key, by the gateway that has it open.
async fn a_log_in_a_file_follows() -> Outcome {
    let place = StorePlace::file()?;
    let log = place.folder().join("audit.jsonl");
    let extra = format!(
        "[audit]\nto = [\"store\", \"file\"]\nfile = \"{}\"\n",
        log.display()
    );
    let config = config(&place, &extra)?;
    let gateway = Gateway::start_with(&(place.settings() + &extra)).await?;
    let database = Database::file()?;
    let source = gateway.register(&database).await?;
    let first = KeyRing::load_file(&place.keys())?.sealing_key_id().to_owned();
    let rotating = tokio::spawn(async move { run_gateway(&config, &["keys", "rotate", "--retire"]).await });
    // Records go on being written meanwhile, which is what has the file follow.
    while !rotating.is_finished() {
        assert_eq!(gateway.query(source, "SELECT 1", json!({})).await?.status, 200);
    }
    let ran = rotating.await??;
    assert_eq!(ran.code, Some(0), "{}", ran.said);
    gateway.stop().await?;
    assert!(
        KeyRing::load_file(&place.keys())?
            .key_ids()
            .all(|key| key != first)
    );
    let config = place.folder().join("nexus.toml");
    let verified = run_gateway(&config, &["audit", "verify"]).await?;
    assert_eq!(verified.code, Some(0), "{}", verified.said);
    Ok(())
}
