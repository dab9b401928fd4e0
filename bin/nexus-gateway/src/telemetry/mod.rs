//! Logs: to standard error, bounded, without ever waiting for it, in a form and to a level that may change while the gateway
//! runs.

mod backlog;
mod encoder;
mod painted;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::Context;
use slog::{Drain, Level, Logger, Never, OwnedKVList, Record, o};

use crate::config::{LogFormat, LogSettings};
use backlog::Backlog;
pub(crate) use backlog::LogGuard;

/// The logger, what changes it, and the guard that writes what is waiting when it is dropped.
pub(crate) fn logger(settings: &LogSettings) -> anyhow::Result<(Logger, LogControl, LogGuard)> {
    let control = LogControl::new(settings);
    let forms = control.clone();
    let report = move |lost: u64, line: &mut Vec<u8>| encoder::report_loss(forms.format(), lost, line);
    let (backlog, guard) =
        Backlog::start(std::io::stderr(), report).context("starting the thread that writes the log")?;
    let drain = Lines {
        control: control.clone(),
        backlog,
    };
    Ok((Logger::root(drain, o!()), control, guard))
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

/// Puts into the backlog what is important enough.
struct Lines {
    control: LogControl,
    backlog: Arc<Backlog>,
}

impl Drain for Lines {
    type Ok = ();
    type Err = Never;

    fn log(&self, record: &Record<'_>, values: &OwnedKVList) -> Result<(), Never> {
        if self.control.permits(record.level()) {
            let add = |line: &[u8]| self.backlog.add(line);
            if encoder::encode(self.control.format(), record, values, add).is_none() {
                self.backlog.count_lost();
            }
        }
        Ok(())
    }

    fn is_enabled(&self, level: Level) -> bool {
        self.control.permits(level)
    }
}
