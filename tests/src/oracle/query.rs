//! A query of SQLite whose rows are taken one at a time, as the client fetches them.

use std::collections::VecDeque;

use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Connection, Row, Statement};

use super::binds::{Bind, ROW};
use super::encode::Encoder;
use super::hints::hints;
use super::rewrite::Rewritten;
use super::wire::Out;
use super::{Column, Kind, OraError, Value, declared, failure, number};

/// Rows that are looked at for the type of a column that nothing else tells.
const LOOK_AHEAD: usize = 8;

/// A query under way.
pub(super) struct Query<'c> {
    statement: Statement<'c>,
    kinds: Vec<Kind>,
    ahead: VecDeque<Vec<Value>>,
    ended: bool,
    sql: String,
}

impl<'c> Query<'c> {
    /// Begins one, and tells its columns.
    pub(super) fn open(
        connection: &'c Connection,
        sql: &str,
        rewritten: &Rewritten,
        binds: &[Bind],
    ) -> Result<(Self, Vec<Column>), OraError> {
        let translate = |failure: rusqlite::Error| failure::translate(&failure, sql);
        let mut statement = connection.prepare(&rewritten.text).map_err(translate)?;
        if statement.column_count() == 0 || !statement.readonly() {
            return Err(OraError::new(928, "missing SELECT keyword"));
        }
        bind(&mut statement, rewritten, binds).map_err(translate)?;
        let hints = hints(sql, binds);
        let mut kinds = Vec::new();
        let mut columns = Vec::new();
        let count = statement.column_count();
        for (at, column) in statement.columns().enumerate() {
            let hint = hints.get(at).filter(|_| hints.len() == count);
            let declared = column.decl_type().and_then(declared::parse);
            kinds.push(declared.or_else(|| hint.and_then(|hint| hint.kind)));
            let quoted = hint.and_then(|hint| hint.quoted.as_deref()) == Some(column.name());
            let name = name(column.name(), quoted, rewritten);
            columns.push(Column::new(&name, Kind::NUMBER));
        }
        let mut query = Self {
            statement,
            kinds: Vec::new(),
            ahead: VecDeque::new(),
            ended: false,
            sql: sql.to_owned(),
        };
        query.kinds = query.settle(kinds)?;
        for (column, kind) in columns.iter_mut().zip(&query.kinds) {
            column.kind = *kind;
        }
        Ok((query, columns))
    }

    /// Looks at the first rows for the types that are not known.
    fn settle(&mut self, mut kinds: Vec<Option<Kind>>) -> Result<Vec<Kind>, OraError> {
        while kinds.contains(&None) && self.ahead.len() < LOOK_AHEAD && !self.ended {
            let read = |row: &Row<'_>, count| (0..count).map(|at| row.get_ref(at).map(owned)).collect();
            let row: Option<Vec<Value>> = self.step(read)?;
            let Some(row) = row else {
                break;
            };
            for (kind, value) in kinds.iter_mut().zip(&row) {
                *kind = kind.or_else(|| match value {
                    Value::Integer(_) | Value::Double(_) => Some(Kind::NUMBER),
                    Value::Bytes(_) => Some(Kind::Raw(2000)),
                    Value::Null => None,
                    _ => Some(Kind::Varchar(4000)),
                });
            }
            self.ahead.push_back(row);
        }
        Ok(kinds
            .into_iter()
            .map(|kind| kind.unwrap_or(Kind::Varchar(4000)))
            .collect())
    }

    /// The next row, if there is one.
    fn step<T>(
        &mut self,
        read: impl FnOnce(&Row<'_>, usize) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, OraError> {
        let count = self.statement.column_count();
        let mut rows = self.statement.raw_query();
        let outcome = match rows.next() {
            Ok(Some(row)) => read(row, count).map(Some),
            Ok(None) => Ok(None),
            Err(failure) => Err(failure),
        };
        // Dropped, it would send the statement back to its first row.
        std::mem::forget(rows);
        self.ended = !matches!(outcome, Ok(Some(_)));
        outcome.map_err(|failure| failure::translate(&failure, &self.sql))
    }

    /// Writes the next row, if there is one.
    pub(super) fn write_next(
        &mut self,
        out: &mut Out,
        encoder: &mut Encoder<'_>,
        inline: &[bool],
    ) -> Result<bool, OraError> {
        let is_inline = |at: usize| inline.get(at).copied().unwrap_or(false);
        if let Some(row) = self.ahead.pop_front() {
            out.u8(ROW);
            for (at, (kind, value)) in self.kinds.iter().zip(&row).enumerate() {
                encoder.write(out, *kind, is_inline(at), value)?;
            }
            return Ok(true);
        }
        if self.ended {
            return Ok(false);
        }
        let kinds = std::mem::take(&mut self.kinds);
        let mut misfit = None;
        let written = self.step(|row, _| {
            out.u8(ROW);
            for (at, kind) in kinds.iter().enumerate() {
                let outcome = write(out, encoder, *kind, is_inline(at), row.get_ref(at)?);
                misfit = misfit.take().or(outcome.err());
            }
            Ok(())
        });
        self.kinds = kinds;
        match misfit {
            Some(failure) => Err(failure),
            None => written.map(|row| row.is_some()),
        }
    }
}

/// The commonest ways without a copy.
fn write(
    out: &mut Out,
    encoder: &mut Encoder<'_>,
    kind: Kind,
    inline: bool,
    value: ValueRef<'_>,
) -> Result<(), OraError> {
    match (kind, value) {
        (Kind::Number { .. }, ValueRef::Integer(value)) => number::write_integer(out, value),
        (Kind::Varchar(_), ValueRef::Text(text)) => {
            out.bytes(text);
        }
        (Kind::Raw(_), ValueRef::Blob(bytes)) => {
            out.bytes(bytes);
        }
        (kind, value) => encoder.write(out, kind, inline, &owned(value))?,
    }
    Ok(())
}

fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Real(value) => Value::Double(value),
        ValueRef::Text([]) | ValueRef::Blob([]) => Value::Null,
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

/// A column's name as Oracle gives it: in capitals unless it is quoted.
fn name(found: &str, quoted: bool, rewritten: &Rewritten) -> String {
    if quoted {
        return found.to_owned();
    }
    if let Some(number) = found
        .strip_prefix('?')
        .and_then(|rest| rest.parse::<usize>().ok())
    {
        let bind = number.checked_sub(1).and_then(|at| rewritten.binds.get(at));
        return format!(":{}", bind.map_or("", String::as_str)).to_uppercase();
    }
    found
        .chars()
        .filter(|next| !next.is_whitespace())
        .collect::<String>()
        .to_uppercase()
}

/// Gives a statement its values.
pub(super) fn bind(
    statement: &mut Statement<'_>,
    rewritten: &Rewritten,
    binds: &[Bind],
) -> rusqlite::Result<()> {
    for at in 0..rewritten.binds.len() {
        let value = binds.get(at).map_or(Sql::Null, |bind| for_sqlite(&bind.value));
        statement.raw_bind_parameter(at + 1, value)?;
    }
    Ok(())
}

fn for_sqlite(value: &Value) -> Sql {
    match value {
        Value::Null => Sql::Null,
        Value::Integer(number) => Sql::Integer(*number),
        Value::Number(text) => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(whole), _) => Sql::Integer(whole),
            (_, Ok(real)) if real.to_string() == *text => Sql::Real(real),
            _ => Sql::Text(text.clone()),
        },
        Value::Text(text) => Sql::Text(text.clone()),
        Value::Bytes(bytes) => Sql::Blob(bytes.clone()),
        Value::Moment(moment) => Sql::Text(moment.to_string()),
        Value::Float(number) => Sql::Real(f64::from(*number)),
        Value::Double(number) => Sql::Real(*number),
        Value::Boolean(flag) => Sql::Integer(i64::from(*flag)),
        Value::Json(document) => Sql::Text(document.to_string()),
        Value::YearMonth(_) | Value::DaySecond(_) | Value::RowId(_) | Value::Vector(_) => Sql::Null,
    }
}
