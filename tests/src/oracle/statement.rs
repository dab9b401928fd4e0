//! Statements that give no rows: changes, definitions, transactions, settings.

use super::execute::Run;
use super::facts::{Transaction, lock};
use super::query::bind;
use super::rewrite::rewrite;
use super::session::Session;
use super::token::{Token, join, tokens};
use super::{Flow, Halt, OraError, failure, plsql};

/// What a statement is, by its first words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Query,
    Change,
    Definition,
    Commit,
    Rollback,
    SetTransaction,
    AlterSession,
    Block,
    /// Something that a server takes, and that does nothing here.
    Nothing,
    Unknown,
}

impl Class {
    fn of(tokens: &[Token]) -> Self {
        let Some(Token::Word(first)) = tokens.first() else {
            return if tokens.first().is_some_and(|first| first.is_sign("(")) {
                Self::Query
            } else {
                Self::Unknown
            };
        };
        let second_is = |word: &str| tokens.get(1).is_some_and(|second| second.is(word));
        match first.to_uppercase().as_str() {
            "SELECT" | "WITH" => Self::Query,
            "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "EXPLAIN" => Self::Change,
            "ALTER" if second_is("SESSION") => Self::AlterSession,
            "CREATE" | "DROP" | "ALTER" | "TRUNCATE" | "RENAME" | "GRANT" | "REVOKE" | "COMMENT" => {
                Self::Definition
            }
            "COMMIT" => Self::Commit,
            "ROLLBACK" => Self::Rollback,
            "SET" if second_is("TRANSACTION") => Self::SetTransaction,
            "BEGIN" | "DECLARE" | "CALL" => Self::Block,
            "SAVEPOINT" | "LOCK" => Self::Nothing,
            "SET" if second_is("ROLE") || second_is("CONSTRAINTS") => Self::Nothing,
            _ => Self::Unknown,
        }
    }
}

impl Session<'_> {
    /// Does what the statement says; the count of changed rows, or nothing if it is a query, which is left alone.
    pub(super) fn perform(&mut self, run: &Run) -> Flow<Option<u64>> {
        let words = tokens(&run.sql);
        let nothing = Ok(Some(0));
        match Class::of(&words) {
            Class::Query => Ok(None),
            Class::Change => {
                self.begin_change()?;
                if words.first().is_some_and(|first| first.is("EXPLAIN")) {
                    return nothing;
                }
                self.change(run).map(Some)
            }
            Class::Definition => {
                // Oracle commits before it looks further, whatever the transaction is.
                self.finish_transaction(true)?;
                self.define(&run.sql, &words)?;
                nothing
            }
            Class::Commit => {
                self.finish_transaction(true)?;
                nothing
            }
            Class::Rollback => {
                self.finish_transaction(false)?;
                nothing
            }
            Class::SetTransaction => {
                self.set_transaction(&words)?;
                nothing
            }
            Class::AlterSession => {
                self.alter_session(&words);
                nothing
            }
            Class::Block => {
                let binds = run.binds.first().map_or(&[][..], Vec::as_slice);
                plsql::run(self, &run.sql, binds)?;
                nothing
            }
            Class::Nothing => nothing,
            Class::Unknown => Err(Halt::Ora(OraError::new(900, "invalid SQL statement"))),
        }
    }

    /// A change begins a transaction, unless one is under way that forbids it.
    pub(super) fn begin_change(&mut self) -> Flow<()> {
        let now = lock(&self.profile).transaction;
        match now {
            Transaction::ReadOnly => Err(Halt::Ora(OraError::new(
                1456,
                "may not perform insert, delete, update operation inside a READ ONLY transaction",
            ))),
            Transaction::ReadWrite => Ok(()),
            Transaction::None => {
                self.plainly("BEGIN")?;
                lock(&self.profile).transaction = Transaction::ReadWrite;
                Ok(())
            }
        }
    }

    /// Commits or rolls back, if there is anything to.
    pub(super) fn finish_transaction(&mut self, commit: bool) -> Flow<()> {
        if lock(&self.profile).transaction == Transaction::None {
            return Ok(());
        }
        self.plainly(if commit { "COMMIT" } else { "ROLLBACK" })?;
        lock(&self.profile).transaction = Transaction::None;
        Ok(())
    }

    fn set_transaction(&mut self, words: &[Token]) -> Flow<()> {
        if lock(&self.profile).transaction != Transaction::None {
            return Err(Halt::Ora(OraError::new(
                1453,
                "SET TRANSACTION must be first statement of transaction",
            )));
        }
        if words
            .windows(2)
            .any(|pair| pair[0].is("READ") && pair[1].is("ONLY"))
        {
            self.plainly("BEGIN")?;
            lock(&self.profile).transaction = Transaction::ReadOnly;
        }
        Ok(())
    }

    /// `ALTER SESSION SET name = value ...`
    fn alter_session(&mut self, words: &[Token]) {
        let mut facts = lock(&self.profile);
        for window in words.windows(3) {
            let [Token::Word(name), equals, value] = window else {
                continue;
            };
            if !equals.is_sign("=") {
                continue;
            }
            let value = match value {
                Token::Word(text) | Token::Text(text) | Token::Number(text) | Token::Quoted(text) => text,
                Token::Bind(_) | Token::Sign(_) => continue,
            };
            facts.settings.insert(name.to_uppercase(), value.clone());
        }
    }

    /// A change for each row of values.
    fn change(&mut self, run: &Run) -> Flow<u64> {
        let rewritten = rewrite(&run.sql);
        let none = [Vec::new()];
        let rows = if run.binds.is_empty() {
            &none[..]
        } else {
            &run.binds
        };
        if rewritten.binds.len() > rows[0].len() {
            return Err(Halt::Ora(OraError::new(1008, "not all variables bound")));
        }
        let outcome = self
            .connection
            .prepare(&rewritten.text)
            .and_then(|mut statement| {
                let mut changed = 0;
                for row in rows {
                    bind(&mut statement, &rewritten, row)?;
                    changed += statement.raw_execute()? as u64;
                }
                Ok(changed)
            });
        self.settle(outcome, &run.sql)
    }

    fn define(&mut self, sql: &str, words: &[Token]) -> Flow<()> {
        let first_is = |word: &str| words.first().is_some_and(|first| first.is(word));
        if first_is("GRANT") || first_is("REVOKE") || first_is("COMMENT") {
            return Ok(());
        }
        let text = if first_is("TRUNCATE") {
            format!("DELETE FROM {}", join(words.get(2..).unwrap_or_default()))
        } else if first_is("RENAME") {
            match words {
                [_, old, _, new] => format!(
                    "ALTER TABLE {} RENAME TO {}",
                    join(std::slice::from_ref(old)),
                    join(std::slice::from_ref(new))
                ),
                _ => sql.to_owned(),
            }
        } else {
            rewrite(sql).text
        };
        let outcome = self.connection.execute_batch(&text);
        self.settle(outcome, sql)
    }

    fn plainly(&mut self, text: &str) -> Flow<()> {
        let outcome = self.connection.execute_batch(text);
        self.settle(outcome, text)
    }

    /// What has failed because of a break is a break.
    fn settle<T>(&self, outcome: rusqlite::Result<T>, sql: &str) -> Flow<T> {
        outcome.or_else(|failure| {
            self.inbox.disturbance()?;
            Err(Halt::Ora(failure::translate(&failure, sql)))
        })
    }

    /// Runs a statement within another.
    pub(super) fn perform_text(&mut self, sql: &str) -> Flow<()> {
        let run = Run::inner(sql, &self.shared.board.running);
        match self.perform(&run)? {
            Some(_) => Ok(()),
            None => {
                let outcome = self
                    .connection
                    .prepare(&rewrite(sql).text)
                    .and_then(|mut statement| {
                        let mut rows = statement.raw_query();
                        while rows.next()?.is_some() {}
                        Ok(())
                    });
                self.settle(outcome, sql)
            }
        }
    }
}
