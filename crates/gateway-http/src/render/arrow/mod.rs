//! Rows as an Arrow IPC stream (<https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format>): the schema,
//! record batches, the end-of-stream marker. A body that lacks the marker is incomplete.

mod decimal;
mod field;
mod lane;

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_ipc::writer::StreamEncoder;
use arrow_schema::{ArrowError, Schema, SchemaRef};
use gateway_core::{Batch, BinaryStyle, Cell, Column, Frame};
use gateway_service::ServiceError;

use self::lane::{Lane, Misfit};
use super::body::{Encoder, Step, stated_by_end};
use super::cell::write_plain;
use super::names;

/// Cell data gathered before a record batch is sent: each carries about a hundred bytes a column of its own.
const BATCH_BYTES: usize = 512 * 1024;

/// Characters of a value that are shown in an error.
const SHOWN_CHARACTERS: usize = 40;

/// Writes schema, record batches and end.
#[derive(Default)]
pub(crate) struct ArrowRows {
    open: Option<Open>,
}

/// What there is once the columns are known.
struct Open {
    encoder: StreamEncoder,
    schema: SchemaRef,
    lanes: Vec<Lane>,
    rows: usize,
    bytes: usize,
}

impl Open {
    fn begin(columns: &[Column]) -> Result<Self, ArrowError> {
        let fields: Vec<_> = names::distinct(columns)
            .zip(columns)
            .map(|(name, column)| field::field(name, column))
            .collect();
        let lanes = fields.iter().map(|field| Lane::new(field.data_type())).collect();
        let schema = Arc::new(Schema::new(fields));
        Ok(Self {
            encoder: StreamEncoder::try_new(&schema)?,
            schema,
            lanes,
            rows: 0,
            bytes: 0,
        })
    }

    fn append(&mut self, batch: &Batch) -> Result<(), ServiceError> {
        for (index, lane) in self.lanes.iter_mut().enumerate() {
            lane.append(batch, index)
                .map_err(|misfit| unfit(&self.schema, index, batch, &misfit))?;
        }
        self.rows += batch.row_count();
        self.bytes += batch.row_count() * self.lanes.len() * size_of::<u64>() + batch.arena_len();
        Ok(())
    }

    fn flush(&mut self, out: &mut Vec<u8>) -> Result<(), ArrowError> {
        if self.rows == 0 {
            return Ok(());
        }
        let arrays = self.lanes.iter_mut().map(Lane::finish).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)?;
        (self.rows, self.bytes) = (0, 0);
        for part in self.encoder.encode(&batch)? {
            out.extend_from_slice(&part);
        }
        Ok(())
    }

    fn end(mut self, out: &mut Vec<u8>) -> Result<(), ArrowError> {
        self.flush(out)?;
        for part in self.encoder.finish()? {
            out.extend_from_slice(&part);
        }
        Ok(())
    }
}

impl Encoder for ArrowRows {
    const CONTENT_TYPE: &'static str = "application/vnd.apache.arrow.stream";
    const HELD_BACK: usize = 1;

    fn frame(&mut self, out: &mut Vec<u8>, frame: Frame) -> Result<Step, ServiceError> {
        match frame {
            Frame::Columns(columns) => {
                self.open = Some(Open::begin(&columns).map_err(internal)?);
                Ok(Step::More)
            }
            Frame::Batch(batch) => {
                let open = self.open.as_mut().ok_or(ServiceError::Incomplete)?;
                open.append(&batch)?;
                if open.bytes >= BATCH_BYTES {
                    open.flush(out).map_err(internal)?;
                }
                Ok(Step::More)
            }
            Frame::End(summary) => {
                let open = self.open.take().ok_or(ServiceError::Incomplete)?;
                stated_by_end(&summary)?;
                open.end(out).map_err(internal)?;
                Ok(Step::Last)
            }
        }
    }
}

fn internal(error: ArrowError) -> ServiceError {
    ServiceError::Encoding(error.to_string())
}

fn unfit(schema: &Schema, index: usize, batch: &Batch, Misfit(cell): &Misfit) -> ServiceError {
    let field = schema.field(index);
    let mut value = Vec::new();
    write_plain(&mut value, batch, *cell, BinaryStyle::Hex);
    let kind = match cell {
        Cell::Text(_) => "",
        _ => "the value ",
    };
    let shown: String = String::from_utf8_lossy(&value)
        .chars()
        .take(SHOWN_CHARACTERS)
        .collect();
    ServiceError::Unrepresentable {
        column: field.name().clone(),
        value: format!("{kind}{shown}"),
        target: field.data_type().to_string(),
    }
}
