//! Executing statements and fetching their rows.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use super::answer;
use super::binds::{Bind, read_rows, read_types};
use super::column::code;
use super::cursor::{Cursor, Source};
use super::encode::Encoder;
use super::facts::{Counted, lock};
use super::faults::RowFault;
use super::query::Query;
use super::rewrite::rewrite;
use super::script::{Answer, Outcome};
use super::session::Session;
use super::wire::In;
use super::{Column, Flow, Halt, OraError};

/// What an execution is to do.
#[derive(Debug, Clone, Copy)]
struct Options(u64);

impl Options {
    const PARSE: u64 = 0x01;
    const BIND: u64 = 0x08;
    const DEFINE: u64 = 0x10;
    const EXECUTE: u64 = 0x20;
    const FETCH: u64 = 0x40;
    const COMMIT: u64 = 0x100;

    fn has(self, option: u64) -> bool {
        self.0 & option != 0
    }
}

/// Where the count of executions stands in an execution's array, and whether the statement is a query.
const EXECUTIONS: usize = 1;
const IS_QUERY: usize = 7;
const ARRAY: usize = 13;
/// What is sent at once while rows are made.
const FLUSH: usize = 64 * 1024;
/// More rows than there are.
const NO_DATA_FOUND: u32 = 1403;

/// One execution.
pub(super) struct Run {
    pub(super) cursor: u16,
    pub(super) sql: String,
    /// One row of values, or several for a batch.
    pub(super) binds: Vec<Vec<Bind>>,
    /// Rows to send along.
    pub(super) wanted: u64,
    /// Commit at the end.
    commit: bool,
    /// Only tell what it would give.
    describe: bool,
    pub(super) underway: Counted,
}

impl Run {
    /// Of a statement within a block.
    pub(super) fn inner(sql: &str, running: &Arc<AtomicUsize>) -> Self {
        Self {
            cursor: 0,
            sql: sql.to_owned(),
            binds: Vec::new(),
            wanted: 0,
            commit: false,
            describe: false,
            underway: Counted::new(running),
        }
    }
}

impl Session<'_> {
    /// Function 94: any of parsing, binding, executing, defining and fetching.
    pub(super) fn execute(&mut self, message: &mut In<'_>) -> Flow<()> {
        let options = Options(message.ub()?);
        let mut id = message.ub()? as u16;
        message.skip(1)?;
        message.ub()?;
        message.skip(1)?;
        message.ub()?;
        message.skip(2)?;
        message.ub()?;
        let count = message.ub()?;
        message.ub()?;
        message.skip(1)?;
        let binds = message.size()?;
        message.skip(6)?;
        let defines = message.size()?;
        message.ub()?;
        message.skip(3)?;
        message.ub()?;
        message.skip(1)?;
        message.skip_ub(2)?;
        message.skip(1)?;
        message.ub()?;
        message.skip(1)?;
        if self.version >= 8 {
            for _ in 0..2 {
                message.skip(1)?;
                message.ub()?;
            }
            message.skip(1)?;
        }
        if self.version >= 9 {
            message.skip(1)?;
            message.ub()?;
        }
        let sql = if options.has(Options::PARSE) {
            Some(message.text()?)
        } else {
            None
        };
        let mut array = [0; ARRAY];
        for entry in &mut array {
            *entry = message.ub()?;
        }
        if let Some(sql) = sql {
            if id == 0 {
                id = self.next_cursor;
                self.next_cursor = self.next_cursor.checked_add(1).unwrap_or(1);
            }
            self.cursors.insert(id, Cursor::new(sql));
        }
        let cursor = self.cursors.get_mut(&id).ok_or_else(invalid_cursor)?;
        let wanted = if options.has(Options::FETCH) { count } else { 0 };
        if options.has(Options::DEFINE) {
            let types = read_types(message, defines, self.version)?;
            let is_long = |code| matches!(code, code::LONG | code::LONG_RAW);
            cursor.inline = (types.iter().zip(&cursor.columns))
                .map(|(defined, column)| column.kind.has_locator() && is_long(defined.code))
                .collect();
            self.inbox.disturbance()?;
            return self.fetch(id, wanted, false);
        }
        if options.has(Options::BIND) {
            cursor.types = read_types(message, binds, self.version)?;
        }
        // For a query the place has the count of rows to fetch.
        let executions = match array[IS_QUERY] {
            0 => usize::try_from(array[EXECUTIONS]).unwrap_or(1),
            _ => 1,
        };
        let binds = if options.has(Options::BIND) {
            read_rows(message, &cursor.types, executions)?
        } else {
            Vec::new()
        };
        let run = Run {
            cursor: id,
            sql: cursor.sql.clone(),
            binds,
            wanted,
            commit: options.has(Options::COMMIT),
            describe: !options.has(Options::EXECUTE),
            underway: Counted::new(&self.shared.board.running),
        };
        self.run(run)
    }

    /// Functions 4 and 78: the same again, perhaps with other values.
    pub(super) fn reexecute(&mut self, message: &mut In<'_>, fetch: bool) -> Flow<()> {
        const COMMIT: u64 = 1;
        let id = message.ub()? as u16;
        let count = message.ub()?;
        message.ub()?;
        let options = message.ub()?;
        let cursor = self.cursors.get(&id).ok_or_else(invalid_cursor)?;
        let executions = if fetch {
            1
        } else {
            usize::try_from(count).unwrap_or(1)
        };
        let binds = read_rows(message, &cursor.types, executions)?;
        self.run(Run {
            cursor: id,
            sql: cursor.sql.clone(),
            binds,
            wanted: if fetch { count } else { 0 },
            commit: options & COMMIT != 0,
            describe: false,
            underway: Counted::new(&self.shared.board.running),
        })
    }

    fn run(&mut self, run: Run) -> Flow<()> {
        let id = run.cursor;
        self.current = Some(id);
        self.shared.board.note(&run.sql);
        lock(&self.profile).statement.clone_from(&run.sql);
        if let Some(cursor) = self.cursors.get_mut(&id) {
            cursor.finish();
            cursor.fault = self.shared.row_fault();
        }
        match self.inbox.disturbance().and_then(|()| self.answer(run)) {
            Err(Halt::Ora(failure)) => {
                self.out.0.clear();
                self.end(id, 0).write(&mut self.out, Some(&failure));
                Ok(self.link.send_last(&mut self.out)?)
            }
            outcome => outcome,
        }
    }

    fn answer(&mut self, run: Run) -> Flow<()> {
        if let Some(answer) = self.shared.scripted(&run.sql) {
            return self.answer_by_script(run, answer);
        }
        match self.perform(&run)? {
            Some(changed) => {
                if run.commit {
                    self.finish_transaction(true)?;
                }
                self.send_done(run, changed)
            }
            None => self.answer_by_query(run),
        }
    }

    fn send_done(&mut self, run: Run, changed: u64) -> Flow<()> {
        let cursor = run.cursor;
        // It does not count any more when the client has the answer.
        drop(run);
        answer::write_parameters(&mut self.out);
        self.end(cursor, changed).write(&mut self.out, None);
        Ok(self.link.send_last(&mut self.out)?)
    }

    fn answer_by_query(&mut self, run: Run) -> Flow<()> {
        let rewritten = rewrite(&run.sql);
        let binds = run.binds.first().map_or(&[][..], Vec::as_slice);
        if !run.describe && rewritten.binds.len() > binds.len() {
            return Err(Halt::Ora(OraError::new(1008, "not all variables bound")));
        }
        if rewritten.locks {
            self.begin_change()?;
        }
        let opened = Query::open(self.connection, &run.sql, &rewritten, binds);
        // What has failed because of a break is a break.
        self.inbox.disturbance()?;
        let (query, columns) = opened?;
        self.begin(run, Source::Query(Box::new(query)), columns)
    }

    fn answer_by_script(&mut self, run: Run, answer: Answer) -> Flow<()> {
        if !answer.delay.is_zero() {
            self.inbox.sleep(answer.delay);
            self.inbox.disturbance()?;
        }
        match answer.outcome {
            Outcome::Done { changed } => self.send_done(run, changed),
            Outcome::Fail(failure) => Err(Halt::Ora(failure)),
            Outcome::Rows { columns, count, make } => {
                if let (Some(cursor), Some(fault)) = (self.cursors.get_mut(&run.cursor), answer.fault) {
                    cursor.fault = Some(fault);
                }
                self.begin(run, Source::Scripted { count, make }, columns)
            }
        }
    }
}

impl<'c> Session<'c> {
    /// Tells the columns, and sends the first rows along.
    fn begin(&mut self, run: Run, source: Source<'c>, columns: Vec<Column>) -> Flow<()> {
        let cursor = self.cursors.get_mut(&run.cursor).ok_or_else(invalid_cursor)?;
        answer::write_description(&mut self.out, &columns, self.version);
        cursor.begin(source, columns, run.underway);
        if run.describe {
            cursor.finish();
        }
        let wanted = if cursor.waits_for_definition() || run.describe {
            0
        } else {
            run.wanted
        };
        self.fetch(run.cursor, wanted, true)
    }

    /// Sends rows; `first` if it ends an execution.
    pub(super) fn fetch(&mut self, id: u16, wanted: u64, first: bool) -> Flow<()> {
        self.current = Some(id);
        let cursor = self.cursors.get_mut(&id).ok_or_else(invalid_cursor)?;
        if wanted > 0 {
            answer::write_row_header(&mut self.out, wanted);
        }
        let mut encoder = Encoder { lobs: &mut self.lobs };
        let mut failure = None;
        for _ in 0..wanted {
            if self.inbox.is_disturbed() {
                self.inbox.disturbance()?;
            }
            match cursor.take_fault() {
                None => {}
                Some(RowFault::Fail(given)) => {
                    failure = Some(given);
                    break;
                }
                Some(RowFault::Freeze) => self.shared.frost.set(true),
                Some(RowFault::Reset) => {
                    self.link.send_full(&mut self.out)?;
                    return Err(Halt::Reset);
                }
            }
            match cursor.write_next(&mut self.out, &mut encoder) {
                Ok(true) => {}
                Ok(false) => {
                    failure = Some(OraError::new(NO_DATA_FOUND, "no data found"));
                    break;
                }
                Err(given) => {
                    self.inbox.disturbance()?;
                    failure = Some(given);
                    break;
                }
            }
            if self.out.0.len() >= FLUSH {
                self.link.send_full(&mut self.out)?;
            }
        }
        if failure.is_some() {
            cursor.finish();
        }
        let rows = cursor.fetched;
        if first {
            answer::write_parameters(&mut self.out);
        }
        self.end(id, rows).write(&mut self.out, failure.as_ref());
        Ok(self.link.send_last(&mut self.out)?)
    }
}

fn invalid_cursor() -> Halt {
    Halt::Ora(OraError::new(1001, "invalid cursor"))
}
