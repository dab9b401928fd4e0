//! Statements of our own, and having the caller's prepared.

use mysql_common::constants::{Command, StatusFlags};

use super::{Wire, answers, mark};
use crate::mysql::lengths::{take, take_bytes};
use crate::mysql::refusal::Failure;
use crate::mysql::shape::Told;

/// A row of an answer: values in the server's words.
pub(in super::super) type Answer = Vec<Option<String>>;

/// What a server says of a statement that it has prepared.
#[derive(Debug)]
pub(in super::super) struct Description {
    /// Its number.
    pub(in super::super) id: u32,
    /// How many parameters it has.
    pub(in super::super) parameters: usize,
    /// The definitions of its columns.
    pub(in super::super) columns: Told,
}

impl Wire {
    /// Writes what runs a statement by the text protocol.
    pub(in super::super) fn write_query(&mut self, sql: &str) {
        self.write_command(Command::COM_QUERY, |out| out.extend_from_slice(sql.as_bytes()));
    }

    /// Runs statements that give no rows.
    pub(in super::super) async fn run(&mut self, sql: &str) -> Result<(), Failure> {
        self.write_query(sql);
        while answers::done(self.next().await?)?.contains(StatusFlags::SERVER_MORE_RESULTS_EXISTS) {}
        Ok(())
    }

    /// Asks for a sign of life.
    pub(in super::super) async fn ping(&mut self) -> Result<(), Failure> {
        self.write_command(Command::COM_PING, |_| {});
        answers::done(self.next().await?).map(drop)
    }

    /// Asks something that has an answer in words.
    pub(in super::super) async fn ask(&mut self, sql: &str) -> Result<Vec<Answer>, Failure> {
        self.write_query(sql);
        let columns = self.result().await?;
        for _ in 0..columns {
            self.definition().await?;
        }
        self.end_definitions(columns).await?;
        let mut rows = Vec::new();
        while columns > 0
            && let Some(row) = self.row().await?
        {
            rows.push(words(row, columns).ok_or(Failure::OutOfStep)?);
        }
        Ok(rows)
    }

    /// Prepares a statement
    /// (<https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_prepare.html>).
    pub(in super::super) async fn prepare(&mut self, sql: &str) -> Result<Description, Failure> {
        self.write_command(Command::COM_STMT_PREPARE, |out| {
            out.extend_from_slice(sql.as_bytes());
        });
        let (id, columns, parameters) = numbers(self.next().await?).ok_or(Failure::OutOfStep)?;
        for _ in 0..parameters {
            self.definition().await?;
        }
        self.end_definitions(parameters).await?;
        let mut told = Told::default();
        for _ in 0..columns {
            told.push(self.definition().await?)?;
        }
        self.end_definitions(columns).await?;
        Ok(Description {
            id,
            parameters,
            columns: told,
        })
    }
}

/// The number of a prepared statement, and those of its columns and parameters.
fn numbers(packet: &[u8]) -> Option<(u32, usize, usize)> {
    let mut rest = packet;
    let [mark::OK] = take(&mut rest)? else {
        return None;
    };
    let id = u32::from_le_bytes(take(&mut rest)?);
    let columns = u16::from_le_bytes(take(&mut rest)?);
    let parameters = u16::from_le_bytes(take(&mut rest)?);
    Some((id, usize::from(columns), usize::from(parameters)))
}

fn words(row: &[u8], columns: usize) -> Option<Answer> {
    const NULL: u8 = 0xfb;
    let mut rest = row;
    (0..columns)
        .map(|_| {
            if let Some((&NULL, after)) = rest.split_first() {
                rest = after;
                return Some(None);
            }
            take_bytes(&mut rest).map(|word| Some(String::from_utf8_lossy(word).into_owned()))
        })
        .collect()
}
