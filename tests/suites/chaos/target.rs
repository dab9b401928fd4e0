//! What a fault befalls: a server with an account of the trial's own, a double, or a file; and how each fault is brought about
//! and taken away.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gateway_core::{DataSourceId, Engine};
use nexus_tests::oracle::{Answer, Column, Double, Fault as Ill, Kind, Mode, Settings, Value as Cell};
use nexus_tests::{Database, Failed, Fault as Break, Frozen, Outcome, Proxy, Server};
use serde_json::{Value, json};

use super::table::Fault;

/// Sessions that the gateway may have with a target.
pub(super) const POOL: u64 = 4;

/// How many connections a target takes that is full.
const FEW: u32 = 1;

/// What a target holds for as long as a fault lasts.
pub(super) enum Grip {
    None,
    /// Its processes are stopped.
    Frozen(Frozen),
    /// Somebody writes and lets nobody read.
    Locked(rusqlite::Connection),
}

pub(super) enum Place {
    Server(Server),
    Double(Mutex<Option<Double>>),
    File(Database),
}

pub(super) struct Target {
    pub(super) place: Place,
    proxy: Option<Proxy>,
    account: String,
    password: Mutex<String>,
}

impl Target {
    /// A server, through a proxy, with an account that nobody else uses.
    pub(super) async fn server(server: Server) -> Result<Self, Failed> {
        let number = DataSourceId::new().0.simple().to_string();
        let target = Self {
            proxy: Some(Proxy::start(server.address()).await?),
            place: Place::Server(server),
            account: format!("nexus_chaos_{}", &number[20..]),
            password: Mutex::new("first".to_owned()),
        };
        let (account, engine) = (&target.account, target.engine());
        let make = match engine {
            Engine::PostgreSql => vec![format!("CREATE ROLE {account} LOGIN PASSWORD 'first'")],
            _ => vec![
                format!("CREATE USER '{account}'@'%' IDENTIFIED BY 'first'"),
                format!("GRANT SELECT ON nexus.* TO '{account}'@'%'"),
                // A store's, if there will be one.
                format!("GRANT ALL ON {account}.* TO '{account}'@'%'"),
            ],
        };
        target.administer(&make).await?;
        Ok(target)
    }

    pub(super) async fn double() -> Result<Self, Failed> {
        let double = start_double(Settings::new(Mode::Fast))?;
        let settings = Settings::new(Mode::Fast);
        Ok(Self {
            proxy: Some(Proxy::start(&double.address().to_string()).await?),
            place: Place::Double(Mutex::new(Some(double))),
            account: settings.user,
            password: Mutex::new(settings.password),
        })
    }

    pub(super) async fn file() -> Result<Self, Failed> {
        let database = Database::file()?;
        database.execute(&["CREATE TABLE t (n integer)"]).await?;
        Ok(Self {
            place: Place::File(database),
            proxy: None,
            account: String::new(),
            password: Mutex::default(),
        })
    }

    pub(super) fn engine(&self) -> Engine {
        match &self.place {
            Place::Server(server) => server.engine,
            Place::Double(_) => Engine::Oracle,
            Place::File(_) => Engine::Sqlite,
        }
    }

    /// The address of a store in a database of the account's own.
    pub(super) fn store_url(&self) -> String {
        let port = self.proxy.as_ref().map_or(0, Proxy::port);
        format!(
            "mysql://{0}:{1}@127.0.0.1:{port}/{0}",
            self.account,
            self.password()
        )
    }

    /// Makes the database of that store.
    pub(super) async fn make_store(&self) -> Outcome {
        self.administer(&[format!("CREATE DATABASE {}", self.account)])
            .await
    }

    /// The body that registers it as a source.
    pub(super) fn source(&self) -> Value {
        let port = self.proxy.as_ref().map(Proxy::port);
        let mut body = match &self.place {
            Place::Server(server) => Database::Server(server.clone()).source("chaos"),
            Place::Double(_) => json!({"name": "chaos", "type": "oracle", "config": {
                "host": "127.0.0.1", "serviceName": "testpdb",
            }}),
            Place::File(database) => database.source("chaos"),
        };
        let config = &mut body["config"];
        if let Some(port) = port {
            config["port"] = json!(port);
            config["username"] = json!(self.account);
            config["password"] = json!(self.password());
        }
        config["maxPoolSize"] = json!(POOL);
        config["acquireTimeoutMs"] = json!(2500);
        config["connectTimeoutMs"] = json!(2500);
        body
    }

    pub(super) fn password(&self) -> String {
        lock(&self.password).clone()
    }

    pub(super) async fn inflict(&self, fault: Fault) -> Result<Grip, Failed> {
        match fault {
            Fault::Killed => self.kill().await?,
            Fault::Restarted => self.restart().await?,
            Fault::Stopped => return self.stop().await,
            Fault::Refused => self.proxy()?.inflict(Break::Refuse),
            Fault::BlackHole => self.proxy()?.part(),
            Fault::CutMidRow => {
                for _ in 0..8 {
                    self.proxy()?.inflict(Break::Cut);
                    tokio::time::sleep(Duration::from_millis(150)).await;
                }
            }
            Fault::Slow => self.proxy()?.slow_down(Duration::from_secs(1)),
            Fault::Full => self.fill().await?,
            Fault::PasswordChanged => self.set_password("second").await?,
        }
        Ok(Grip::None)
    }

    /// Takes the fault away. A password that was changed stays so: whoever uses it has to be told.
    pub(super) async fn heal(&self, fault: Fault, grip: Grip) -> Outcome {
        match grip {
            Grip::None => {}
            Grip::Frozen(frozen) => drop(frozen),
            Grip::Locked(writer) => writer.execute_batch("ROLLBACK")?,
        }
        if let Some(proxy) = &self.proxy {
            proxy.heal();
        }
        match (&self.place, fault) {
            (Place::Server(server), Fault::Killed) => Ok(server.start().await?),
            (Place::Server(_), Fault::Full) => {
                let unlimited = match self.engine() {
                    Engine::PostgreSql => format!("ALTER ROLE {} CONNECTION LIMIT -1", self.account),
                    _ => format!("ALTER USER '{}'@'%' WITH MAX_USER_CONNECTIONS 0", self.account),
                };
                self.administer(&[unlimited]).await
            }
            (Place::Double(double), Fault::Killed) => start_again(double, self.proxy()?.target(), "tiger"),
            (Place::Double(double), Fault::Stopped) => with(double, Double::thaw),
            (Place::Double(double), Fault::Full) => with(double, |double| double.set_fault(Ill::None)),
            _ => Ok(()),
        }
    }

    async fn kill(&self) -> Outcome {
        match &self.place {
            Place::Server(server) => Ok(server.kill().await?),
            Place::Double(double) => {
                drop(lock(double).take());
                Ok(())
            }
            Place::File(_) => Err("a file cannot be killed".into()),
        }
    }

    async fn restart(&self) -> Outcome {
        match &self.place {
            Place::Server(server) => {
                server.stop().await?;
                Ok(server.start().await?)
            }
            Place::Double(double) => with(double, Double::restart),
            Place::File(_) => Err("a file cannot be restarted".into()),
        }
    }

    async fn stop(&self) -> Result<Grip, Failed> {
        match &self.place {
            Place::Server(server) => Ok(Grip::Frozen(server.freeze().await?)),
            Place::Double(double) => with(double, Double::freeze).map(|()| Grip::None),
            Place::File(Database::File(folder)) => {
                let writer = rusqlite::Connection::open(folder.path().join("data.db"))?;
                writer.busy_timeout(Duration::from_secs(10))?;
                writer.execute_batch("BEGIN EXCLUSIVE")?;
                Ok(Grip::Locked(writer))
            }
            Place::File(Database::Server(_)) => Err("no file".into()),
        }
    }

    /// Takes hardly any connections any more, and loses those that there are.
    async fn fill(&self) -> Outcome {
        if let Place::Double(double) = &self.place {
            return with(double, |double| {
                double.set_fault(Ill::Refuse(12516));
                double.restart();
            });
        }
        let limited = match self.engine() {
            Engine::PostgreSql => format!("ALTER ROLE {} CONNECTION LIMIT {FEW}", self.account),
            _ => format!(
                "ALTER USER '{}'@'%' WITH MAX_USER_CONNECTIONS {FEW}",
                self.account
            ),
        };
        self.administer(&[limited]).await?;
        self.end_sessions().await
    }

    /// From now on the account has another password, and its sessions are gone.
    pub(super) async fn set_password(&self, password: &str) -> Outcome {
        password.clone_into(&mut lock(&self.password));
        if let Place::Double(double) = &self.place {
            return start_again(double, self.proxy()?.target(), password);
        }
        let changed = match self.engine() {
            Engine::PostgreSql => format!("ALTER ROLE {} PASSWORD '{password}'", self.account),
            _ => format!("ALTER USER '{}'@'%' IDENTIFIED BY '{password}'", self.account),
        };
        self.administer(&[changed]).await?;
        self.end_sessions().await
    }

    /// Ends every session of the account.
    pub(super) async fn end_sessions(&self) -> Outcome {
        if self.engine() == Engine::PostgreSql {
            let end = format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{}'",
                self.account
            );
            return self.administer(&[end]).await;
        }
        let (number, from) = self.processes();
        let list = format!("SELECT coalesce(group_concat({number}), '') FROM {from}");
        for id in self
            .admin()?
            .ask(&list)
            .await?
            .split(',')
            .filter(|id| !id.is_empty())
        {
            // It may have ended meanwhile.
            let _ = self.administer(&[format!("KILL {id}")]).await;
        }
        Ok(())
    }

    /// How MySQL and MariaDB number sessions, and where those of the account are. The usual table of MySQL cannot be read while
    /// one of them runs a statement whose text is not UTF-8, as the store's are with sealed passwords in them.
    fn processes(&self) -> (&'static str, String) {
        let account = &self.account;
        match self.engine() {
            Engine::MySql => (
                "processlist_id",
                format!("performance_schema.threads WHERE processlist_user = '{account}'"),
            ),
            _ => (
                "id",
                format!("information_schema.processlist WHERE user = '{account}'"),
            ),
        }
    }

    /// The sessions that the server has for the account.
    pub(super) async fn sessions(&self) -> Result<u64, Failed> {
        let ask = match &self.place {
            Place::Double(double) => {
                let double = lock(double);
                return Ok(double.as_ref().map_or(0, |double| double.stats().sessions) as u64);
            }
            Place::File(_) => return Ok(0),
            Place::Server(_) if self.engine() == Engine::PostgreSql => {
                format!(
                    "SELECT count(*) FROM pg_stat_activity WHERE usename = '{}'",
                    self.account
                )
            }
            Place::Server(_) => format!("SELECT CAST(count(*) AS CHAR) FROM {}", self.processes().1),
        };
        Ok(self.admin()?.ask(&ask).await?.parse()?)
    }

    /// What the account's sessions run, for a message.
    pub(super) async fn at_work(&self) -> Result<String, Failed> {
        let ask = match self.engine() {
            Engine::Oracle | Engine::Sqlite => return Ok(String::new()),
            Engine::PostgreSql => format!(
                "SELECT coalesce(string_agg(query, '; '), '') FROM pg_stat_activity WHERE usename = '{}'",
                self.account
            ),
            Engine::MySql | Engine::MariaDb => format!(
                "SELECT coalesce(group_concat(concat_ws(' ', id, command, time, info) SEPARATOR '; '), '') \
                 FROM information_schema.processlist WHERE user = '{}'",
                self.account
            ),
        };
        self.admin()?.ask(&ask).await
    }

    /// Leaves nothing on a server that others use, too.
    pub(super) async fn remove(&self) -> Outcome {
        if !matches!(self.place, Place::Server(_)) {
            return Ok(());
        }
        self.end_sessions().await?;
        match self.engine() {
            Engine::PostgreSql => self.administer(&[format!("DROP ROLE {}", self.account)]).await,
            _ => {
                let store = format!("DROP DATABASE IF EXISTS {}", self.account);
                self.administer(&[format!("DROP USER '{}'@'%'", self.account), store])
                    .await
            }
        }
    }

    fn proxy(&self) -> Result<&Proxy, Failed> {
        self.proxy.as_ref().ok_or_else(|| "nothing lies between".into())
    }

    fn admin(&self) -> Result<Database, Failed> {
        match &self.place {
            Place::Server(server) => Ok(Database::Server(server.as_admin())),
            Place::Double(_) | Place::File(_) => Err("no server".into()),
        }
    }

    async fn administer(&self, statements: &[String]) -> Outcome {
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        self.admin()?.execute(&statements).await
    }
}

fn start_double(settings: Settings) -> Result<Double, Failed> {
    let double = Double::start_with(settings)?;
    let number = || Column::new("N", Kind::INTEGER);
    let one = Answer::rows(vec![number()], vec![vec![Cell::Integer(1)]]);
    double.script(super::load::ORACLE_QUICK, one.clone());
    double.script(super::load::ORACLE_WAITING, one.after(Duration::from_mins(10)));
    let filling = Cell::from("x".repeat(80).as_str());
    let columns = vec![number(), Column::new("FILLING", Kind::Varchar(80))];
    let flowing = Answer::made(columns, 500, move |at| {
        vec![Cell::Integer(at as i64), filling.clone()]
    });
    double.script(super::load::ORACLE_FLOWING, flowing);
    Ok(double)
}

/// A double in the place of another that is gone.
fn start_again(double: &Mutex<Option<Double>>, address: std::net::SocketAddr, password: &str) -> Outcome {
    drop(lock(double).take());
    let settings = Settings {
        address,
        password: password.to_owned(),
        ..Settings::new(Mode::Fast)
    };
    *lock(double) = Some(start_double(settings)?);
    Ok(())
}

fn with(double: &Mutex<Option<Double>>, what: impl FnOnce(&Double)) -> Outcome {
    what(lock(double).as_ref().ok_or("the double is gone")?);
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
