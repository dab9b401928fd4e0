//! Commands that ask a running gateway: which one, as whom, and what becomes of its answers.

pub(super) mod query;
pub(super) mod source;
mod table;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use gateway_core::{DataSourceId, ErrorKind};
use reqwest::{Method, RequestBuilder, Response, Url};
use serde::Deserialize;
use serde_json::Value;

use super::DENIED;

/// Where data sources are.
const SOURCES: &str = "/api/v1/datasources";

/// How long the gateway may take to accept a connection. What it then does may take its time.
const CONNECTING: Duration = Duration::from_secs(5);

/// Which gateway is asked, and as whom.
#[derive(Args)]
pub(super) struct Connection {
    /// The gateway's address.
    #[arg(
        long,
        value_name = "URL",
        env = "NEXUS_URL",
        default_value = "http://127.0.0.1:8080"
    )]
    url: String,
    /// A file with the bearer token or API key, - for standard input. Without it NEXUS_TOKEN is sent, if that is set.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

impl Connection {
    fn client(&self) -> anyhow::Result<Client> {
        let token = match &self.token_file {
            Some(file) => Some(read_text(file)?),
            None => std::env::var("NEXUS_TOKEN").ok(),
        };
        let url = Url::parse(&self.url).with_context(|| format!("{:?} is not a URL", self.url))?;
        if !matches!(url.scheme(), "http" | "https") {
            bail!(
                "{:?} is not the URL of a gateway: it begins with http:// or https://",
                self.url
            );
        }
        let agent = reqwest::Client::builder()
            .connect_timeout(CONNECTING)
            // A redirect could lead the token anywhere.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .context("making the client")?;
        Ok(Client {
            agent,
            url: self.url.trim_end_matches('/').to_owned(),
            token: token.filter(|token| !token.is_empty()),
        })
    }
}

/// A file's text, or standard input's for `-`, without the line break that editors leave.
fn read_text(file: &Path) -> anyhow::Result<String> {
    let text = if file == Path::new("-") {
        std::io::read_to_string(std::io::stdin()).context("reading standard input")
    } else {
        std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
    };
    Ok(text?.trim_end_matches(['\r', '\n']).to_owned())
}

/// Runs `work`; a statement that the gateway denies ends the program as a denied statement does everywhere.
fn run(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<ExitCode> {
    let outcome = actix_web::rt::System::new().block_on(work);
    match outcome {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) if error.downcast_ref::<Refusal>().is_some_and(Refusal::is_denial) => {
            eprintln!("{error:#}");
            Ok(ExitCode::from(DENIED))
        }
        Err(error) => Err(error),
    }
}

/// Asks one gateway.
struct Client {
    agent: reqwest::Client,
    url: String,
    token: Option<String>,
}

impl Client {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.agent.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// The answer to `request`, if it is not a refusal.
    async fn send(&self, request: RequestBuilder) -> anyhow::Result<Response> {
        let asking = || format!("asking {}", self.url);
        let response = request.send().await.map_err(reqwest::Error::without_url);
        let response = response.with_context(asking)?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let body = response.bytes().await.map_err(reqwest::Error::without_url);
        let body = body.with_context(asking)?;
        match serde_json::from_slice::<Failure>(&body) {
            Ok(failure) => Err(failure.error.into()),
            // Something between here and the gateway, or no gateway at all.
            Err(_) => bail!("{} answered with status {status}", self.url),
        }
    }

    /// What `request` is answered with, without its envelope.
    async fn data(&self, request: RequestBuilder) -> anyhow::Result<Value> {
        let body = self.body(request).await?;
        let mut envelope: Value = serde_json::from_slice(&body).context("reading the answer")?;
        Ok(envelope["data"].take())
    }

    async fn body(&self, request: RequestBuilder) -> anyhow::Result<Vec<u8>> {
        let body = self.send(request).await?.bytes().await;
        let body = body.map_err(reqwest::Error::without_url);
        Ok(body.context("the answer broke off")?.into())
    }

    /// The source that is meant by its identifier or its name.
    async fn find(&self, source: &str) -> anyhow::Result<DataSourceId> {
        if let Ok(id) = source.parse() {
            return Ok(id);
        }
        let named = |listed: &&Value| {
            let name = listed["name"].as_str().unwrap_or_default();
            name.to_lowercase() == source.to_lowercase()
        };
        let listed = self.list(Some(source)).await?;
        let found = listed.iter().find(named).map(|found| &found["id"]);
        let id = found.and_then(Value::as_str).map(str::parse);
        let id = id.with_context(|| format!("there is no data source {source:?} that you may see"))?;
        id.map_err(anyhow::Error::msg)
    }

    /// Every source that may be seen; only those with `name` in their names, if it is given.
    async fn list(&self, name: Option<&str>) -> anyhow::Result<Vec<Value>> {
        let mut listed = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let request = self.request(Method::GET, SOURCES);
            let asked = [("name", name), ("cursor", cursor.as_deref())];
            let asked: Vec<_> = asked.into_iter().filter(|(_, value)| value.is_some()).collect();
            let request = request.query(&asked);
            let mut page = self.data(request).await?;
            if let Value::Array(items) = page["items"].take() {
                listed.extend(items);
            }
            match page["nextCursor"].take() {
                Value::String(next) => cursor = Some(next),
                _ => return Ok(listed),
            }
        }
    }
}

#[derive(Deserialize)]
struct Failure {
    error: Refusal,
}

/// What the gateway says of why it does not do what was asked.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    code: String,
    message: String,
    details: Option<String>,
    position: Option<Position>,
    sql_state: Option<String>,
    hint: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Position {
    line: u32,
    column: u32,
}

impl Refusal {
    /// Whether it is the statement that is refused.
    fn is_denial(&self) -> bool {
        [ErrorKind::SqlSyntax, ErrorKind::InvalidSql]
            .iter()
            .any(|kind| kind.code() == self.code)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)?;
        if let Some(Position { line, column }) = self.position {
            write!(f, " at line {line}, column {column}")?;
        }
        write!(f, " [{}", self.code)?;
        if let Some(state) = &self.sql_state {
            write!(f, ", SQLSTATE {state}")?;
        }
        f.write_str("]")?;
        for further in [&self.details, &self.hint].into_iter().flatten() {
            write!(f, "\n  {further}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}
