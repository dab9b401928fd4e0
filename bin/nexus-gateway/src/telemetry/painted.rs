//! Lines for a terminal: in colour if standard error is one that takes it. The library's own decorator writes there itself,
//! and would wait for it.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};

use slog::{Level, OwnedKVList, Record};
use slog_term::{Decorator, RecordDecorator, TermDecorator};

/// Decorates what is written to `W`.
pub(super) struct Painted<W> {
    out: RefCell<W>,
    has_colours: bool,
}

impl<W: Write> Painted<W> {
    /// As suits the standard error of this process.
    pub(super) fn new(out: W) -> Self {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let is_able = set("TERM").is_some_and(|kind| kind != "dumb") && set("NO_COLOR").is_none();
        Self {
            out: RefCell::new(out),
            has_colours: is_able && io::stderr().is_terminal(),
        }
    }
}

impl<W: Write> Decorator for Painted<W> {
    fn with_record<F>(&self, record: &Record<'_>, _: &OwnedKVList, write: F) -> io::Result<()>
    where
        F: FnOnce(&mut dyn RecordDecorator) -> io::Result<()>,
    {
        write(&mut PaintedRecord {
            out: &mut *self.out.borrow_mut(),
            level: record.level(),
            has_colours: self.has_colours,
        })
    }
}

struct PaintedRecord<'a, W> {
    out: &'a mut W,
    level: Level,
    has_colours: bool,
}

impl<W: Write> PaintedRecord<'_, W> {
    /// Asks for a rendition, by ECMA-48's number for it.
    fn select(&mut self, rendition: u16) -> io::Result<()> {
        if !self.has_colours {
            return Ok(());
        }
        write!(self.out, "\x1b[{rendition}m")
    }
}

impl<W: Write> Write for PaintedRecord<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

const NORMAL: u16 = 0;
const BOLD: u16 = 1;
const FIRST_COLOUR: u16 = 30;

impl<W: Write> RecordDecorator for PaintedRecord<'_, W> {
    fn reset(&mut self) -> io::Result<()> {
        self.select(NORMAL)
    }

    fn start_level(&mut self) -> io::Result<()> {
        self.select(FIRST_COLOUR + TermDecorator::level_to_color(self.level))
    }

    fn start_key(&mut self) -> io::Result<()> {
        self.select(BOLD)
    }

    fn start_msg(&mut self) -> io::Result<()> {
        self.select(BOLD)
    }
}
