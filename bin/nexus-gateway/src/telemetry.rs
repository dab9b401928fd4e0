//! Logs: to standard error, asynchronous and bounded, in a form and to a level that may change while the gateway runs.

use std::io::{LineWriter, Stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use slog::{Drain, Fuse, Level, Logger, Never, OwnedKVList, Record, o};
use slog_async::{Async, AsyncGuard, OverflowStrategy};
use slog_json::Json;
use slog_term::{FullFormat, TermDecorator};

use crate::config::{LogFormat, LogSettings};

/// Lines that may wait to be written; beyond that lines are dropped and the loss is counted in the log itself.
const WAITING_LINES: usize = 8192;

/// A line that is no longer than this is written by one call of the system. The encoder writes each word by itself, and
/// standard error has no buffer of its own.
const LONGEST_AT_ONCE: usize = 8 * 1024;

/// The logger, what changes it, and the guard that writes what is waiting when it is dropped.
pub(crate) fn logger(settings: &LogSettings) -> (Logger, LogControl, AsyncGuard) {
    let control = LogControl::new(settings);
    let (queue, guard) = Async::new(Lines::new(control.clone()))
        .chan_size(WAITING_LINES)
        .overflow_strategy(OverflowStrategy::DropAndReport)
        .build_with_guard();
    let drain = Levelled {
        control: control.clone(),
        queue: queue.fuse(),
    };
    (Logger::root(drain, o!()), control, guard)
}

/// Changes how a logger writes, from the next line on. Cloning shares.
#[derive(Clone)]
pub(crate) struct LogControl(Arc<Chosen>);

struct Chosen {
    /// As [`Level::as_usize`] has it.
    level: AtomicUsize,
    is_json: AtomicBool,
}

impl LogControl {
    fn new(settings: &LogSettings) -> Self {
        let control = Self(Arc::new(Chosen {
            level: AtomicUsize::new(0),
            is_json: AtomicBool::new(true),
        }));
        control.change(settings);
        control
    }

    /// Takes the level and the form of `settings`.
    pub(crate) fn change(&self, settings: &LogSettings) {
        self.0.level.store(settings.level.as_usize(), Ordering::Relaxed);
        let is_json = settings.format == LogFormat::Json;
        self.0.is_json.store(is_json, Ordering::Relaxed);
    }

    fn permits(&self, level: Level) -> bool {
        level.as_usize() <= self.0.level.load(Ordering::Relaxed)
    }

    fn format(&self) -> LogFormat {
        if self.0.is_json.load(Ordering::Relaxed) {
            LogFormat::Json
        } else {
            LogFormat::Terminal
        }
    }
}

/// Lets through what is important enough, before it costs anything.
struct Levelled {
    control: LogControl,
    queue: Fuse<Async>,
}

impl Drain for Levelled {
    type Ok = ();
    type Err = Never;

    fn log(&self, record: &Record<'_>, values: &OwnedKVList) -> Result<(), Never> {
        if !self.control.permits(record.level()) {
            return Ok(());
        }
        self.queue.log(record, values)
    }

    fn is_enabled(&self, level: Level) -> bool {
        self.control.permits(level)
    }
}

/// Writes lines, on a thread of its own.
struct Lines {
    control: LogControl,
    json: Fuse<Json<LineWriter<Stderr>>>,
    terminal: Fuse<FullFormat<TermDecorator>>,
}

impl Lines {
    fn new(control: LogControl) -> Self {
        let json = Json::new(LineWriter::with_capacity(LONGEST_AT_ONCE, std::io::stderr()))
            .add_default_keys()
            .set_newlines(true)
            .build();
        let terminal = FullFormat::new(TermDecorator::new().stderr().build()).build();
        Self {
            control,
            json: json.fuse(),
            terminal: terminal.fuse(),
        }
    }
}

impl Drain for Lines {
    type Ok = ();
    type Err = Never;

    fn log(&self, record: &Record<'_>, values: &OwnedKVList) -> Result<(), Never> {
        match self.control.format() {
            LogFormat::Json => self.json.log(record, values),
            LogFormat::Terminal => self.terminal.log(record, values),
        }
    }
}
