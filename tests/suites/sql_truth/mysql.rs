//! The stage on MySQL and MariaDB.

use std::time::Duration;

use gateway_core::{Engine, Secret, SourceConfig};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, OptsBuilder, Row};
use nexus_tests::{Failed, Outcome, Server};

use super::{Photograph, Ran, fixture, own_name};

/// Variables that change by themselves, or whose change is what reading them does.
const VOLATILE: [&str; 10] = [
    "statement_id",
    "timestamp",
    "rand_seed",
    "pseudo_thread_id",
    "warning_count",
    "error_count",
    "gtid",
    "insert_id",
    "in_transaction",
    "innodb_",
];

pub(super) struct Stage {
    engine: Engine,
    connection: Conn,
    database: String,
    own: Opts,
    tables: Vec<String>,
}

impl super::Stage for Stage {
    type Place = Server;

    async fn set(server: Server) -> Result<Self, Failed> {
        let engine = server.engine;
        let database = own_name();
        let admin = Opts::from_url(&server.admin_url)?;
        let mut connection = Conn::new(admin.clone()).await?;
        connection
            .query_drop(format!("CREATE DATABASE {database}"))
            .await?;
        connection.query_drop(format!("USE {database}")).await?;
        for statement in fixture("mysql.sql", engine)? {
            connection
                .query_drop(&statement)
                .await
                .map_err(|error| format!("{statement}: {error}"))?;
        }
        // A session of its own, which knows nothing of what the fixture did (LAST_INSERT_ID and the like).
        connection.disconnect().await?;
        let options = OptsBuilder::from_opts(admin.clone()).db_name(Some(&database));
        let mut connection = Conn::new(options).await?;
        // A server that answers from its cache of statistics would not show a change; a server that takes long, neither.
        let pins = match engine {
            Engine::MySql => "SET SESSION information_schema_stats_expiry = 0, max_execution_time = 5000",
            _ => "SET SESSION max_statement_time = 5",
        };
        connection.query_drop(pins).await?;
        let tables: Vec<String> = connection
            .query("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type <> 'VIEW'")
            .await?;
        Ok(Self {
            engine,
            connection,
            database,
            own: Opts::from_url(&server.url)?,
            tables,
        })
    }

    async fn execute(&mut self, sql: &str) -> Result<Ran, Failed> {
        self.connection.query_drop("START TRANSACTION").await?;
        let outcome = match self.connection.query_iter(sql).await {
            Ok(result) => result.drop_result().await,
            Err(error) => Err(error),
        };
        let marks = match &outcome {
            Ok(()) => self.marks().await?,
            Err(mysql_async::Error::Server(_)) => Vec::new(),
            Err(error) => return Err(format!("{sql}: {error}").into()),
        };
        self.connection.query_drop("COMMIT").await?;
        // It answers how many were held.
        let held: Option<u64> = self.connection.query_first("SELECT RELEASE_ALL_LOCKS()").await?;
        Ok(match outcome {
            Err(error) => Ran::Refused(error.to_string()),
            Ok(()) if held != Some(0) => Ran::Executed(vec![format!("user-level locks held: {held:?}")]),
            Ok(()) => Ran::Executed(marks),
        })
    }

    async fn photograph(&mut self) -> Result<Photograph, Failed> {
        let mut photograph = Photograph::new();
        self.rows(&mut photograph).await?;
        for what in catalogue(self.engine) {
            let sql = what
                .1
                .replace("{databases}", &format!("'{}', 'shop', 'db'", self.database));
            photograph.insert(what.0.to_owned(), self.text(&sql).await?);
        }
        for scope in ["SESSION", "GLOBAL"] {
            let variables: Vec<(String, String)> =
                self.connection.query(format!("SHOW {scope} VARIABLES")).await?;
            for (name, value) in variables {
                if !VOLATILE.iter().any(|volatile| name.contains(volatile)) {
                    photograph.insert(format!("{scope} {name}"), value);
                }
            }
        }
        if self.engine == Engine::MariaDb {
            photograph.insert("sequence s".into(), self.text("SELECT * FROM s").await?);
        }
        self.files(&mut photograph).await?;
        Ok(photograph)
    }

    fn source(&self) -> (SourceConfig, Option<Secret>) {
        let config = SourceConfig {
            host: Some(self.own.ip_or_hostname().to_owned()),
            port: Some(self.own.tcp_port()),
            database: Some(self.database.clone()),
            username: self.own.user().map(str::to_owned),
            max_pool_size: 1,
            connect_timeout: Duration::from_secs(10),
            ..SourceConfig::default()
        };
        (config, self.own.pass().map(Secret::new))
    }

    /// A session that has locked a table cannot read another one.
    fn probe(&self) -> String {
        "SELECT CONCAT_WS('|', COALESCE(@a, '-'), COALESCE(@b, '-'), COALESCE(@x, '-'), COALESCE(@v, '-'), @@sql_mode, \
         @@autocommit, @@time_zone, @@lock_wait_timeout, LAST_INSERT_ID(), RELEASE_ALL_LOCKS(), COUNT(*)) FROM customers"
            .to_owned()
    }

    async fn others(&mut self) -> Result<u64, Failed> {
        let sql = "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()";
        Ok(self.connection.query_first(sql).await?.unwrap_or_default())
    }

    async fn strike(mut self) -> Outcome {
        // MariaDB lets an export of a denied statement lie beside the tables, and does not drop what it does not know.
        let folder: Option<String> = self.connection.query_first("SELECT @@datadir").await?;
        let export = std::path::Path::new(&folder.unwrap_or_default())
            .join(&self.database)
            .join("x");
        if export.exists() {
            std::fs::remove_file(export)?;
        }
        let sql = format!("DROP DATABASE {}", self.database);
        self.connection.query_drop(sql).await?;
        Ok(self.connection.disconnect().await?)
    }
}

impl Stage {
    /// What the open transaction holds that a consistent read does not need.
    async fn marks(&mut self) -> Result<Vec<String>, Failed> {
        let sql = match self.engine {
            Engine::MySql => {
                "SELECT CONCAT_WS(' ', object_name, lock_type, lock_mode) FROM performance_schema.data_locks \
                 WHERE thread_id = PS_CURRENT_THREAD_ID()"
            }
            _ => {
                // The server renews this table ten times a second.
                tokio::time::sleep(Duration::from_millis(110)).await;
                "SELECT CONCAT_WS(' ', 'tables and rows locked, rows changed:', trx_tables_locked, trx_rows_locked, \
                 trx_rows_modified) FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = CONNECTION_ID() \
                 AND trx_tables_locked + trx_rows_locked + trx_rows_modified > 0"
            }
        };
        Ok(self.connection.query(sql).await?)
    }

    /// The rows of all tables, by checksum.
    async fn rows(&mut self, photograph: &mut Photograph) -> Result<(), Failed> {
        let mut names: Vec<String> = self.tables.iter().map(|table| format!("`{table}`")).collect();
        names.extend(
            [
                "shop.orders",
                "db.t",
                "mysql.user",
                "mysql.db",
                "mysql.func",
                "mysql.plugin",
            ]
            .map(str::to_owned),
        );
        if self.engine == Engine::MariaDb {
            // A view there.
            names.retain(|name| name != "mysql.user");
            names.push("mysql.global_priv".to_owned());
        }
        let sql = format!("CHECKSUM TABLE {} EXTENDED", names.join(", "));
        let sums: Vec<(String, Option<u64>)> = self.connection.query(sql).await?;
        for (table, sum) in sums {
            photograph.insert(format!("rows of {table}"), format!("{sum:?}"));
        }
        Ok(())
    }

    /// The files of the server: those of the database, and the names at the top of its folder.
    async fn files(&mut self, photograph: &mut Photograph) -> Result<(), Failed> {
        let folder: Option<String> = self.connection.query_first("SELECT @@datadir").await?;
        let folder = folder.unwrap_or_default();
        let inside = std::path::Path::new(&folder).join(&self.database);
        let mut files: Vec<String> = Vec::new();
        for entry in std::fs::read_dir(inside)? {
            files.push(entry?.file_name().to_string_lossy().into_owned());
        }
        files.sort();
        photograph.insert("files".into(), files.join(" "));
        Ok(())
    }

    async fn text(&mut self, sql: &str) -> Result<String, Failed> {
        let rows: Vec<Row> = self
            .connection
            .query(sql)
            .await
            .map_err(|error| format!("{sql}: {error}"))?;
        let lines: Vec<String> = rows
            .into_iter()
            .map(|row| {
                let cells: Vec<String> = row.unwrap().iter().map(|value| value.as_sql(false)).collect();
                cells.join("|")
            })
            .collect();
        Ok(lines.join("\n"))
    }
}

/// What there is, by name, as statements.
fn catalogue(engine: Engine) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![
        (
            "tables",
            "SELECT table_schema, table_name, table_type, engine, create_options, auto_increment FROM \
             information_schema.tables WHERE table_schema IN ({databases}) ORDER BY 1, 2",
        ),
        (
            "columns",
            "SELECT table_schema, table_name, column_name, column_type, column_default, is_nullable FROM \
             information_schema.columns WHERE table_schema IN ({databases}) ORDER BY 1, 2, 3",
        ),
        (
            "routines",
            "SELECT routine_schema, routine_name, routine_definition FROM information_schema.routines \
             WHERE routine_schema IN ({databases}) ORDER BY 1, 2",
        ),
        (
            "indexes",
            "SELECT table_schema, table_name, index_name, column_name FROM information_schema.statistics \
             WHERE table_schema IN ({databases}) ORDER BY 1, 2, 3, 4",
        ),
        (
            "views",
            "SELECT table_schema, table_name, view_definition FROM information_schema.views \
             WHERE table_schema IN ({databases}) ORDER BY 1, 2",
        ),
        (
            "triggers and events",
            "SELECT trigger_schema, trigger_name FROM information_schema.triggers WHERE trigger_schema IN ({databases}) \
             UNION ALL SELECT event_schema, event_name FROM information_schema.events WHERE event_schema IN ({databases}) ORDER BY 1, 2",
        ),
        // Others' belong to the trial beside this one; what the driver's session holds, the probe tells.
        (
            "named locks of the corpus",
            "SELECT COALESCE(IS_USED_LOCK('a') = CONNECTION_ID(), FALSE)",
        ),
    ];
    if engine == Engine::MySql {
        all.push((
            "user variables",
            "SELECT variable_name, variable_value FROM performance_schema.user_variables_by_thread WHERE thread_id = PS_CURRENT_THREAD_ID() ORDER BY 1",
        ));
        all.push((
            "metadata locks",
            "SELECT object_type, object_schema, object_name, lock_type FROM performance_schema.metadata_locks WHERE \
             owner_thread_id = PS_CURRENT_THREAD_ID() AND object_schema <> 'performance_schema' ORDER BY 1, 2, 3, 4",
        ));
        all.push((
            "prepared statements",
            "SELECT COUNT(*) FROM performance_schema.prepared_statements_instances WHERE owner_thread_id = PS_CURRENT_THREAD_ID() \
             AND sql_text NOT LIKE '%prepared_statements_instances%'",
        ));
    } else {
        all.push((
            "user variables",
            "SELECT variable_name, variable_value FROM information_schema.user_variables ORDER BY 1",
        ));
    }
    all
}
