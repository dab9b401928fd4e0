//! Query requests.

use std::time::Duration;

use gateway_core::{DataSourceId, Engine, ErrorKind, ValueStyle};
use gateway_service::QueryCommand;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::params;
use super::style::{BinaryName, NumbersName, RowFormatName, StyleQuery};
use crate::error::ApiError;
use crate::render::{Format, Style};

/// A statement to run.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct QueryRequest {
    /// The data source to run it on.
    #[schema(format = Uuid, example = "550e8400-e29b-41d4-a716-446655440000")]
    data_source_id: String,
    /// One read-only statement.
    #[schema(example = "SELECT id, name FROM users WHERE status = :status")]
    sql: String,
    /// An array for `?` and `$1`, an object for `:name`. Values are JSON scalars, null, arrays (for `IN (:ids)` and array
    /// parameters) or `{"type": "decimal|date|time|timestamp|timestamptz|uuid|json|binary|int64|…", "value": "…"}`.
    #[serde(default)]
    #[schema(value_type = Option<Object>, example = json!({"status": "active"}))]
    parameters: Option<Box<RawValue>>,
    /// Rows to give. Default 1000, at most the configured `query.max_rows`; NDJSON, CSV and Arrow have no cap
    /// unless it is given.
    #[serde(default)]
    limit: Option<u64>,
    /// Rows to skip first.
    #[serde(default)]
    offset: u64,
    /// Longest time it may run, in milliseconds. Default: the data source's `queryTimeoutMs`.
    #[serde(default)]
    timeout_ms: Option<u64>,
    /// `array` (default) or `object`.
    #[serde(default)]
    row_format: RowFormatName,
    /// `exact` (default: BIGINT and DECIMAL as strings) or `native` (as numerals).
    #[serde(default)]
    numbers: NumbersName,
    /// `base64` (default) or `hex`.
    #[serde(default)]
    binary: BinaryName,
}

impl QueryRequest {
    /// What to run, and how to show the rows.
    pub(crate) fn into_parts(self, format: Format) -> Result<(QueryCommand, Style), ApiError> {
        let source = source_id(&self.data_source_id)?;
        require_sql(&self.sql)?;
        let parameters = params::parse(self.parameters.as_deref())?;
        let style = StyleQuery::new(self.row_format, self.numbers, self.binary).into_style();
        let command = QueryCommand {
            source,
            sql: self.sql,
            parameters,
            limit: self.limit,
            flows: format.flows(),
            offset: self.offset,
            timeout: self.timeout_ms.map(Duration::from_millis),
            style: ValueStyle {
                numbers: style.numbers,
                binary: style.binary,
            },
        };
        Ok((command, style))
    }
}

fn source_id(text: &str) -> Result<DataSourceId, ApiError> {
    text.parse()
        .map_err(|_| ApiError::field(ErrorKind::Validation, "dataSourceId", "must be a UUID"))
}

fn require_sql(sql: &str) -> Result<(), ApiError> {
    if sql.trim().is_empty() {
        return Err(ApiError::field(ErrorKind::Validation, "sql", "must not be empty"));
    }
    Ok(())
}

/// A statement to check. Give the data source, or the engine alone.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ValidateRequest {
    /// The data source it is meant for.
    #[schema(format = Uuid)]
    data_source_id: Option<String>,
    /// `mysql`, `mariadb`, `postgresql`, `oracle` or `sqlite`, if no data source is given.
    dialect: Option<String>,
    /// The statement.
    sql: String,
}

/// What a statement is to be checked for.
pub(crate) enum CheckFor {
    Source(DataSourceId),
    Engine(Engine),
}

impl ValidateRequest {
    pub(crate) fn into_parts(self) -> Result<(CheckFor, String), ApiError> {
        require_sql(&self.sql)?;
        let target = match (&self.data_source_id, &self.dialect) {
            (Some(id), None) => CheckFor::Source(source_id(id)?),
            (None, Some(name)) => CheckFor::Engine(
                name.parse()
                    .map_err(|error| ApiError::field(ErrorKind::Validation, "dialect", error))?,
            ),
            _ => {
                return Err(ApiError::new(
                    ErrorKind::Validation,
                    "Give exactly one of dataSourceId and dialect",
                ));
            }
        };
        Ok((target, self.sql))
    }
}

/// A verdict.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Verdict {
    /// Whether the statement may run.
    pub(crate) allowed: bool,
    /// SQL_SYNTAX_ERROR or INVALID_SQL, if it may not.
    pub(crate) code: Option<&'static str>,
    /// The stable name of the rule it breaks.
    pub(crate) rule: Option<&'static str>,
    /// The reason, for people.
    pub(crate) reason: Option<String>,
    /// Where in the text.
    pub(crate) line: Option<u32>,
    /// Where in the line.
    pub(crate) column: Option<u32>,
}
