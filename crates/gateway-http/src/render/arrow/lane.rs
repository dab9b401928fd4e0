//! The values of one column on their way into an Arrow array.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{ArrayBuilder, BinaryBuilder, BooleanBuilder, PrimitiveBuilder, StringBuilder};
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type, Int64Type,
    Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType, TimestampNanosecondType,
    UInt64Type,
};
use arrow_schema::{DataType, TimeUnit};
use gateway_core::{Batch, BinaryStyle, Cell};

use super::decimal;
use crate::render::cell::write_plain;

const MICROS_PER_SEC: i64 = 1_000_000;
const NANOS_PER_SEC: i64 = 1_000_000_000;
const NANOS_PER_MICRO: i64 = 1000;
const NANOS_PER_DAY: i64 = 86_400 * NANOS_PER_SEC;

/// A value that the column's Arrow type cannot hold.
#[derive(Debug)]
pub(super) struct Misfit(pub(super) Cell);

/// A column under construction.
pub(super) enum Lane {
    Boolean(BooleanBuilder),
    Int64(PrimitiveBuilder<Int64Type>),
    UInt64(PrimitiveBuilder<UInt64Type>),
    Float32(PrimitiveBuilder<Float32Type>),
    Float64(PrimitiveBuilder<Float64Type>),
    Decimal128(PrimitiveBuilder<Decimal128Type>, i8),
    Decimal256(PrimitiveBuilder<Decimal256Type>, i8),
    Date32(PrimitiveBuilder<Date32Type>),
    TimeMicros(PrimitiveBuilder<Time64MicrosecondType>),
    TimeNanos(PrimitiveBuilder<Time64NanosecondType>),
    TimestampMicros(PrimitiveBuilder<TimestampMicrosecondType>),
    TimestampNanos(PrimitiveBuilder<TimestampNanosecondType>),
    Bytes(BinaryBuilder),
    Text(StringBuilder),
}

impl Lane {
    /// An empty column of `data_type`, which is one of those that [`super::field::field`] gives.
    pub(super) fn new(data_type: &DataType) -> Self {
        let typed = data_type.clone();
        match data_type {
            DataType::Boolean => Self::Boolean(BooleanBuilder::new()),
            DataType::Int64 => Self::Int64(PrimitiveBuilder::new()),
            DataType::UInt64 => Self::UInt64(PrimitiveBuilder::new()),
            DataType::Float32 => Self::Float32(PrimitiveBuilder::new()),
            DataType::Float64 => Self::Float64(PrimitiveBuilder::new()),
            DataType::Decimal128(_, scale) => {
                Self::Decimal128(PrimitiveBuilder::new().with_data_type(typed), *scale)
            }
            DataType::Decimal256(_, scale) => {
                Self::Decimal256(PrimitiveBuilder::new().with_data_type(typed), *scale)
            }
            DataType::Date32 => Self::Date32(PrimitiveBuilder::new()),
            DataType::Time64(TimeUnit::Nanosecond) => Self::TimeNanos(PrimitiveBuilder::new()),
            DataType::Time64(_) => Self::TimeMicros(PrimitiveBuilder::new()),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                Self::TimestampNanos(PrimitiveBuilder::new().with_data_type(typed))
            }
            DataType::Timestamp(..) => Self::TimestampMicros(PrimitiveBuilder::new().with_data_type(typed)),
            DataType::Binary => Self::Bytes(BinaryBuilder::new()),
            _ => Self::Text(StringBuilder::new()),
        }
    }

    /// Appends column `index` of `batch`.
    pub(super) fn append(&mut self, batch: &Batch, index: usize) -> Result<(), Misfit> {
        let cells = batch.rows().map(|row| row[index]);
        match self {
            Self::Boolean(lane) => {
                for cell in cells {
                    match cell {
                        Cell::Null => lane.append_null(),
                        Cell::Bool(flag) => lane.append_value(flag),
                        _ => return Err(Misfit(cell)),
                    }
                }
                Ok(())
            }
            Self::Int64(lane) => fill(lane, cells, |cell| match cell {
                Cell::Int(number) => Some(number),
                Cell::UInt(number) => i64::try_from(number).ok(),
                _ => None,
            }),
            Self::UInt64(lane) => fill(lane, cells, |cell| match cell {
                Cell::Int(number) => u64::try_from(number).ok(),
                Cell::UInt(number) => Some(number),
                _ => None,
            }),
            Self::Float32(lane) => fill(lane, cells, |cell| match cell {
                Cell::Float(number) => Some(number),
                _ => None,
            }),
            Self::Float64(lane) => fill(lane, cells, |cell| match cell {
                Cell::Float(number) => Some(f64::from(number)),
                Cell::Double(number) => Some(number),
                _ => None,
            }),
            Self::Decimal128(lane, scale) => {
                let scale = i32::from(*scale);
                fill(lane, cells, |cell| decimal::to_i128(batch.text(cell)?, scale))
            }
            Self::Decimal256(lane, scale) => {
                let scale = i32::from(*scale);
                fill(lane, cells, |cell| decimal::to_i256(batch.text(cell)?, scale))
            }
            Self::Date32(lane) => fill(lane, cells, |cell| match cell {
                Cell::Date(days) => Some(days),
                _ => None,
            }),
            Self::TimeMicros(lane) => {
                fill(lane, cells, |cell| time_of_day(cell).map(|n| n / NANOS_PER_MICRO))
            }
            Self::TimeNanos(lane) => fill(lane, cells, time_of_day),
            Self::TimestampMicros(lane) => fill(lane, cells, |cell| {
                let (secs, nanos) = instant(cell)?;
                secs.checked_mul(MICROS_PER_SEC)?
                    .checked_add(i64::from(nanos) / NANOS_PER_MICRO)
            }),
            Self::TimestampNanos(lane) => fill(lane, cells, |cell| {
                let (secs, nanos) = instant(cell)?;
                secs.checked_mul(NANOS_PER_SEC)?.checked_add(i64::from(nanos))
            }),
            Self::Bytes(lane) => {
                for cell in cells {
                    match (cell, batch.bytes(cell)) {
                        (Cell::Null, _) => lane.append_null(),
                        (_, Some(bytes)) => lane.append_value(bytes),
                        (_, None) => return Err(Misfit(cell)),
                    }
                }
                Ok(())
            }
            Self::Text(lane) => {
                append_text(lane, batch, cells);
                Ok(())
            }
        }
    }

    /// The column so far as an array; the next one begins.
    pub(super) fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Boolean(lane) => Arc::new(lane.finish()),
            Self::Int64(lane) => Arc::new(lane.finish()),
            Self::UInt64(lane) => Arc::new(lane.finish()),
            Self::Float32(lane) => Arc::new(lane.finish()),
            Self::Float64(lane) => Arc::new(lane.finish()),
            Self::Decimal128(lane, _) => Arc::new(lane.finish()),
            Self::Decimal256(lane, _) => Arc::new(lane.finish()),
            Self::Date32(lane) => Arc::new(lane.finish()),
            Self::TimeMicros(lane) => Arc::new(lane.finish()),
            Self::TimeNanos(lane) => Arc::new(lane.finish()),
            Self::TimestampMicros(lane) => Arc::new(lane.finish()),
            Self::TimestampNanos(lane) => Arc::new(lane.finish()),
            Self::Bytes(lane) => ArrayBuilder::finish(lane),
            Self::Text(lane) => ArrayBuilder::finish(lane),
        }
    }
}

fn fill<T: ArrowPrimitiveType>(
    lane: &mut PrimitiveBuilder<T>,
    cells: impl ExactSizeIterator<Item = Cell>,
    convert: impl Fn(Cell) -> Option<T::Native>,
) -> Result<(), Misfit> {
    for cell in cells {
        if cell == Cell::Null {
            lane.append_null();
        } else {
            lane.append_value(convert(cell).ok_or(Misfit(cell))?);
        }
    }
    Ok(())
}

fn append_text(lane: &mut StringBuilder, batch: &Batch, cells: impl Iterator<Item = Cell>) {
    let mut scratch = Vec::new();
    for cell in cells {
        match (cell, batch.text(cell)) {
            (Cell::Null, _) => lane.append_null(),
            (_, Some(text)) => lane.append_value(text),
            (_, None) => {
                scratch.clear();
                write_plain(&mut scratch, batch, cell, BinaryStyle::Base64);
                lane.append_value(String::from_utf8_lossy(&scratch));
            }
        }
    }
}

/// Nanoseconds since midnight; PostgreSQL's 24:00:00 is none of Arrow's times.
fn time_of_day(cell: Cell) -> Option<i64> {
    match cell {
        Cell::Time { nanos, .. } if (0..NANOS_PER_DAY).contains(&nanos) => Some(nanos),
        _ => None,
    }
}

fn instant(cell: Cell) -> Option<(i64, u32)> {
    match cell {
        Cell::Timestamp { secs, nanos, .. } | Cell::TimestampTz { secs, nanos, .. } => Some((secs, nanos)),
        _ => None,
    }
}
