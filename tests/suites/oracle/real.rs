//! The engines' suite on a real server, for whoever has one: `NEXUS_TEST_ORACLE=user/password@host:1521/service`.
//!
//! The account needs CREATE SESSION, CREATE TABLE, CREATE VIEW and a quota, a right to read `v$session`, and nothing of its own
//! that it would miss: every case begins by dropping what the account owns.

use std::env;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gateway_core::{Engine, Secret, SourceConfig};
use gateway_drivers::Drivers;
use gateway_drivers::testkit::{Backstage, Bench, ORACLE, cases};
use nexus_tests::{Failed, Trials};
use oracledb::{Config, Connection};

/// The variable that names the server.
const VARIABLE: &str = "NEXUS_TEST_ORACLE";

pub(super) fn register(trials: &mut Trials) {
    let Ok(address) = env::var(VARIABLE) else {
        return;
    };
    // All cases share the account, so they run one after another.
    let one = Arc::new(tokio::sync::Mutex::new(()));
    for case in cases(&ORACLE) {
        let (address, one) = (address.clone(), Arc::clone(&one));
        trials.simple(
            &format!("oracle::drivers::{}::real", case.name),
            move || async move {
                let _alone = one.lock().await;
                (case.run)(bench(&address)?).await;
                Ok(())
            },
        );
    }
}

fn bench(address: &str) -> Result<Bench, Failed> {
    let wrong = || format!("{VARIABLE} must be user/password@host:1521/service");
    let (account, place) = address.rsplit_once('@').ok_or_else(wrong)?;
    let (user, password) = account.split_once('/').ok_or_else(wrong)?;
    let (listener, service) = place.split_once('/').ok_or_else(wrong)?;
    let (host, port) = listener.split_once(':').unwrap_or((listener, "1521"));
    let config = Config::default()
        .set_credentials(user, password)
        .set_connect_string(place)
        .map_err(|failure| failure.to_string())?;
    let connection = oracledb::connect(config).map_err(|failure| failure.to_string())?;
    let view = View {
        connection: Mutex::new(connection),
    };
    view.empty();
    Ok(Bench {
        driver: Drivers::builtin().get(Engine::Oracle)?,
        config: SourceConfig {
            host: Some(host.to_owned()),
            port: Some(port.parse()?),
            service_name: Some(service.to_owned()),
            username: Some(user.to_owned()),
            acquire_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(30),
            ..SourceConfig::default()
        },
        password: Some(Secret::new(password)),
        dialect: &ORACLE,
        backstage: Arc::new(view),
    })
}

/// Sees the account's schema and its sessions from a session of its own.
struct View {
    connection: Mutex<Connection>,
}

impl View {
    fn run(&self, sql: &str) {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection.execute(sql, &[]).unwrap();
        connection.commit().unwrap();
    }

    fn first(&self, sql: &str) -> Option<String> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let row = connection.query(sql, &[]).unwrap().next()?;
        row.unwrap().get::<Option<String>>(0).unwrap()
    }

    fn empty(&self) {
        const NEXT: &str = "SELECT 'DROP ' || object_type || ' \"' || object_name || '\"' FROM user_objects \
                            WHERE object_type IN ('TABLE', 'VIEW') FETCH FIRST 1 ROWS ONLY";
        while let Some(drop) = self.first(NEXT) {
            self.run(&drop);
        }
    }

    fn count(&self, which: &str) -> usize {
        let sql = format!(
            "SELECT TO_CHAR(COUNT(*)) FROM v$session WHERE program = 'nexus-gateway' AND username = USER {which}"
        );
        self.first(&sql).unwrap_or_default().parse().unwrap()
    }
}

#[async_trait::async_trait]
impl Backstage for View {
    async fn execute(&self, sql: &str) {
        self.run(sql);
    }

    async fn ask(&self, sql: &str) -> String {
        self.first(sql).unwrap_or_default()
    }

    async fn sessions(&self) -> usize {
        self.count("")
    }

    async fn running(&self) -> usize {
        // Between two fetches a server counts a session as inactive.
        self.count("AND sql_id IS NOT NULL")
    }
}
