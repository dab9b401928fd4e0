//! What the audit log and the rotation of keys need of a database: transactions, statements, values. With it each of them
//! is written once for both kinds of store.

use std::future::Future;

use crate::StoreError;

/// A value on its way into a statement or out of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Bytes(Vec<u8>),
    Text(String),
    Number(i64),
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row of a result. Values are taken from its beginning, in the order of the columns.
#[derive(Debug)]
pub(crate) struct Row {
    values: std::vec::IntoIter<Value>,
}

impl Row {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self {
            values: values.into_iter(),
        }
    }

    fn next(&mut self) -> Result<Value, StoreError> {
        self.values.next().ok_or_else(shape)
    }

    pub(crate) fn optional_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.next()? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            // MySQL's client gives texts as bytes.
            Value::Bytes(bytes) => String::from_utf8(bytes).map(Some).map_err(|_| shape()),
            Value::Number(_) => Err(shape()),
        }
    }

    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        self.optional_text()?.ok_or_else(shape)
    }

    pub(crate) fn optional_bytes(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        match self.next()? {
            Value::Null => Ok(None),
            Value::Bytes(bytes) => Ok(Some(bytes)),
            Value::Text(_) | Value::Number(_) => Err(shape()),
        }
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        self.optional_bytes()?.ok_or_else(shape)
    }

    pub(crate) fn optional_number(&mut self) -> Result<Option<i64>, StoreError> {
        match self.next()? {
            Value::Null => Ok(None),
            Value::Number(number) => Ok(Some(number)),
            Value::Text(_) | Value::Bytes(_) => Err(shape()),
        }
    }

    pub(crate) fn number(&mut self) -> Result<i64, StoreError> {
        self.optional_number()?.ok_or_else(shape)
    }
}

fn shape() -> StoreError {
    StoreError::Corrupt {
        what: "a row of an unexpected shape".to_owned(),
    }
}

/// A transaction. Dropped without [`Transaction::commit`] it is undone.
pub(crate) trait Transaction: Send {
    /// What makes a SELECT lock the rows it reads, where that is not how transactions work anyway.
    const FOR_UPDATE: &'static str;

    /// The rows that a statement gives.
    fn rows(
        &mut self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// How many rows a statement changed.
    fn change(
        &mut self,
        sql: &str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Makes it last.
    fn commit(self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A database that has transactions.
pub(crate) trait Database: Send + Sync {
    /// What [`Database::begin`] gives.
    type Transaction: Transaction;

    /// Begins a transaction that may change something.
    fn begin(&self) -> impl Future<Output = Result<Self::Transaction, StoreError>> + Send;

    /// Begins a transaction that only reads, and sees one moment.
    fn begin_reading(&self) -> impl Future<Output = Result<Self::Transaction, StoreError>> + Send;
}
