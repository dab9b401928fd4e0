//! `demo`: a gateway to try, with nothing to install or configure.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use gateway_core::{DataSourceId, Engine, Scope, SourceConfig, SourceDraft, SourceGrant, SourceStatus};
use gateway_http::auth::{Algorithm, TokenRequest, mint};
use gateway_http::{HttpSettings, ServerOptions};
use gateway_service::{FetchSettings, Page, QuerySettings, SourceFilter};
use gateway_store::StoreUrl;
use serde::Serialize;

use crate::config::{
    AuditLogSettings, AuthSettings, HealthSettings, KeyRingSource, LimitSettings, LogFormat, LogSettings,
    MetricsListener, NetworkSettings, OracleSettings, SecretSettings, ServerSettings, Settings,
    StoreSettings, TracingSettings,
};
use crate::demo::{DemoFolder, create_shop};
use crate::{config, storage, telemetry, wiring};

const DEFAULT_PORT: u16 = 8080;
const SOURCE_NAME: &str = "Demo shop";
const TOKEN_TTL: Duration = Duration::from_hours(30 * 24);

/// Try it: a sample database, a token and curl lines, with nothing to install or configure.
#[derive(Args)]
pub(super) struct Demo {
    /// Address to listen on. Default: port 8080 of this machine only, or a free port if that is taken.
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// Folder for the demo's data; used again on the next start.
    #[arg(long, value_name = "DIR", default_value = "nexus-data")]
    data: PathBuf,
    /// Print one JSON object {"url","token","dataSourceId","dataDir"} as the first line instead of the introduction.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Introduction<'a> {
    url: String,
    token: &'a str,
    data_source_id: String,
    data_dir: String,
}

impl Demo {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let folder = DemoFolder::open(&self.data)?;
        let reused = folder.shop().exists();
        if !reused {
            create_shop(&folder.shop())?;
        }
        let (listen, note) = self.address()?;
        let settings = settings(&folder, listen)?;
        let token = mint(
            &folder.token_secret()?,
            Algorithm::Hs256,
            &TokenRequest {
                subject: "demo".to_owned(),
                scopes: Scope::ALL.into(),
                sources: SourceGrant::All,
                ttl: TOKEN_TTL,
                issuer: None,
                audience: None,
            },
        )?;
        let source = actix_web::rt::System::new().block_on(register(&settings.store, &folder))?;
        let (log, control, _flush) = telemetry::logger(&settings.log)?;
        wiring::serve(settings, None, (&log, control), |address| {
            let introduction = Introduction {
                url: format!("http://{address}"),
                token: &token,
                data_source_id: source.to_string(),
                data_dir: folder.path().display().to_string(),
            };
            let text = if self.json {
                serde_json::to_string(&introduction)? + "\n"
            } else {
                introduce(&introduction, reused, note.as_deref())
            };
            let mut out = std::io::stdout().lock();
            out.write_all(text.as_bytes())?;
            out.flush().context("writing to standard output")
        })?;
        Ok(ExitCode::SUCCESS)
    }

    /// Where to listen, and what to say about it.
    fn address(&self) -> anyhow::Result<(SocketAddr, Option<String>)> {
        if let Some(listen) = self.listen {
            return Ok((listen, None));
        }
        let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT));
        if TcpListener::bind(usual).is_ok() {
            return Ok((usual, None));
        }
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .context("finding a free port")?
            .local_addr()?;
        Ok((
            free,
            Some(format!(
                "Port {DEFAULT_PORT} is taken, so this demo listens on {}.",
                free.port()
            )),
        ))
    }
}

fn settings(folder: &DemoFolder, listen: SocketAddr) -> anyhow::Result<Settings> {
    let url: StoreUrl = format!("sqlite://{}", folder.store().display()).parse()?;
    Ok(Settings {
        health: HealthSettings::default(),
        server: ServerSettings {
            listen,
            options: ServerOptions {
                workers: std::thread::available_parallelism().map_or(1, usize::from),
                request_timeout: Duration::from_secs(10),
                stall_timeout: Duration::from_secs(30),
                shutdown_secs: 1,
                tls: None,
            },
            drain_delay: Duration::ZERO,
            shutdown_timeout: Duration::from_secs(5),
        },
        http: HttpSettings {
            rate_per_second: None,
            ..HttpSettings::default()
        },
        store: StoreSettings {
            shown_url: url.to_string(),
            url,
            keyring: KeyRingSource::Beside(config::beside(&folder.store())),
        },
        limits: LimitSettings::default(),
        auth: AuthSettings::with_secret(folder.token_secret()?),
        query: QuerySettings::default(),
        fetch: FetchSettings::default(),
        audit: AuditLogSettings::default(),
        log: LogSettings {
            level: slog::Level::Warning,
            format: LogFormat::Terminal,
            slow_query: None,
        },
        metrics: MetricsListener::Off,
        network: NetworkSettings::of_demo(folder.shop())?,
        oracle: OracleSettings::default(),
        secrets: SecretSettings::default(),
        tracing: TracingSettings::off(),
    })
}

/// The sample database's id, registered now unless an earlier demo did.
async fn register(store: &StoreSettings, folder: &DemoFolder) -> anyhow::Result<DataSourceId> {
    let store = storage::open_store(store).await?;
    let path = folder.shop().display().to_string();
    let filter = SourceFilter {
        engine: Some(Engine::Sqlite),
        ..SourceFilter::default()
    };
    let known = store
        .list(
            &filter,
            &Page {
                limit: Page::MAX_LIMIT,
                cursor: None,
            },
        )
        .await?;
    if let Some(source) = known
        .items
        .into_iter()
        .find(|source| source.config.path.as_ref() == Some(&path))
    {
        return Ok(source.id);
    }
    let draft = SourceDraft {
        name: SOURCE_NAME.to_owned(),
        engine: Engine::Sqlite,
        description: "Customers, products, orders and order items of a made-up shop".to_owned(),
        status: SourceStatus::Active,
        config: SourceConfig {
            path: Some(path),
            ..SourceConfig::default()
        },
        password: None,
    };
    Ok(store.create(&draft).await?.id)
}

fn introduce(about: &Introduction<'_>, reused: bool, note: Option<&str>) -> String {
    let Introduction {
        url,
        token,
        data_source_id,
        data_dir,
    } = about;
    let data = if reused {
        "used again"
    } else {
        "made just now; remove the folder to begin anew"
    };
    let note = note.map(|note| format!("{note}\n")).unwrap_or_default();
    format!(
        r#"Nexus Gateway is running on {url}
{note}Data: {data_dir} ({data})
Pages: {url}/docs/   Stop it with Ctrl-C.

Paste this into another terminal:

export NEXUS_TOKEN={token}

# The five best customers
curl -sw '\n' {url}/api/v1/query -H "Authorization: Bearer $NEXUS_TOKEN" -d '{{
  "dataSourceId": "{data_source_id}",
  "sql": "SELECT c.name, c.country, count(*) AS orders, round(sum(t.total), 2) AS spent FROM customers c JOIN order_totals t ON t.customer_id = c.id WHERE t.status <> :status GROUP BY c.id ORDER BY spent DESC",
  "parameters": {{"status": "cancelled"}}, "limit": 5, "rowFormat": "object" }}'

# What it will not do
curl -sw '\n' {url}/api/v1/query -H "Authorization: Bearer $NEXUS_TOKEN" -d '{{
  "dataSourceId": "{data_source_id}", "sql": "DELETE FROM orders" }}'

# Which data sources there are
curl -sw '\n' {url}/api/v1/datasources -H "Authorization: Bearer $NEXUS_TOKEN"
"#
    )
}
