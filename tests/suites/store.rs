//! The store on real servers: the suite of its contract, and what only a server that dies can show.

use std::task::Poll;

use gateway_core::{Classify, Engine, ErrorKind, Secret, SourceConfig, SourceDraft, SourceStatus};
use gateway_store::testkit::{Scratch, cases};
use gateway_store::{KeyRing, StoreOptions, StoreUrl, open};
use nexus_tests::{Failed, Outcome, Server, Trials};

const ENGINES: [Engine; 2] = [Engine::MySql, Engine::MariaDb];

/// Registers the suite.
pub(crate) fn register(trials: &mut Trials) {
    for engine in ENGINES {
        for case in cases() {
            trials.engine(
                &format!("store::{}", case.name),
                engine,
                move |server| async move {
                    let scratch = scratch(&server).await?;
                    (case.run)(scratch.clone()).await;
                    scratch
                        .remove()
                        .await
                        .map_err(|error| Failed::from(error.to_string()))
                },
            );
        }
        trials.engine(
            "store::server::errors_hold_no_password",
            engine,
            errors_hold_no_password,
        );
        trials.engine(
            "store::server::connections_that_were_killed_are_replaced",
            engine,
            killed,
        );
        trials.engine(
            "store::server::a_caller_that_leaves_holds_no_lock",
            engine,
            no_lock_is_left,
        );
        trials.engine_alone("store::server::comes_back_after_a_crash", engine, comes_back);
    }
}

async fn scratch(server: &Server) -> Result<Scratch, Failed> {
    Scratch::mysql(&server.url)
        .await
        .map_err(|error| Failed::from(error.to_string()))
}

async fn errors_hold_no_password(server: Server) -> Outcome {
    const PASSWORD: &str = "correct-horse-battery-staple";
    let place = server.url.rsplit_once('@').ok_or("an address with an account")?.1;
    for account in ["nexus", "nobody"] {
        let url: StoreUrl = format!("mysql://{account}:{PASSWORD}@{place}").parse()?;
        let error = open(&url, KeyRing::generate()?, &StoreOptions::default())
            .await
            .err()
            .ok_or("the wrong password was accepted")?;
        // MySQL hides whether an account exists by asking, at random, for a plugin that hardly anybody uses.
        let text = error.to_string();
        assert!(text.contains("1045") || text.contains("login refused"), "{text}");
        assert!(!format!("{error} {error:?} {}", error.public_message()).contains(PASSWORD));
    }
    Ok(())
}

async fn killed(server: Server) -> Outcome {
    let scratch = scratch(&server).await?;
    let store = open(scratch.url(), KeyRing::generate()?, &StoreOptions::default()).await?;
    for _ in 0..3 {
        store.create(&draft(&store.revision().await?.to_string())).await?;
        let database = scratch.url().to_string();
        let database = database.rsplit_once('/').ok_or("an address with a database")?.1;
        let sessions = scratch
            .bytes(&format!(
                "SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE db = '{database}' AND id <> CONNECTION_ID()"
            ))
            .await
            .map_err(|error| error.to_string())?;
        assert!(!sessions.is_empty());
        for session in sessions {
            let kill = format!("KILL {}", String::from_utf8_lossy(&session));
            scratch.execute(&kill).await.map_err(|error| error.to_string())?;
        }
    }
    assert_eq!(store.load_all().await?.sources.len(), 3);
    drop(store);
    scratch
        .remove()
        .await
        .map_err(|error| Failed::from(error.to_string()))
}

/// A change that is dropped half-way is undone, and does not keep the row that every other change needs.
async fn no_lock_is_left(server: Server) -> Outcome {
    let scratch = scratch(&server).await?;
    let store = open(scratch.url(), KeyRing::generate()?, &StoreOptions::default()).await?;
    let mut dropped = 0;
    for polls in 0..40 {
        let draft = draft(&format!("after {polls} polls"));
        dropped += usize::from(drop_after(polls, store.create(&draft)).await.is_none());
        let begun = std::time::Instant::now();
        scratch
            .execute("UPDATE store_revision SET revision = revision WHERE id = 1")
            .await
            .map_err(|error| error.to_string())?;
        assert!(
            begun.elapsed() < std::time::Duration::from_secs(5),
            "{:?}",
            begun.elapsed()
        );
    }
    assert!(dropped > 0, "no change was dropped half-way");
    let snapshot = store.load_all().await?;
    assert_eq!(
        snapshot.revision,
        snapshot.sources.len() as u64,
        "no change is half made"
    );
    drop(store);
    scratch
        .remove()
        .await
        .map_err(|error| Failed::from(error.to_string()))
}

/// Polls a future so many times and then drops it; `None` if it had not ended.
async fn drop_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    let mut left = polls;
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

async fn comes_back(server: Server) -> Outcome {
    let scratch = scratch(&server).await?;
    let store = open(scratch.url(), KeyRing::generate()?, &StoreOptions::default()).await?;
    let before = store.create(&draft("before")).await?;
    server.kill().await?;
    for error in [
        store.ping().await.err(),
        store.revision().await.err(),
        store.create(&draft("lost")).await.err(),
        store.load_all().await.err(),
    ] {
        let error = error.ok_or("a dead server answered")?;
        assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    }
    server.start().await?;
    let snapshot = store.load_all().await?;
    assert_eq!(snapshot.sources, [(before, Some(Secret::new("password")))]);
    store.create(&draft("after")).await?;
    drop(store);
    scratch
        .remove()
        .await
        .map_err(|error| Failed::from(error.to_string()))
}

fn draft(name: &str) -> SourceDraft {
    SourceDraft {
        name: name.to_owned(),
        engine: Engine::MySql,
        description: String::new(),
        status: SourceStatus::Active,
        config: SourceConfig::default(),
        password: Some(Secret::new("password")),
    }
}
