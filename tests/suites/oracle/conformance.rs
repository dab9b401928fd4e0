//! The engines' suite on both doubles, each case on one of its own.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::{Engine, Secret, SourceConfig};
use gateway_drivers::Drivers;
use gateway_drivers::testkit::{Backstage, Bench, ORACLE, cases};
use nexus_tests::Trials;
use nexus_tests::oracle::Double;

pub(super) fn register(trials: &mut Trials) {
    for (mode, name) in super::MODES {
        for case in cases(&ORACLE) {
            trials.simple(
                &format!("oracle::drivers::{}::{name}", case.name),
                move || async move {
                    let double = Arc::new(Double::start(mode)?);
                    (case.run)(bench(&double)?).await;
                    Ok(())
                },
            );
        }
    }
}

fn bench(double: &Arc<Double>) -> Result<Bench, nexus_tests::Failed> {
    Ok(Bench {
        driver: Drivers::builtin().get(Engine::Oracle)?,
        config: SourceConfig {
            host: Some("127.0.0.1".to_owned()),
            port: Some(double.port()),
            service_name: Some("testpdb".to_owned()),
            username: Some("scott".to_owned()),
            acquire_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(30),
            ..SourceConfig::default()
        },
        password: Some(Secret::new("tiger")),
        dialect: &ORACLE,
        backstage: Arc::new(View(Arc::clone(double))),
    })
}

struct View(Arc<Double>);

#[async_trait::async_trait]
impl Backstage for View {
    async fn execute(&self, sql: &str) {
        self.0.execute(sql).unwrap();
    }

    async fn ask(&self, sql: &str) -> String {
        self.0.ask(sql).unwrap()
    }

    async fn sessions(&self) -> usize {
        self.0.stats().sessions
    }

    async fn running(&self) -> usize {
        self.0.stats().running
    }
}
