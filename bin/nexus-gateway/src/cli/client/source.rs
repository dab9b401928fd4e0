//! `source`: the data sources of a running gateway.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use gateway_core::Engine;
use reqwest::Method;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Client, Connection, SOURCES, read_text, run, table};

/// Manage the data sources of a running gateway.
#[derive(Subcommand)]
pub(in crate::cli) enum Source {
    /// Register a data source and print its identifier.
    Add(Add),
    /// List the data sources.
    List(List),
    /// Print a data source as JSON.
    Show(Named),
    /// Connect to a data source and print what is found as JSON.
    Test(Named),
    /// Change a data source; what is not given stays.
    Update(Update),
    /// Remove a data source. Queries that run end as they would have.
    Remove(Named),
}

/// A data source to be registered.
#[derive(Args)]
pub(in crate::cli) struct Add {
    #[command(flatten)]
    connection: Connection,
    /// What it is to be called.
    name: String,
    /// What it is: mysql, mariadb, postgresql, oracle or sqlite.
    #[arg(long = "type", value_name = "ENGINE")]
    engine: Engine,
    #[command(flatten)]
    described: Described,
}

/// What is listed.
#[derive(Args)]
pub(in crate::cli) struct List {
    #[command(flatten)]
    connection: Connection,
    /// Only those with this in their names.
    #[arg(long)]
    name: Option<String>,
    /// How they are printed.
    #[arg(short, long, value_enum, default_value = "table")]
    output: ListForm,
}

#[derive(Clone, Copy, ValueEnum)]
enum ListForm {
    Table,
    Json,
}

/// One data source.
#[derive(Args)]
pub(in crate::cli) struct Named {
    #[command(flatten)]
    connection: Connection,
    /// Its identifier or its name.
    source: String,
}

/// What is changed.
#[derive(Args)]
pub(in crate::cli) struct Update {
    #[command(flatten)]
    connection: Connection,
    /// Its identifier or its name.
    source: String,
    /// What it is to be called.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    described: Described,
}

/// What a data source is told by, besides its name and its kind.
#[derive(Args)]
struct Described {
    /// Free text.
    #[arg(long)]
    description: Option<String>,
    /// active or inactive.
    #[arg(long)]
    status: Option<String>,
    #[command(flatten)]
    config: Config,
    /// A file with the password, - for standard input. It may hold env:NAME or file:/path instead.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// A file with the authorities (PEM) to trust instead of the gateway's.
    #[arg(long, value_name = "FILE")]
    tls_ca: Option<PathBuf>,
    /// A file with the certificate (PEM) that the gateway shows to the server.
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// An option of the source, such as functionLevel=standard; may be given several times.
    #[arg(long = "option", value_name = "NAME=VALUE", value_parser = pair)]
    options: Vec<(String, String)>,
}

/// What goes into `config` as it is.
#[derive(Args, Serialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    /// The database server.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    /// Its port; by default the engine's own.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    /// The database.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<String>,
    /// The account.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// The database file (SQLite), as the gateway sees it.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// Oracle: the service.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    service_name: Option<String>,
    /// Oracle: the system identifier.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    /// Oracle: a connect descriptor.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    connect_descriptor: Option<String>,
    /// disable, prefer, require, verify-ca or verify-full.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<String>,
    /// Where the key of --tls-cert is: file:/path or env:NAME, as the gateway sees it.
    #[arg(long, value_name = "REFERENCE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_key: Option<String>,
    /// Most connections at once.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    max_pool_size: Option<u32>,
    /// Longest time to connect, in milliseconds.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    connect_timeout_ms: Option<u64>,
    /// Longest wait for a connection, in milliseconds.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    acquire_timeout_ms: Option<u64>,
    /// Longest time for a query, in milliseconds.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    query_timeout_ms: Option<u64>,
    /// How long a connection may be idle, in milliseconds.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_timeout_ms: Option<u64>,
    /// How old a connection may become, in milliseconds.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    max_lifetime_ms: Option<u64>,
    /// The time zone of the sessions.
    #[arg(long)]
    #[serde(skip_serializing_if = "Option::is_none")]
    timezone: Option<String>,
}

impl Described {
    /// The fields of a request that say so.
    fn fields(self) -> anyhow::Result<Map<String, Value>> {
        let mut config = serde_json::to_value(self.config)?;
        let files = [
            ("password", self.password_file),
            ("tlsCa", self.tls_ca),
            ("tlsCert", self.tls_cert),
        ];
        for (key, file) in files {
            if let Some(file) = file {
                config[key] = read_text(&file)?.into();
            }
        }
        if !self.options.is_empty() {
            let options = self
                .options
                .into_iter()
                .map(|(name, value)| (name, Value::from(value)));
            config["options"] = options.collect::<Map<_, _>>().into();
        }
        let mut fields = Map::from_iter([("config".to_owned(), config)]);
        for (key, value) in [("description", self.description), ("status", self.status)] {
            if let Some(value) = value {
                fields.insert(key.to_owned(), value.into());
            }
        }
        Ok(fields)
    }
}

/// `name=value`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("must be of the form name=value".to_owned()),
    }
}

impl Source {
    pub(in crate::cli) fn run(self) -> anyhow::Result<ExitCode> {
        run(async {
            match self {
                Self::Add(add) => add.run().await,
                Self::List(list) => list.run().await,
                Self::Show(named) => named.ask(Method::GET, "").await,
                Self::Test(named) => named.ask(Method::POST, "/test").await,
                Self::Update(update) => update.run().await,
                Self::Remove(named) => named.remove().await,
            }
        })
    }
}

impl Add {
    async fn run(self) -> anyhow::Result<()> {
        let mut fields = self.described.fields()?;
        fields.insert("name".to_owned(), self.name.into());
        fields.insert("type".to_owned(), self.engine.as_str().into());
        let client = self.connection.client()?;
        let request = client.request(Method::POST, SOURCES).json(&fields);
        say(client.data(request).await?["id"].as_str().unwrap_or_default())
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let listed = self.connection.client()?.list(self.name.as_deref()).await?;
        if let ListForm::Json = self.output {
            return say(&serde_json::to_string_pretty(&listed)?);
        }
        let shown = ["id", "name", "type", "status"];
        let row = |source: &Value| {
            let text = |key: &&str| source[*key].as_str().unwrap_or_default().to_owned();
            shown.iter().map(text).collect()
        };
        let rows: Vec<Vec<String>> = listed.iter().map(row).collect();
        table::write(
            &mut std::io::stdout().lock(),
            &shown.map(str::to_owned),
            &[false; 4],
            &rows,
        )?;
        Ok(())
    }
}

impl Named {
    async fn path(&self, client: &Client) -> anyhow::Result<String> {
        Ok(format!("{SOURCES}/{}", client.find(&self.source).await?))
    }

    /// Asks the source's `place` and prints the answer.
    async fn ask(self, method: Method, place: &str) -> anyhow::Result<()> {
        let client = self.connection.client()?;
        let path = self.path(&client).await? + place;
        let data = client.data(client.request(method, &path)).await?;
        say(&serde_json::to_string_pretty(&data)?)
    }

    async fn remove(self) -> anyhow::Result<()> {
        let client = self.connection.client()?;
        let path = self.path(&client).await?;
        client.send(client.request(Method::DELETE, &path)).await.map(drop)
    }
}

impl Update {
    async fn run(self) -> anyhow::Result<()> {
        let mut fields = self.described.fields()?;
        if let Some(name) = self.name {
            fields.insert("name".to_owned(), name.into());
        }
        if fields.len() == 1 && fields["config"] == json!({}) {
            anyhow::bail!("nothing is to be changed: say what, for instance with --max-pool-size");
        }
        let client = self.connection.client()?;
        let path = format!("{SOURCES}/{}", client.find(&self.source).await?);
        let request = client.request(Method::PATCH, &path).json(&fields);
        client.data(request).await.map(drop)
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}
