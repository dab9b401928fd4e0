//! Running a statement of a catalog and taking its rows as text.

use gateway_core::{AtDeadline, Frame, Parameters, QueryId, QueryLimits, QueryRequest, ValueStyle};
use gateway_drivers::DriverError;

use super::Look;
use crate::ServiceError;

/// Most rows of one statement: what a page of tables can have of columns is far below.
const MAX_ROWS: u64 = 1_000_000;

/// Most bytes of one statement.
const MAX_BYTES: u64 = 64 << 20;

/// Most bytes of one value.
const MAX_CELL_BYTES: usize = 1 << 20;

/// A row; NULL is `None`.
pub(super) struct Row(Vec<Option<String>>);

impl Row {
    /// Takes the value of column `index`.
    pub(super) fn take(&mut self, index: usize) -> Option<String> {
        self.0.get_mut(index).and_then(Option::take)
    }

    /// [`Row::take`] where NULL is as good as nothing.
    pub(super) fn text(&mut self, index: usize) -> String {
        self.take(index).unwrap_or_default()
    }
}

/// The rows of `sql`, which the source's validator must approve like any other statement.
pub(super) async fn collect(
    look: &Look<'_>,
    sql: &str,
    parameters: &Parameters,
) -> Result<Vec<Row>, ServiceError> {
    let approved = look.live.validator().approve(sql)?;
    let request = QueryRequest {
        id: QueryId::new(),
        sql: approved.bind(parameters, None)?,
        limits: QueryLimits {
            max_rows: Some(MAX_ROWS),
            offset: 0,
            max_bytes: MAX_BYTES,
            max_cell_bytes: MAX_CELL_BYTES,
            deadline: look.deadline,
            at_deadline: AtDeadline::Fail,
        },
        style: ValueStyle::default(),
        trace: look.trace.clone(),
    };
    let mut frames = look.pool.query(request).await?;
    let mut rows = Vec::new();
    loop {
        match frames.next().await.unwrap_or_else(|| Err(lost()))? {
            Frame::Columns(_) => {}
            Frame::Batch(batch) => {
                let texts = |row: &[gateway_core::Cell]| {
                    row.iter()
                        .map(|cell| batch.text(*cell).map(str::to_owned))
                        .collect()
                };
                rows.extend(batch.rows().map(|row| Row(texts(row))));
            }
            Frame::End(summary) if summary.truncated_by.is_some() => {
                return Err(ServiceError::Field {
                    field: "limit",
                    message: "is too large: the description of so many tables does not fit".to_owned(),
                });
            }
            Frame::End(_) => return Ok(rows),
        }
    }
}

fn lost() -> DriverError {
    DriverError::Lost("the query's task ended without a result".to_owned())
}
