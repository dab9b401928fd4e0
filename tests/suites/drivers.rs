//! The engines' conformance suite on real servers, each case in a database of its own. SQLite's is in the drivers' crate.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::{DataSourceId, Engine, Secret, SourceConfig};
use gateway_drivers::Drivers;
use gateway_drivers::testkit::{Backstage, Bench, Dialect, MARIADB, MYSQL, POSTGRESQL, cases};
use mysql_async::prelude::Queryable;
use nexus_tests::{Database, Failed, Outcome, Server, Trials};
use tokio::sync::Mutex;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

/// Registers the suite.
pub(crate) fn register(trials: &mut Trials) {
    for (engine, dialect) in [
        (Engine::MySql, &MYSQL),
        (Engine::MariaDb, &MARIADB),
        (Engine::PostgreSql, &POSTGRESQL),
    ] {
        for case in cases(dialect) {
            trials.engine(
                &format!("drivers::{}", case.name),
                engine,
                move |server| async move {
                    let name = format!("nexus_{}", DataSourceId::new().0.simple());
                    let scratch = Scratch::create(server, name).await?;
                    let bench = scratch.bench(dialect)?;
                    // A task of its own, so that the database is dropped after a panic, too.
                    let ended = tokio::spawn((case.run)(bench)).await;
                    let removed = scratch.remove().await;
                    match ended {
                        Err(failure) if failure.is_panic() => std::panic::resume_unwind(failure.into_panic()),
                        ended => Ok(ended?),
                    }
                    .and(removed)
                },
            );
        }
    }
}

/// A database of a case's own, and a view on it.
struct Scratch {
    server: Server,
    name: String,
    /// Connected to another database, so that it is not seen itself.
    view: Arc<Connection>,
}

impl Scratch {
    async fn create(server: Server, name: String) -> Result<Self, Failed> {
        let view = Arc::new(Connection::open(server.engine, &server.url).await?);
        // PostgreSQL's other template cannot be copied while somebody looks at it.
        let template = if server.engine == Engine::PostgreSql {
            "TEMPLATE template0"
        } else {
            ""
        };
        view.execute(&format!("CREATE DATABASE {name} {template}"))
            .await?;
        Ok(Self { server, name, view })
    }

    fn bench(&self, dialect: &'static Dialect) -> Result<Bench, Failed> {
        let (address, _) = self.server.url.rsplit_once('/').ok_or("no database")?;
        let (config, password) = source(&self.server)?;
        Ok(Bench {
            driver: Drivers::builtin().get(self.server.engine)?,
            config: SourceConfig {
                database: Some(self.name.clone()),
                ..config
            },
            password,
            dialect,
            backstage: Arc::new(View {
                engine: self.server.engine,
                url: format!("{address}/{}", self.name),
                name: self.name.clone(),
                connection: Arc::clone(&self.view),
            }),
        })
    }

    async fn remove(self) -> Outcome {
        // Only the administrator may stop the server's own housekeeping in it.
        let admin = Connection::open(self.server.engine, &self.server.admin_url).await?;
        let force = if self.server.engine == Engine::PostgreSql {
            "WITH (FORCE)"
        } else {
            ""
        };
        let drop = format!("DROP DATABASE {} {force}", self.name);
        admin.execute(&drop).await?;
        admin.close().await;
        Ok(())
    }
}

/// How a driver is told of a server, and its account's password.
pub(crate) fn source(server: &Server) -> Result<(SourceConfig, Option<Secret>), Failed> {
    let source = Database::Server(server.clone()).source("");
    let text = |what: &str| source["config"][what].as_str().map(str::to_owned);
    let port = source["config"]["port"].as_u64().ok_or("no port")?;
    let config = SourceConfig {
        host: text("host"),
        port: Some(u16::try_from(port)?),
        database: text("database"),
        username: text("username"),
        acquire_timeout: Duration::from_secs(30),
        connect_timeout: Duration::from_secs(30),
        ..SourceConfig::default()
    };
    Ok((config, text("password").map(Secret::new)))
}

struct View {
    engine: Engine,
    url: String,
    name: String,
    connection: Arc<Connection>,
}

#[async_trait::async_trait]
impl Backstage for View {
    async fn execute(&self, sql: &str) {
        let connection = Connection::open(self.engine, &self.url).await.unwrap();
        connection.execute(sql).await.unwrap();
        connection.close().await;
    }

    async fn ask(&self, sql: &str) -> String {
        let connection = Connection::open(self.engine, &self.url).await.unwrap();
        let answer = connection.ask(sql).await.unwrap();
        connection.close().await;
        answer
    }

    async fn sessions(&self) -> usize {
        self.count("").await
    }

    async fn running(&self) -> usize {
        self.count(match self.engine {
            Engine::PostgreSql => "AND state = 'active'",
            _ => "AND command IN ('Query', 'Execute')",
        })
        .await
    }
}

impl View {
    async fn count(&self, which: &str) -> usize {
        let list = match self.engine {
            Engine::PostgreSql => "pg_stat_activity WHERE backend_type = 'client backend' AND datname",
            _ => "information_schema.processlist WHERE db",
        };
        let sql = format!(
            "SELECT concat(count(*), '') FROM {list} = '{}' {which}",
            self.name
        );
        self.connection.ask(&sql).await.unwrap().parse().unwrap()
    }
}

enum Connection {
    MySql(Mutex<mysql_async::Conn>),
    Postgres(Client),
}

impl Connection {
    async fn open(engine: Engine, url: &str) -> Result<Self, Failed> {
        if engine == Engine::PostgreSql {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(connection);
            return Ok(Self::Postgres(client));
        }
        let mut connection = mysql_async::Conn::from_url(url).await?;
        // What a failed case left locked must not keep the whole program.
        connection.query_drop("SET lock_wait_timeout = 20").await?;
        Ok(Self::MySql(Mutex::new(connection)))
    }

    async fn execute(&self, sql: &str) -> Outcome {
        match self {
            Self::MySql(connection) => Ok(connection.lock().await.query_drop(sql).await?),
            Self::Postgres(client) => Ok(client.batch_execute(sql).await?),
        }
    }

    async fn ask(&self, sql: &str) -> Result<String, Failed> {
        let text = match self {
            Self::MySql(connection) => connection.lock().await.query_first(sql).await?,
            Self::Postgres(client) => {
                let answer = client.simple_query(sql).await?;
                answer.iter().find_map(|message| match message {
                    SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                    _ => None,
                })
            }
        };
        text.ok_or_else(|| "no row".into())
    }

    async fn close(self) {
        if let Self::MySql(connection) = self {
            let _ = connection.into_inner().disconnect().await;
        }
    }
}
