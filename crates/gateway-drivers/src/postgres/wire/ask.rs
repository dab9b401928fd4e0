//! Statements of our own: pinning, asking the catalog, and having the caller's statements described.

use postgres_protocol::message::frontend;

use super::{Wire, tag};
use crate::postgres::refusal::Failure;

/// A row of an answer: values in the server's words.
pub(in super::super) type Answer = Vec<Option<String>>;

/// What a server says of a prepared statement.
#[derive(Debug, Default)]
pub(in super::super) struct Description {
    /// The types of its parameters.
    pub(in super::super) parameters: Vec<u32>,
    /// What it gives; nothing if it gives no rows.
    pub(in super::super) fields: Vec<Field>,
}

/// A column of a result.
#[derive(Debug)]
pub(in super::super) struct Field {
    pub(in super::super) name: String,
    /// The table and the number of the column there, unless it is computed.
    pub(in super::super) origin: Option<(u32, i16)>,
    pub(in super::super) type_oid: u32,
    pub(in super::super) modifier: i32,
}

impl Wire {
    /// Runs statements whose results are of no interest.
    pub(in super::super) async fn run(&mut self, sql: &str) -> Result<(), Failure> {
        self.write_run(sql)?;
        self.pass_over().await
    }

    /// Writes what runs statements; [`Wire::pass_over`] then reads how it went.
    pub(in super::super) fn write_run(&mut self, sql: &str) -> Result<(), Failure> {
        Ok(frontend::query(sql, self.outgoing())?)
    }

    /// Writes what prepares statements of ours, which have no parameters; [`Wire::pass_over`] then reads how it went.
    pub(in super::super) fn write_kept(&mut self, statements: &[(&str, &str)]) -> Result<(), Failure> {
        for (name, sql) in statements {
            frontend::parse(name, sql, [], self.outgoing())?;
        }
        frontend::sync(self.outgoing());
        Ok(())
    }

    /// Asks something that has an answer in words. What the server refuses leaves the connection as it was.
    pub(in super::super) async fn ask(&mut self, sql: &str, values: &[&str]) -> Result<Vec<Answer>, Failure> {
        frontend::parse("", sql, [], self.outgoing())?;
        let bound = frontend::bind(
            "",
            "",
            [],
            values,
            |value, out| {
                out.extend_from_slice(value.as_bytes());
                Ok(postgres_protocol::IsNull::No)
            },
            [],
            self.outgoing(),
        );
        bound.map_err(|_| Failure::OutOfStep)?;
        frontend::execute("", 0, self.outgoing())?;
        frontend::sync(self.outgoing());
        let mut rows = Vec::new();
        let outcome = self.collect(&mut rows).await;
        self.in_step_after(outcome).await?;
        Ok(rows)
    }

    async fn collect(&mut self, rows: &mut Vec<Answer>) -> Result<(), Failure> {
        loop {
            let message = self.next().await?;
            match message.tag {
                tag::DATA_ROW => rows.push(words(message.body).ok_or(Failure::OutOfStep)?),
                tag::READY => return Ok(()),
                _ => {}
            }
        }
    }

    /// Prepares a statement under `name` and has it described. Parameters whose types are not in `declared` get what the server
    /// infers.
    pub(in super::super) async fn describe(
        &mut self,
        name: &str,
        sql: &str,
        declared: &[u32],
    ) -> Result<Description, Failure> {
        if frontend::parse(name, sql, declared.iter().copied(), self.outgoing()).is_err() {
            // Half a message must not stay there.
            self.outgoing().clear();
            return Err(Failure::Unsendable);
        }
        frontend::describe(b'S', name, self.outgoing())?;
        frontend::sync(self.outgoing());
        let mut description = Description::default();
        let outcome = self.learn(&mut description).await;
        self.in_step_after(outcome).await?;
        Ok(description)
    }

    async fn learn(&mut self, description: &mut Description) -> Result<(), Failure> {
        loop {
            let message = self.next().await?;
            match message.tag {
                tag::PARAMETER_DESCRIPTION => {
                    description.parameters = oids(message.body).ok_or(Failure::OutOfStep)?;
                }
                tag::ROW_DESCRIPTION => {
                    description.fields = fields(message.body).ok_or(Failure::OutOfStep)?;
                }
                tag::PARSE_COMPLETE | tag::NO_DATA => {}
                tag::READY => return Ok(()),
                _ => return Err(Failure::OutOfStep),
            }
        }
    }

    /// Reads the results of the earliest of what was written, which are of no interest.
    pub(in super::super) async fn pass_over(&mut self) -> Result<(), Failure> {
        let outcome = loop {
            match self.next().await {
                Ok(message) if message.tag == tag::READY => break Ok(()),
                Ok(_) => {}
                Err(failure) => break Err(failure),
            }
        };
        self.in_step_after(outcome).await
    }

    /// After a refusal the server has still to say that it is ready.
    async fn in_step_after(&mut self, outcome: Result<(), Failure>) -> Result<(), Failure> {
        if let Err(Failure::Refused(_)) = outcome {
            self.settle().await?;
        }
        outcome
    }
}

fn words(body: &[u8]) -> Option<Answer> {
    let mut rest = body;
    let count = u16::from_be_bytes(take(&mut rest)?);
    (0..count)
        .map(|_| {
            let length = i32::from_be_bytes(take(&mut rest)?);
            let Ok(length) = usize::try_from(length) else {
                return Some(None);
            };
            let (value, after) = rest.split_at_checked(length)?;
            rest = after;
            Some(Some(String::from_utf8_lossy(value).into_owned()))
        })
        .collect()
}

fn oids(body: &[u8]) -> Option<Vec<u32>> {
    let mut rest = body;
    let count = u16::from_be_bytes(take(&mut rest)?);
    (0..count)
        .map(|_| take(&mut rest).map(u32::from_be_bytes))
        .collect()
}

fn fields(body: &[u8]) -> Option<Vec<Field>> {
    let mut rest = body;
    let count = u16::from_be_bytes(take(&mut rest)?);
    (0..count).map(|_| field(&mut rest)).collect()
}

/// Name, table, number in the table, type, the type's size, modifier, format.
fn field(rest: &mut &[u8]) -> Option<Field> {
    let end = rest.iter().position(|byte| *byte == 0)?;
    let (name, after) = rest.split_at(end);
    *rest = &after[1..];
    let table = u32::from_be_bytes(take(rest)?);
    let number = i16::from_be_bytes(take(rest)?);
    let type_oid = u32::from_be_bytes(take(rest)?);
    let _size: [u8; 2] = take(rest)?;
    let modifier = i32::from_be_bytes(take(rest)?);
    let _format: [u8; 2] = take(rest)?;
    Some(Field {
        name: String::from_utf8_lossy(name).into_owned(),
        origin: (table != 0 && number != 0).then_some((table, number)),
        type_oid,
        modifier,
    })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(*head)
}
