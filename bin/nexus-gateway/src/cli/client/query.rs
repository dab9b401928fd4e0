//! `query`: one statement on a source of a running gateway, and its rows.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};
use reqwest::header::ACCEPT;
use reqwest::{Method, RequestBuilder};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::source::pair;
use super::{Client, Connection, read_text, run, table};
use crate::cli::progress::Progress;
use crate::config::parse_duration;

/// Run one read-only statement on a data source of a running gateway. Exit code 0: it ran to its end, 1: it failed, 2: it was
/// denied.
#[derive(Args)]
pub(in crate::cli) struct Query {
    #[command(flatten)]
    connection: Connection,
    /// The data source: its identifier or its name.
    source: String,
    /// The statement, - for standard input.
    sql: String,
    /// The value of a parameter that the statement has as :name; JSON, or else a text. May be given several times.
    #[arg(short = 'p', long = "parameter", value_name = "NAME=VALUE", value_parser = pair)]
    parameters: Vec<(String, String)>,
    /// Most rows. By default 1000 for table and json, and as many as there are for the others.
    #[arg(long, value_name = "ROWS")]
    limit: Option<u64>,
    /// How long it may run: 500ms, 30s, 5m. By default as the data source says.
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    timeout: Option<Duration>,
    /// What is written.
    #[arg(short, long, value_enum, default_value = "table")]
    output: Form,
    /// Where it is written, instead of standard output. The file is there only once it is whole.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Columns for people.
    Table,
    /// Columns, rows and metadata as one object.
    Json,
    /// A line of JSON for the columns, for each row, and for the end.
    Ndjson,
    /// CSV with a header.
    Csv,
    /// An Arrow IPC stream.
    Arrow,
}

impl Form {
    fn media_type(self) -> &'static str {
        match self {
            Self::Table | Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv",
            Self::Arrow => "application/vnd.apache.arrow.stream",
        }
    }
}

impl Query {
    pub(in crate::cli) fn run(self) -> anyhow::Result<ExitCode> {
        run(self.ask())
    }

    async fn ask(self) -> anyhow::Result<()> {
        let is_binary = self.output == Form::Arrow && self.out.is_none();
        if is_binary && std::io::stdout().is_terminal() {
            bail!("Arrow is not for a terminal: say where to write it with --out");
        }
        let client = self.connection.client()?;
        let request = self.request(&client).await?;
        let mut target = Target::open(self.out.as_deref())?;
        match self.output {
            Form::Table => write_table(&client.body(request).await?, &mut target)?,
            Form::Json => {
                let body = client.body(request).await?;
                let answer: Envelope<&RawValue> =
                    serde_json::from_slice(&body).context("reading the answer")?;
                writeln!(target, "{}", answer.data.get())?;
            }
            Form::Ndjson | Form::Csv | Form::Arrow => {
                copy(&client, request, self.output, &mut target).await?;
            }
        }
        target.finish()
    }

    async fn request(&self, client: &Client) -> anyhow::Result<RequestBuilder> {
        let sql = if self.sql == "-" {
            read_text(Path::new("-"))?
        } else {
            self.sql.clone()
        };
        let body = Body {
            data_source_id: client.find(&self.source).await?.to_string(),
            sql,
            parameters: parameters(&self.parameters)?,
            limit: self.limit,
            timeout_ms: self.timeout.map(|timeout| timeout.as_millis()),
        };
        let request = client.request(Method::POST, "/api/v1/query");
        Ok(request.header(ACCEPT, self.output.media_type()).json(&body))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    data_source_id: String,
    sql: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<&'a str, Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_ms: Option<u128>,
}

/// What reads as JSON is sent as it is written, so that `n=5` is a number; everything else is the text that it is.
fn parameters(given: &[(String, String)]) -> anyhow::Result<BTreeMap<&str, Box<RawValue>>> {
    let mut parameters = BTreeMap::new();
    for (name, text) in given {
        let value = match serde_json::from_str::<Box<RawValue>>(text) {
            Ok(value) => value,
            Err(_) => serde_json::value::to_raw_value(text)?,
        };
        let before = parameters.insert(name.as_str(), value);
        ensure!(before.is_none(), "the parameter {name} is given twice");
    }
    Ok(parameters)
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: T,
}

#[derive(Deserialize)]
struct Rows {
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Column {
    name: String,
    r#type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    truncated: bool,
    truncated_by: Option<String>,
}

fn write_table(body: &[u8], target: &mut Target) -> anyhow::Result<()> {
    let answer: Envelope<Rows> = serde_json::from_slice(body).context("reading the answer")?;
    let Rows {
        columns,
        rows,
        metadata,
    } = answer.data;
    let of_numbers = ["INTEGER", "BIGINT", "DECIMAL", "FLOAT", "DOUBLE"];
    let to_right = columns.iter().map(|column| of_numbers.contains(&&*column.r#type));
    let to_right: Vec<bool> = to_right.collect();
    let head: Vec<String> = columns.into_iter().map(|column| column.name).collect();
    let text = |value: Value| match value {
        Value::Null => "NULL".to_owned(),
        Value::String(text) => text,
        value => value.to_string(),
    };
    let texts = |row: Vec<Value>| row.into_iter().map(text).collect();
    let rows: Vec<Vec<String>> = rows.into_iter().map(texts).collect();
    table::write(target, &head, &to_right, &rows)?;
    if metadata.truncated {
        told_truncated(metadata.truncated_by.as_deref());
    }
    Ok(())
}

fn told_truncated(by: Option<&str>) {
    eprintln!(
        "there are more rows: the answer was cut by {}",
        by.unwrap_or("a limit")
    );
}

/// Passes the answer on as it comes.
async fn copy(
    client: &Client,
    request: RequestBuilder,
    form: Form,
    target: &mut Target,
) -> anyhow::Result<()> {
    let mut response = client.send(request).await?;
    let progress = target.is_watched().then(|| Progress::of("bytes"));
    let (mut done, mut last_line) = (0, LastLine::default());
    let chunk =
        |error: reqwest::Error| anyhow::Error::new(error.without_url()).context("the answer broke off");
    while let Some(bytes) = response.chunk().await.map_err(chunk)? {
        target.write_all(&bytes)?;
        done += bytes.len() as u64;
        if form == Form::Ndjson {
            last_line.take(&bytes);
        }
        if let Some(progress) = &progress {
            progress.show(done, None);
        }
    }
    drop(progress);
    if form == Form::Ndjson {
        last_line.judge()?;
    }
    Ok(())
}

/// The last line of NDJSON, which says how it went.
#[derive(Default)]
struct LastLine(Vec<u8>);

#[derive(Deserialize)]
struct EndLine {
    end: End,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct End {
    status: String,
    truncated_by: Option<String>,
    code: Option<String>,
    message: Option<String>,
}

impl LastLine {
    fn take(&mut self, bytes: &[u8]) {
        // The line that ends here may be the last.
        let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        match body.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => self.0 = bytes[at + 1..].to_vec(),
            None if self.0.ends_with(b"\n") => self.0 = bytes.to_vec(),
            None => self.0.extend_from_slice(bytes),
        }
    }

    fn judge(&self) -> anyhow::Result<()> {
        let EndLine { end } = serde_json::from_slice(&self.0).context("the answer has no end")?;
        match end.status.as_str() {
            "ok" => Ok(()),
            "truncated" => {
                told_truncated(end.truncated_by.as_deref());
                Ok(())
            }
            _ => bail!(
                "{} [{}]",
                end.message.unwrap_or_default(),
                end.code.unwrap_or_default()
            ),
        }
    }
}

/// Where the rows go.
enum Target {
    Standard(std::io::Stdout),
    /// Under another name until all of it is there.
    File {
        file: File,
        part: Part,
        whole: PathBuf,
    },
}

/// A file that is not whole yet, and is not kept so.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        // Once it is whole it has another name.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Target {
    fn open(out: Option<&Path>) -> anyhow::Result<Self> {
        let Some(whole) = out else {
            return Ok(Self::Standard(std::io::stdout()));
        };
        let mut part = whole.as_os_str().to_owned();
        part.push(".part");
        let part = Part(part.into());
        let file = File::create(&part.0).with_context(|| format!("writing {}", part.0.display()))?;
        Ok(Self::File {
            file,
            part,
            whole: whole.to_owned(),
        })
    }

    /// Whether somebody watches who does not see the rows themselves.
    fn is_watched(&self) -> bool {
        match self {
            Self::Standard(out) => !out.is_terminal(),
            Self::File { .. } => true,
        }
    }

    fn finish(mut self) -> anyhow::Result<()> {
        self.flush()?;
        match self {
            Self::Standard(_) => Ok(()),
            Self::File { part, whole, .. } => {
                std::fs::rename(&part.0, &whole).with_context(|| format!("writing {}", whole.display()))
            }
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::File { file, .. } => file.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_found_however_it_comes() {
        let body =
            b"{\"columns\":[]}\n[1]\n{\"end\":{\"status\":\"error\",\"code\":\"X\",\"message\":\"m\"}}\n";
        for size in 1..=body.len() {
            let mut last = LastLine::default();
            body.chunks(size).for_each(|chunk| last.take(chunk));
            assert_eq!(last.judge().unwrap_err().to_string(), "m [X]", "{size}");
        }
        let mut cut = LastLine::default();
        cut.take(&body[..20]);
        assert!(cut.judge().is_err());
    }

    #[test]
    fn parameters_are_json_as_written_or_texts() {
        let given = [
            ("a", "5"),
            ("b", "1.10"),
            ("c", "ann"),
            ("d", "\"7\""),
            ("e", "[1,2]"),
            ("f", ""),
        ];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let sent = serde_json::to_string(&parameters(&given).unwrap()).unwrap();
        assert_eq!(sent, r#"{"a":5,"b":1.10,"c":"ann","d":"7","e":[1,2],"f":""}"#);
        let twice = [given[0].clone(), given[0].clone()];
        assert!(parameters(&twice).is_err());
    }
}
