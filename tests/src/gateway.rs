//! The real binary, run as an operator would run it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gateway_core::{DataSourceId, Scope, Secret, SourceGrant};
use gateway_http::auth::{Algorithm, TokenRequest, mint};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::database::databases_folder;
use crate::{Answer, Database, Failed, Transport};

/// The secret that signs the trials' tokens.
pub const SECRET: &str = "a secret that only the tests know, long enough";

/// The settings under which the trials' databases can be reached.
fn open_network() -> std::io::Result<String> {
    Ok(format!(
        "network.allow = [\"127.0.0.0/8\", \"::1\"]\nnetwork.sqlite_folders = [{:?}]\n",
        databases_folder()?.display().to_string()
    ))
}

/// What tells a gateway that secret.
const SECRET_VARIABLE: &str = "NEXUS_AUTH__JWT__SECRET";

/// A running gateway; it ends when this is dropped.
pub struct Gateway {
    child: Child,
    url: String,
    client: reqwest::Client,
    log: Arc<Mutex<String>>,
    folder: tempfile::TempDir,
}

impl Gateway {
    /// A gateway on an embedded store of its own.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub async fn start() -> Result<Self, Failed> {
        Self::start_with("").await
    }

    /// [`Gateway::start`] with further settings, as TOML. `{folder}` in it stands for the gateway's own folder. Unless the
    /// settings have a section `network` of their own, sources may point to this machine and to temporary files.
    ///
    /// # Errors
    ///
    /// If it does not start; its log is in the message.
    pub async fn start_with(settings: &str) -> Result<Self, Failed> {
        Self::start_over(Transport::Http1, settings).await
    }

    /// [`Gateway::start_with`] without the trials' own secret: `settings` say how callers are told apart.
    ///
    /// # Errors
    ///
    /// If it does not start; its log is in the message.
    pub async fn without_secret(settings: &str) -> Result<Self, Failed> {
        Self::launch(None, Transport::Http1, settings, &[]).await
    }

    /// [`Gateway::start_with`] for clients that speak `transport`.
    ///
    /// # Errors
    ///
    /// If it does not start; its log is in the message.
    pub async fn start_over(transport: Transport, settings: &str) -> Result<Self, Failed> {
        Self::launch(None, transport, settings, &[(SECRET_VARIABLE, SECRET)]).await
    }

    /// [`Gateway::start_with`] through `program`, which gets `arguments` and then the command to run.
    ///
    /// # Errors
    ///
    /// If it does not start; its log is in the message.
    pub async fn start_through(program: &str, arguments: &[&str], settings: &str) -> Result<Self, Failed> {
        let through = Some((program, arguments));
        Self::launch(through, Transport::Http1, settings, &[(SECRET_VARIABLE, SECRET)]).await
    }

    /// [`Gateway::start_with`] with further variables in its environment.
    ///
    /// # Errors
    ///
    /// If it does not start; its log is in the message.
    pub async fn start_in(environment: &[(&str, &str)], settings: &str) -> Result<Self, Failed> {
        let mut environment = environment.to_vec();
        environment.push((SECRET_VARIABLE, SECRET));
        Self::launch(None, Transport::Http1, settings, &environment).await
    }

    async fn launch(
        through: Option<(&str, &[&str])>,
        transport: Transport,
        settings: &str,
        environment: &[(&str, &str)],
    ) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let home = folder.path().display().to_string();
        let file = folder.path().join("nexus.toml");
        let (tls, client) = transport.prepare(folder.path())?;
        // Dotted keys first: a table's header would take them in.
        let network = if settings.contains("[network]") {
            String::new()
        } else {
            open_network()?
        };
        // Trials run side by side, and the usual port of the metrics is one for all of them.
        let metrics = if settings.contains("metrics.") {
            ""
        } else {
            "metrics.listen = \"off\"\n"
        };
        let settings = settings.replace("{folder}", &home);
        std::fs::write(&file, tls + &network + metrics + &settings)?;
        let mut command = match through {
            None => Command::new(gateway_binary()?),
            Some((program, arguments)) => {
                let mut command = Command::new(program);
                command.args(arguments).arg(gateway_binary()?);
                command
            }
        };
        command
            .args(["serve", "--config"])
            .arg(&file)
            .current_dir(folder.path())
            .env("NEXUS_SERVER__LISTEN", "127.0.0.1:0")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn()?;
        let stderr = child.stderr.take().ok_or("no standard error")?;
        let log = Arc::new(Mutex::new(String::new()));
        let address = follow(BufReader::new(stderr), Arc::clone(&log)).await?;
        Ok(Self {
            child,
            url: format!("{}://{address}", transport.scheme()),
            client,
            log,
            folder,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its working folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its process id, while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// What it has logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A token for `scopes` (in the form of the claim) on `sources`.
    ///
    /// # Errors
    ///
    /// If a scope is unknown.
    pub fn token(&self, scopes: &str, sources: SourceGrant) -> Result<String, Failed> {
        self.token_of("tester", scopes, sources)
    }

    /// [`Gateway::token`] for somebody else than the usual tester.
    ///
    /// # Errors
    ///
    /// If a scope is unknown.
    pub fn token_of(&self, subject: &str, scopes: &str, sources: SourceGrant) -> Result<String, Failed> {
        let scopes = scopes
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, String>>()?;
        Ok(mint(
            &Secret::new(SECRET),
            Algorithm::Hs256,
            &TokenRequest {
                subject: subject.to_owned(),
                scopes,
                sources,
                ttl: Duration::from_secs(600),
                issuer: None,
                audience: None,
            },
        )?)
    }

    /// Sends a JSON body with a token that allows everything.
    ///
    /// # Errors
    ///
    /// If no answer comes.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer, Failed> {
        let mut request = self.request(method, path)?;
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        self.answer(request).await
    }

    /// A request with a token that allows everything, to be completed.
    ///
    /// # Errors
    ///
    /// If the token cannot be made.
    pub fn request(&self, method: Method, path: &str) -> Result<reqwest::RequestBuilder, Failed> {
        let token = self.token(Scope::Admin.as_str(), SourceGrant::All)?;
        Ok(self.bare_request(method, path).bearer_auth(token))
    }

    /// A request without credentials.
    pub fn bare_request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// Sends a request.
    ///
    /// # Errors
    ///
    /// If no answer comes.
    pub async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Answer, Failed> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer {
            status,
            headers,
            body,
            text,
        })
    }

    /// Registers `database` and returns its id.
    ///
    /// # Errors
    ///
    /// If it is refused.
    pub async fn register(&self, database: &Database) -> Result<DataSourceId, Failed> {
        let name = format!("source {}", DataSourceId::new());
        self.register_as(&database.source(&name)).await
    }

    /// Registers what `body` describes and returns its id.
    ///
    /// # Errors
    ///
    /// If it is refused.
    pub async fn register_as(&self, body: &Value) -> Result<DataSourceId, Failed> {
        let answer = self.send(Method::POST, "/api/v1/datasources", Some(body)).await?;
        let id = answer.data()["id"]
            .as_str()
            .ok_or_else(|| format!("not registered: {}", answer.text))?;
        Ok(id.parse()?)
    }

    /// Runs a query; `extra` holds further fields of the request.
    ///
    /// # Errors
    ///
    /// If no answer comes.
    pub async fn query(&self, source: DataSourceId, sql: &str, extra: Value) -> Result<Answer, Failed> {
        let mut body = json!({"dataSourceId": source.to_string(), "sql": sql});
        if let (Some(body), Value::Object(extra)) = (body.as_object_mut(), extra) {
            body.extend(extra);
        }
        self.send(Method::POST, "/api/v1/query", Some(&body)).await
    }

    /// Sends SIGKILL and waits for the end.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    pub async fn kill(mut self) -> Result<(), Failed> {
        Ok(self.child.kill().await?)
    }

    /// Sends SIGTERM and waits for the end.
    ///
    /// # Errors
    ///
    /// If it has ended already or does not end well.
    pub async fn stop(mut self) -> Result<String, Failed> {
        let pid = self.child.id().ok_or("it has ended already")?;
        Command::new("sh")
            .args(["-c", "kill -s TERM \"$0\"", &pid.to_string()])
            .status()
            .await?;
        let status = self.child.wait().await?;
        if status.success() {
            Ok(self.log())
        } else {
            Err(format!("{status}: {}", self.log()).into())
        }
    }
}

impl Drop for Gateway {
    /// With `NEXUS_TEST_LET_END` set, lets the gateway end by itself, as one that is measured must; without, it is killed.
    fn drop(&mut self) {
        if let (Some(pid), Ok(_)) = (self.child.id(), std::env::var("NEXUS_TEST_LET_END")) {
            crate::processes::let_end(pid);
        }
    }
}

/// Collects the log and returns the address in its `listening` line.
async fn follow(
    stderr: BufReader<tokio::process::ChildStderr>,
    log: Arc<Mutex<String>>,
) -> Result<String, Failed> {
    let (found, address) = tokio::sync::oneshot::channel();
    let copy = Arc::clone(&log);
    tokio::spawn(async move {
        let mut found = Some(found);
        let mut lines = stderr.lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let entry: Value = serde_json::from_str(&line).unwrap_or(Value::Null);
            if let ("listening", Some(address)) = (
                entry["msg"].as_str().unwrap_or_default(),
                entry["address"].as_str(),
            ) && let Some(found) = found.take()
            {
                let _ = found.send(address.to_owned());
            }
            let mut log = copy.lock().unwrap_or_else(PoisonError::into_inner);
            log.push_str(&line);
            log.push('\n');
        }
    });
    address.await.map_err(|_| {
        let log = log.lock().unwrap_or_else(PoisonError::into_inner);
        Failed::from(format!("the gateway did not start:\n{log}"))
    })
}

/// The binary under test: `NEXUS_TEST_BINARY`, or the one beside the running test program.
///
/// # Errors
///
/// If it has not been built.
pub fn gateway_binary() -> Result<PathBuf, Failed> {
    if let Ok(path) = std::env::var("NEXUS_TEST_BINARY") {
        return Ok(path.into());
    }
    let test = std::env::current_exe()?;
    let beside = test
        .parent()
        .and_then(Path::parent)
        .ok_or("no target folder")?
        .join("nexus-gateway");
    if beside.is_file() {
        return Ok(beside);
    }
    Err(format!(
        "{} is not there: run `cargo build -p nexus-gateway`",
        beside.display()
    )
    .into())
}
