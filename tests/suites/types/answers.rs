//! One query's answer in every text format.

use std::collections::BTreeMap;

use gateway_core::DataSourceId;
use nexus_tests::{Failed, Gateway};
use reqwest::Method;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// A row: values as they are written, in CSV without its quotes, and nothing for null.
pub(super) type Row = Vec<Option<String>>;

/// The answers.
pub(super) struct Answers {
    pub(super) columns: Vec<Value>,
    pub(super) envelope: Vec<Row>,
    pub(super) ndjson: Vec<Row>,
    pub(super) csv: Vec<Row>,
}

impl Answers {
    pub(super) async fn collect(
        gateway: &Gateway,
        source: DataSourceId,
        sql: &str,
        extra: Value,
    ) -> Result<Self, Failed> {
        let mut body = json!({"dataSourceId": source.to_string(), "sql": sql});
        if let (Some(body), Value::Object(extra)) = (body.as_object_mut(), extra) {
            body.extend(extra);
        }
        let ask = async |accept: &str| -> Result<String, Failed> {
            let request = gateway
                .request(Method::POST, "/api/v1/query")?
                .header("Accept", accept)
                .body(body.to_string());
            let answer = gateway.answer(request).await?;
            if answer.status == 200 {
                Ok(answer.text)
            } else {
                Err(answer.text.into())
            }
        };
        let envelope = ask("application/json").await?;
        let whole: BTreeMap<&str, &RawValue> = serde_json::from_str(&envelope)?;
        let data: BTreeMap<&str, &RawValue> = serde_json::from_str(whole["data"].get())?;
        let rows: Vec<&RawValue> = serde_json::from_str(data["rows"].get())?;
        let ndjson = ask("application/x-ndjson").await?;
        let lines: Vec<&str> = ndjson.lines().collect();
        let csv = fields(&ask("text/csv").await?);
        Ok(Self {
            columns: serde_json::from_str(data["columns"].get())?,
            envelope: rows
                .iter()
                .map(|row| cells(row.get()))
                .collect::<Result<_, _>>()?,
            ndjson: lines[1..lines.len().saturating_sub(1)]
                .iter()
                .map(|line| cells(line).map_err(|error| format!("{line}: {error}").into()))
                .collect::<Result<_, Failed>>()?,
            csv: csv.into_iter().skip(1).collect(),
        })
    }
}

fn cells(row: &str) -> Result<Row, serde_json::Error> {
    let cells: Vec<&RawValue> = serde_json::from_str(row)?;
    cells
        .into_iter()
        .map(|cell| match cell.get() {
            "null" => Ok(None),
            text => Ok(Some(text.to_owned())),
        })
        .collect()
}

/// A JSON string without quotes and escapes, or any other value as it is.
pub(super) fn unquoted(value: &str) -> String {
    serde_json::from_str(value).unwrap_or_else(|_| value.to_owned())
}

/// RFC 4180, with a bare empty field for NULL.
fn fields(text: &str) -> Vec<Row> {
    let (mut rows, mut row) = (Vec::new(), Row::new());
    let mut rest = text;
    while !rest.is_empty() {
        let (field, after) = match rest.strip_prefix('"') {
            Some(inside) => quoted(inside),
            None => {
                let end = rest.find([',', '\r']).unwrap_or(rest.len());
                let (bare, after) = rest.split_at(end);
                ((!bare.is_empty()).then(|| bare.to_owned()), after)
            }
        };
        row.push(field);
        rest = match after.strip_prefix(',') {
            Some(more) => more,
            None => {
                rows.push(std::mem::take(&mut row));
                after.strip_prefix("\r\n").expect("a row ends with CRLF")
            }
        };
    }
    rows
}

fn quoted(inside: &str) -> (Option<String>, &str) {
    let mut text = String::new();
    let mut characters = inside.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character != '"' {
            text.push(character);
        } else if characters.next_if(|(_, next)| *next == '"').is_some() {
            text.push('"');
        } else {
            return (Some(text), &inside[at + 1..]);
        }
    }
    panic!("a quoted field ends")
}
