//! The suite of the store's contract on SQLite, and what only a file can show.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "this is a test; a panic is a failure with a place"
)]

use std::future::Future;

use gateway_core::{Engine, Secret, SourceConfig, SourceDraft, SourceStatus};
use gateway_store::testkit::{Scratch, cases};
use gateway_store::{KeyRing, StoreError, StoreOptions, StoreUrl, open};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let mut trials: Vec<Trial> = cases()
        .into_iter()
        .map(|case| {
            Trial::test(case.name, move || {
                block_on(async {
                    let scratch = Scratch::sqlite()?;
                    (case.run)(scratch.clone()).await;
                    scratch.remove().await?;
                    Ok(())
                })
            })
        })
        .collect();
    trials.push(Trial::test("file::is_private_and_holds_no_password", || {
        block_on(file_is_private())
    }));
    trials.push(Trial::test("file::that_cannot_be_made_is_a_clear_error", || {
        block_on(no_folder())
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn block_on(body: impl Future<Output = Result<(), Failed>>) -> Result<(), Failed> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(body)
}

async fn file_is_private() -> Result<(), Failed> {
    const PASSWORD: &str = "correct-horse-battery-staple";
    let folder = tempfile::tempdir()?;
    let url: StoreUrl = format!("sqlite://{}/store.db", folder.path().display()).parse()?;
    let store = open(&url, KeyRing::generate()?, &StoreOptions::default()).await?;
    store
        .create(&SourceDraft {
            name: "found in the file".to_owned(),
            engine: Engine::MySql,
            description: String::new(),
            status: SourceStatus::Active,
            config: SourceConfig::default(),
            password: Some(Secret::new(PASSWORD)),
        })
        .await?;
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder.path())? {
        let path = entry?.path();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path)?.permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", path.display());
        }
        all.extend(std::fs::read(path)?);
    }
    let holds = |text: &str| all.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("found in the file"), "the search works");
    assert!(!holds(PASSWORD));
    Ok(())
}

async fn no_folder() -> Result<(), Failed> {
    let url: StoreUrl = "sqlite:///nonexistent/store.db".parse()?;
    let error = open(&url, KeyRing::generate()?, &StoreOptions::default())
        .await
        .err();
    assert!(
        matches!(&error, Some(StoreError::Unavailable { reason }) if reason.contains("/nonexistent/store.db")),
        "{error:?}"
    );
    Ok(())
}
