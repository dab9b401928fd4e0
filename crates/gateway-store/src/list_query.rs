//! Filtered, paged lists. A page ends where the last name ends, so that it stays right while sources come and go.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gateway_core::DataSource;

use crate::record::{Row, name_key};
use crate::statements::COLUMNS;
use crate::{Page, SourceFilter, SourcePage, StoreError};

/// Tells cursors of this form from other texts, and from forms to come.
const CURSOR_MARK: &str = "n1:";

/// A list in SQL.
#[derive(Debug)]
pub(crate) struct ListQuery {
    /// The statement.
    pub(crate) sql: String,
    /// Its parameters.
    pub(crate) values: Vec<String>,
    limit: usize,
}

impl ListQuery {
    /// The statement for one page; it reads one row more than wanted, to know whether there is a next page.
    pub(crate) fn new(filter: &SourceFilter, page: &Page) -> Result<Self, StoreError> {
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        if let Some(name) = &filter.name {
            conditions.push("INSTR(name_key, ?) > 0");
            values.push(name_key(name));
        }
        if let Some(engine) = filter.engine {
            conditions.push("engine = ?");
            values.push(engine.as_str().to_owned());
        }
        if let Some(status) = filter.status {
            conditions.push("status = ?");
            values.push(status.as_str().to_owned());
        }
        if let Some(cursor) = &page.cursor {
            conditions.push("name_key > ?");
            values.push(decode_cursor(cursor)?);
        }
        let condition = if conditions.is_empty() {
            "1 = 1".to_owned()
        } else {
            conditions.join(" AND ")
        };
        let limit = page.limit.clamp(1, Page::MAX_LIMIT);
        Ok(Self {
            sql: format!(
                "SELECT {COLUMNS} FROM data_sources WHERE {condition} ORDER BY name_key LIMIT {}",
                limit + 1
            ),
            values,
            limit: limit as usize,
        })
    }

    /// The page that the rows make.
    pub(crate) fn page(&self, rows: Vec<Row>) -> Result<SourcePage, StoreError> {
        let has_more = rows.len() > self.limit;
        let items = rows
            .into_iter()
            .take(self.limit)
            .map(|row| row.into_source().map(|(source, _)| source))
            .collect::<Result<Vec<DataSource>, StoreError>>()?;
        let next_cursor = match items.last() {
            Some(last) if has_more => Some(encode_cursor(&name_key(&last.name))),
            Some(_) | None => None,
        };
        Ok(SourcePage { items, next_cursor })
    }
}

fn encode_cursor(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{CURSOR_MARK}{key}"))
}

fn decode_cursor(cursor: &str) -> Result<String, StoreError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(cursor)
        .map_err(|_| StoreError::BadCursor)?;
    let text = String::from_utf8(bytes).map_err(|_| StoreError::BadCursor)?;
    text.strip_prefix(CURSOR_MARK)
        .map(str::to_owned)
        .ok_or(StoreError::BadCursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_survive_the_round_trip_and_others_are_refused() {
        assert_eq!(decode_cursor(&encode_cursor("größe %_")).unwrap(), "größe %_");
        for text in ["", "%%%", "bm8", "_w"] {
            assert!(
                matches!(decode_cursor(text), Err(StoreError::BadCursor)),
                "{text}"
            );
        }
    }
}
