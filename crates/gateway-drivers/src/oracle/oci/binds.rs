//! Values to bind.

use gateway_core::BoundSql;
use sibyl::{Number, Raw, Session, Timestamp, ToSql};

use super::super::param::{self, Value};
use super::{failures, numbers};
use crate::DriverError;

/// A value in the form that sibyl binds.
type Bound<'a> = Box<dyn ToSql + 'a>;

/// The values for the placeholders in the order in which they stand in the statement. The library counts each of them, also one
/// that stands for the same value as another.
pub(super) fn values<'a>(sql: &BoundSql, session: &'a Session<'_>) -> Result<Vec<Bound<'a>>, DriverError> {
    let values = param::values(sql)?;
    let placed = sql.places().iter().filter_map(|place| values.get(*place));
    placed
        .map(|value| bind(value.clone(), session).map_err(|failure| failures::statement(&failure)))
        .collect()
}

fn bind<'a>(value: Value, session: &'a Session<'_>) -> sibyl::Result<Bound<'a>> {
    Ok(match value {
        Value::Null => Box::new(None::<String>),
        Value::Int(number) => Box::new(number),
        Value::UInt(number) => Box::new(Number::from_int(number, session)?),
        Value::Number(number) => Box::new(numbers::exact(number, session)?),
        Value::Text(text) => Box::new(text),
        Value::Bytes(bytes) => Box::new(Raw::from_bytes(&bytes, session)?),
        Value::Timestamp(at) => Box::new(Timestamp::with_date_and_time(
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            at.nanoseconds(),
            "",
            session,
        )?),
    })
}
