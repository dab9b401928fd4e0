//! Logs: to standard error, asynchronous and bounded.

use anyhow::Context;
use slog::{Drain, Logger, o};
use slog_async::AsyncGuard;

use crate::config::{LogFormat, LogSettings};

/// Lines that may wait to be written; beyond that lines are dropped and the loss is counted in the log itself.
const WAITING_LINES: usize = 8192;

/// The logger, and the guard that writes what is waiting when it is dropped.
pub(crate) fn logger(settings: &LogSettings) -> anyhow::Result<(Logger, AsyncGuard)> {
    let level = settings.level;
    let (drain, guard) = match settings.format {
        LogFormat::Json => {
            let json = slog_json::Json::new(std::io::stderr())
                .add_default_keys()
                .set_newlines(true)
                .build();
            bounded(json.fuse().filter_level(level).fuse())
        }
        LogFormat::Terminal => {
            let terminal = slog_term::TermDecorator::new().stderr().build();
            bounded(
                slog_term::FullFormat::new(terminal)
                    .build()
                    .fuse()
                    .filter_level(level)
                    .fuse(),
            )
        }
    };
    // Loggers are made once, at start; a thread that cannot be started then is fatal.
    let drain = drain.context("starting the log writer")?;
    Ok((
        Logger::root(drain.fuse(), o!()),
        guard.context("starting the log writer")?,
    ))
}

fn bounded<D>(drain: D) -> (Option<slog_async::Async>, Option<AsyncGuard>)
where
    D: Drain<Err = slog::Never, Ok = ()> + Send + 'static,
{
    let (drain, guard) = slog_async::Async::new(drain)
        .chan_size(WAITING_LINES)
        .overflow_strategy(slog_async::OverflowStrategy::DropAndReport)
        .build_with_guard();
    (Some(drain), Some(guard))
}
