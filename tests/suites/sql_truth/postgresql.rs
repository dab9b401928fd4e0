//! The stage on PostgreSQL.

use std::time::Duration;

use gateway_core::{Engine, Secret, SourceConfig};
use nexus_tests::{Failed, Outcome, Server};
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

use super::{Photograph, Ran, fixture, own_name};

/// The schemas with a table `t` each.
const WORLDS: [&str; 6] = ["w1", "w2", "w3", "w4", "w5", "w6"];

pub(super) struct Stage {
    client: Client,
    database: String,
    admin: Config,
    own: Config,
    /// One statement that gives a line for each table and each catalogue: its name, and a sum over its rows.
    sums: String,
}

/// Columns that the server itself keeps up to date at any time.
const UNSTEADY: &str = "'relpages', 'reltuples', 'relallvisible', 'relallfrozen', 'relfrozenxid', 'relminmxid', \
    'relhasindex', 'datfrozenxid', 'datminmxid'";

impl super::Stage for Stage {
    type Place = Server;

    async fn set(server: Server) -> Result<Self, Failed> {
        let database = own_name();
        let admin: Config = server.admin_url.parse()?;
        let root = connect(&admin).await?;
        let own: Config = server.url.parse()?;
        let owner = own.get_user().unwrap_or_default().to_owned();
        root.batch_execute(&format!("CREATE DATABASE {database} OWNER {owner}"))
            .await?;
        let mut admin = admin.clone();
        admin.dbname(&database);
        // All of it belongs to the gateway's own account, which may do what it likes with it.
        let client = connect(&admin).await?;
        client.batch_execute(&format!("SET ROLE {owner}")).await?;
        for statement in fixture("postgresql.sql", Engine::PostgreSql)? {
            client
                .batch_execute(&statement)
                .await
                .map_err(|error| format!("{statement}: {error}"))?;
        }
        drop(client);
        let client = connect(&admin).await?;
        client.batch_execute("SET statement_timeout = '5s'").await?;
        let sums = sums(&client).await?;
        Ok(Self {
            client,
            database,
            admin,
            own,
            sums,
        })
    }

    /// In the first of the worlds in which it runs.
    async fn execute(&mut self, sql: &str) -> Result<Ran, Failed> {
        let mut first = None;
        for world in WORLDS {
            self.client
                .batch_execute(&format!("BEGIN; SET LOCAL search_path = {world}, public"))
                .await?;
            match self.client.simple_query(sql).await {
                Ok(_) => {
                    let marks = self.marks().await?;
                    self.client.batch_execute("COMMIT").await?;
                    return Ok(Ran::Executed(marks));
                }
                Err(error) => {
                    self.client.batch_execute("ROLLBACK").await?;
                    let database_error = error.as_db_error().map(|error| error.message().to_owned());
                    let message = database_error.ok_or_else(|| format!("{sql}: {error}"))?;
                    first.get_or_insert(message);
                }
            }
        }
        Ok(Ran::Refused(first.unwrap_or_default()))
    }

    async fn photograph(&mut self) -> Result<Photograph, Failed> {
        let mut photograph = Photograph::new();
        for (name, sum) in pairs(&self.client, &self.sums).await? {
            photograph.insert(format!("rows of {name}"), sum);
        }
        for (what, sql) in SESSION {
            let lines = pairs(&self.client, sql)
                .await
                .map_err(|error| format!("{what}: {error:?}"))?;
            for (name, value) in lines {
                photograph.insert(format!("{what} {name}"), value);
            }
        }
        Ok(photograph)
    }

    fn source(&self) -> (SourceConfig, Option<Secret>) {
        let host = match self.own.get_hosts().first() {
            Some(tokio_postgres::config::Host::Tcp(host)) => host.clone(),
            _ => String::new(),
        };
        let config = SourceConfig {
            host: Some(host),
            port: self.own.get_ports().first().copied(),
            database: Some(self.database.clone()),
            username: self.own.get_user().map(str::to_owned),
            max_pool_size: 1,
            connect_timeout: Duration::from_secs(10),
            ..SourceConfig::default()
        };
        let password = self.own.get_password().unwrap_or_default();
        (config, Some(Secret::new(String::from_utf8_lossy(password))))
    }

    /// The statement itself is the only prepared one, and the driver's own do not count.
    fn probe(&self) -> String {
        "SELECT concat_ws('|', (SELECT count(*) FROM pg_prepared_statements WHERE from_sql), (SELECT count(*) FROM pg_cursors \
         WHERE statement NOT LIKE '%pg_cursors%'), (SELECT count(*) FROM pg_listening_channels()), pg_my_temp_schema(), \
         (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'), session_user, current_user, \
         current_setting('a.b', true), (SELECT sum(hashtext(name || '=' || setting)) FROM pg_settings \
         WHERE name <> 'transaction_read_only' AND name NOT LIKE 'plpgsql.%'))"
            .to_owned()
    }

    async fn others(&mut self) -> Result<u64, Failed> {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                   AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
        let row = self.client.query_one(sql, &[]).await?;
        Ok(u64::try_from(row.get::<_, i64>(0))?)
    }

    async fn strike(self) -> Outcome {
        drop(self.client);
        let mut admin = self.admin.clone();
        admin.dbname("postgres");
        let root = connect(&admin).await?;
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.database);
        Ok(root.batch_execute(&sql).await?)
    }
}

impl Stage {
    /// What the open transaction holds that a read does not need: a transaction number (given to whoever writes), or
    /// locks beyond those that keep a table from being dropped. Looking at a sequence's last value takes the lock that
    /// advancing it would; the photograph shows that it was not advanced.
    async fn marks(&self) -> Result<Vec<String>, Failed> {
        let found = pairs(
            &self.client,
            "SELECT 'transaction number', pg_current_xact_id_if_assigned()::text WHERE pg_current_xact_id_if_assigned() IS NOT NULL \
             UNION ALL SELECT 'lock', concat_ws(' ', locktype, relation::regclass, mode) FROM pg_locks \
             WHERE pid = pg_backend_pid() AND locktype <> 'virtualxid' AND mode <> 'AccessShareLock' \
             AND NOT EXISTS (SELECT FROM pg_class WHERE oid = relation AND relkind = 'S' AND mode = 'RowExclusiveLock')",
        )
        .await?;
        Ok(found
            .into_iter()
            .map(|(what, value)| format!("{what}: {value}"))
            .collect())
    }
}

/// What is not in a table: (what, a statement that gives names and values).
const SESSION: [(&str, &str); 8] = [
    ("setting", "SELECT name, setting FROM pg_settings"),
    (
        "sequence",
        "SELECT 's', concat_ws(' ', last_value, log_cnt, is_called) FROM public.s",
    ),
    (
        "lock",
        "SELECT concat_ws(' ', locktype, classid, objid, pid), mode FROM pg_locks WHERE locktype = 'advisory' \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    ),
    (
        "session",
        "SELECT 'objects', concat_ws(' ', (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_cursors), \
         (SELECT count(*) FROM pg_listening_channels()), pg_my_temp_schema(), session_user, current_user, current_schemas(true))",
    ),
    (
        "custom setting",
        "SELECT 'a.b', coalesce(current_setting('a.b', true), '-')",
    ),
    ("file", "SELECT name, '' FROM pg_ls_dir('.') AS name"),
    ("slot", "SELECT slot_name, slot_type FROM pg_replication_slots"),
    (
        "parameter file",
        "SELECT 'auto.conf', pg_read_file('postgresql.auto.conf')",
    ),
];

async fn connect(config: &Config) -> Result<Client, Failed> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(async move {
        let _ = connection.await;
    });
    Ok(client)
}

async fn pairs(client: &Client, sql: &str) -> Result<Vec<(String, String)>, Failed> {
    let messages = client
        .simple_query(sql)
        .await
        .map_err(|error| format!("{sql}: {error:?}"))?;
    Ok(messages
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((
                row.get(0).unwrap_or_default().to_owned(),
                row.get(1).unwrap_or_default().to_owned(),
            )),
            _ => None,
        })
        .collect())
}

/// A statement that sums up every table and catalogue of the database, statistics left out.
async fn sums(client: &Client) -> Result<String, Failed> {
    let tables = pairs(
        client,
        &format!(
            "SELECT c.oid::regclass, string_agg(quote_ident(a.attname), ', ' ORDER BY attnum) FROM pg_class c \
             JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute a ON attrelid = c.oid \
             WHERE relkind IN ('r', 'm') AND nspname NOT IN ('information_schema', 'pg_toast') AND attnum > 0 AND NOT attisdropped \
             AND c.relname NOT LIKE 'pg_statistic%' AND attname NOT IN ({UNSTEADY}) AND NOT (relisshared AND relname <> 'pg_authid' \
             AND relname <> 'pg_db_role_setting') GROUP BY c.oid ORDER BY 1"
        ),
    )
    .await?;
    let parts: Vec<String> = tables
        .iter()
        .map(|(table, columns)| {
            format!(
                "SELECT '{table}', count(*) || ' ' || coalesce(sum(hashtextextended(x::text, 0)), 0) \
                 FROM (SELECT {columns} FROM {table}) x",
                table = table.replace('\'', "''"),
            )
        })
        .collect();
    if parts.len() < 60 {
        return Err(format!("only {} tables found", parts.len()).into());
    }
    Ok(parts.join(" UNION ALL "))
}
