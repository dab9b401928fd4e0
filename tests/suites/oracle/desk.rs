//! A gateway before a double.

use std::path::Path;
use std::time::{Duration, Instant};

use gateway_core::DataSourceId;
use nexus_tests::oracle::{Answer as Scripted, Column, Double, Kind, Mode, Value as Cell};
use nexus_tests::{Answer, Failed, Gateway};
use reqwest::Method;
use serde_json::{Value, json};

/// How long to wait for what must happen.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Answers at once with one row.
pub(super) const QUICK: &str = "SELECT n FROM quick";
/// Computes for ten minutes.
pub(super) const WAITING: &str = "SELECT n FROM waiting";
/// Gives rows for ever.
pub(super) const FLOWING: &str = "SELECT n, filling FROM flowing";

pub(super) struct Desk {
    pub(super) gateway: Gateway,
    pub(super) double: Double,
    pub(super) source: DataSourceId,
}

impl Desk {
    pub(super) async fn start(mode: Mode) -> Result<Self, Failed> {
        Self::start_with(mode, json!({})).await
    }

    /// With further settings of the source.
    pub(super) async fn start_with(mode: Mode, config: Value) -> Result<Self, Failed> {
        Self::open(mode, config, "").await
    }

    /// With further settings of the gateway.
    pub(super) async fn start_limited(mode: Mode, settings: &str) -> Result<Self, Failed> {
        Self::open(mode, json!({}), settings).await
    }

    async fn open(mode: Mode, config: Value, settings: &str) -> Result<Self, Failed> {
        let double = Double::start(mode)?;
        let number = || Column::new("N", Kind::INTEGER);
        let one = Scripted::rows(vec![number()], vec![vec![Cell::Integer(1)]]);
        double.script(QUICK, one.clone());
        double.script(WAITING, one.after(Duration::from_mins(10)));
        let filling = Cell::from("x".repeat(80).as_str());
        let flowing = Scripted::made(
            vec![number(), Column::new("FILLING", Kind::Varchar(80))],
            u64::MAX,
            move |at| vec![Cell::Integer(at as i64), filling.clone()],
        );
        double.script(FLOWING, flowing);
        let gateway = Gateway::start_with(&format!("query.max_bytes = 4000000000\n{settings}")).await?;
        let source = register(&gateway, &double, config).await?;
        Ok(Self {
            gateway,
            double,
            source,
        })
    }

    pub(super) async fn query(&self, sql: &str, extra: Value) -> Result<Answer, Failed> {
        self.gateway.query(self.source, sql, extra).await
    }

    /// Waits until something is true of the double or the gateway.
    pub(super) async fn until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) -> Result<(), Failed> {
        let asked = Instant::now();
        while !holds(self) {
            if asked.elapsed() > PATIENCE {
                let stats = self.double.stats();
                return Err(format!(
                    "waited in vain until {what}: {stats:?}, {} threads",
                    self.threads()?
                )
                .into());
            }
            // A breath between two looks.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    /// The gateway's threads that live for a session of Oracle's.
    pub(super) fn threads(&self) -> Result<usize, Failed> {
        let tasks = std::fs::read_dir(self.process()?.join("task"))?;
        let names = tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
        Ok(names.filter(|name| name.trim() == "oracle").count())
    }

    /// The gateway's sockets.
    pub(super) fn sockets(&self) -> Result<usize, Failed> {
        let open = std::fs::read_dir(self.process()?.join("fd"))?;
        let targets = open.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
        Ok(targets
            .filter(|target| target.to_string_lossy().starts_with("socket:"))
            .count())
    }

    /// Time that the gateway has computed, in the kernel's ticks of 10 ms.
    pub(super) fn ticks(&self) -> Result<u64, Failed> {
        let stat = std::fs::read_to_string(self.process()?.join("stat"))?;
        let (_, rest) = stat.rsplit_once(')').ok_or("an unexpected form of stat")?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        Ok(fields[11].parse::<u64>()? + fields[12].parse::<u64>()?)
    }

    /// The most memory that the gateway has held, in kB.
    pub(super) fn peak_memory(&self) -> Result<u64, Failed> {
        let status = std::fs::read_to_string(self.process()?.join("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let figure = line.and_then(|line| line.split_whitespace().next());
        Ok(figure.ok_or("no VmHWM")?.parse()?)
    }

    fn process(&self) -> Result<std::path::PathBuf, Failed> {
        let pid = self.gateway.pid().ok_or("the gateway has ended")?;
        Ok(Path::new("/proc").join(pid.to_string()))
    }
}

/// Registers a double as a source.
pub(super) async fn register(
    gateway: &Gateway,
    double: &Double,
    config: Value,
) -> Result<DataSourceId, Failed> {
    let body = source(double, config);
    let answer = gateway
        .send(Method::POST, "/api/v1/datasources", Some(&body))
        .await?;
    let id = answer.data()["id"].as_str();
    Ok(id
        .ok_or_else(|| format!("not registered: {}", answer.text))?
        .parse()?)
}

/// The body that describes a double as a source. What `config` says goes before the usual; null takes a member away.
pub(super) fn source(double: &Double, config: Value) -> Value {
    let mut all = json!({
        "host": "127.0.0.1", "port": double.port(), "serviceName": "testpdb",
        "username": "scott", "password": "tiger",
    });
    if let (Some(all), Value::Object(config)) = (all.as_object_mut(), config) {
        all.extend(config);
        all.retain(|_, value| !value.is_null());
    }
    json!({"name": format!("oracle {}", DataSourceId::new()), "type": "oracle", "config": all})
}
