//! Registering trials.

use std::fmt::Display;
use std::future::Future;

use gateway_core::Engine;
use libtest_mimic::{Arguments, Conclusion, Failed, Trial};

use crate::{Requirement, Server, requirement};

/// How a trial ends.
pub type Outcome = Result<(), Failed>;

/// The trials registered so far.
#[derive(Default)]
pub struct Trials(Vec<Trial>);

impl Trials {
    /// Registers a trial that needs no server and no runtime.
    pub fn plain(&mut self, name: &str, body: impl FnOnce() -> Outcome + Send + 'static) {
        self.0.push(Trial::test(name, body));
    }

    /// Registers a trial that needs a runtime and no server.
    pub fn simple<F, Fut>(&mut self, name: &str, body: F)
    where
        F: FnOnce() -> Fut + Send + 'static,
        Fut: Future<Output = Outcome>,
    {
        self.plain(name, move || block_on(body()));
    }

    /// Registers a trial that needs a server, under the name `<name>::<engine>`. It runs beside other trials of the same
    /// server: let it use names of its own for what it makes there.
    pub fn engine<F, Fut>(&mut self, name: &str, engine: Engine, body: F)
    where
        F: FnOnce(Server) -> Fut + Send + 'static,
        Fut: Future<Output = Outcome>,
    {
        self.with_server(name, engine, move |server| {
            let _shared = server.share()?;
            block_on(body(server))
        });
    }

    /// As [`Trials::engine`], for a trial that no other trial of the same server may run beside, because it kills the
    /// server or changes its settings. When the trial has ended, however it did, the server is up again.
    pub fn engine_alone<F, Fut>(&mut self, name: &str, engine: Engine, body: F)
    where
        F: FnOnce(Server) -> Fut + Send + 'static,
        Fut: Future<Output = Outcome>,
    {
        self.with_server(name, engine, move |server| {
            let _alone = server.take_alone()?;
            let _restart = RestartOnDrop(server.clone());
            block_on(body(server))
        });
    }

    /// Runs what the command line selects.
    pub fn run(self, arguments: &Arguments) -> Conclusion {
        libtest_mimic::run(arguments, self.0)
    }

    fn with_server(
        &mut self,
        name: &str,
        engine: Engine,
        body: impl FnOnce(Server) -> Outcome + Send + 'static,
    ) {
        let name = format!("{name}::{engine}");
        let trial = match requirement(engine) {
            Requirement::Present(server) => Trial::test(name, move || body(server)),
            Requirement::Skipped => {
                let why = format!("NEXUS_TEST_WITHOUT leaves {engine} out");
                Trial::test(name, move || fail(why)).with_ignored_flag(true)
            }
            Requirement::Missing(why) => Trial::test(name, move || fail(why)),
        };
        self.0.push(trial);
    }
}

struct RestartOnDrop(Server);

impl Drop for RestartOnDrop {
    fn drop(&mut self) {
        if let Err(error) = block_on(async { self.0.start().await.map_err(Failed::from) }) {
            eprintln!(
                "{} did not come back: {}",
                self.0.engine,
                error.message().unwrap_or_default()
            );
        }
    }
}

fn fail(why: impl Display) -> Outcome {
    Err(Failed::from(why))
}

fn block_on(body: impl Future<Output = Outcome>) -> Outcome {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(body)
}
