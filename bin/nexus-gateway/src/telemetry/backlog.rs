//! Lines that wait to be written, and the thread that writes them.
//!
//! Whoever logs appends to one buffer and goes on. The thread sleeps until there is something, lets more come together for a
//! moment, and writes all of it by one call. So under load neither a line nor a request wakes a thread.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Lines that may wait; those beyond are lost, and the log says how many they were.
const MOST_LINES: usize = 8192;

/// Bytes that may wait. A line of a request has about 350.
const MOST_BYTES: usize = 4 << 20;

/// For how long lines come together before they are written.
const GATHERING: Duration = Duration::from_millis(4);

/// How long the end of the process may wait for a standard error that takes nothing.
const LAST_LINES: Duration = Duration::from_secs(5);

/// Room that a buffer keeps when it has been written.
const KEPT: usize = 256 * 1024;

/// What waits, for those who add to it and the one who writes it.
pub(super) struct Backlog {
    waiting: Mutex<Waiting>,
    /// Somebody has added to an empty backlog while the writer slept, or it is to end.
    wake: Condvar,
    /// The writer has ended.
    ended: Condvar,
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    lines: usize,
    lost: u64,
    /// The writer sleeps until it is woken.
    sleeps: bool,
    /// The writer is to write what is there, and end.
    is_closed: bool,
    has_ended: bool,
}

/// Has everything written that waits, when it is dropped.
pub(crate) struct LogGuard(Arc<Backlog>);

impl Backlog {
    /// Starts the thread that writes to `out`. `report` appends a line that tells how many were lost.
    pub(super) fn start(
        out: impl Write + Send + 'static,
        report: impl Fn(u64, &mut Vec<u8>) + Send + 'static,
    ) -> io::Result<(Arc<Self>, LogGuard)> {
        let backlog = Arc::new(Self {
            waiting: Mutex::default(),
            wake: Condvar::new(),
            ended: Condvar::new(),
        });
        let writing = Arc::clone(&backlog);
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || writing.write(out, report))?;
        let guard = LogGuard(Arc::clone(&backlog));
        Ok((backlog, guard))
    }

    /// Adds a line, if there is room for it.
    pub(super) fn add(&self, line: &[u8]) {
        let mut waiting = self.lock();
        let is_full = waiting.lines >= MOST_LINES || waiting.bytes.len() + line.len() > MOST_BYTES;
        if is_full {
            waiting.lost += 1;
            return;
        }
        waiting.bytes.extend_from_slice(line);
        waiting.lines += 1;
        // Waking is a call of the system, even if nobody sleeps.
        let wakes = std::mem::take(&mut waiting.sleeps);
        drop(waiting);
        if wakes {
            self.wake.notify_one();
        }
    }

    /// Counts a line that is lost. The log says so after the next one.
    pub(super) fn count_lost(&self) {
        self.lock().lost += 1;
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Lines are added whole, so what was locked during a panic is as good as ever.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, mut out: impl Write, report: impl Fn(u64, &mut Vec<u8>)) {
        let mut taken = Vec::new();
        while let Some(batch) = self.take(&mut taken) {
            if batch.lost > 0 {
                report(batch.lost, &mut taken);
            }
            if out.write_all(&taken).and_then(|()| out.flush()).is_err() {
                // There is nowhere else to say so; it is said here if writing is possible again.
                let mut waiting = self.lock();
                waiting.lost += batch.lines + batch.lost;
                if waiting.is_closed {
                    break;
                }
            }
            taken.clear();
            taken.shrink_to(KEPT);
        }
        self.lock().has_ended = true;
        self.ended.notify_all();
    }

    /// Waits for lines, lets more come together, and exchanges the buffers. `None` at the end.
    fn take(&self, taken: &mut Vec<u8>) -> Option<Batch> {
        let mut waiting = self.lock();
        while waiting.lines == 0 && !waiting.is_closed {
            waiting.sleeps = true;
            waiting = self.wake.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        waiting.sleeps = false;
        let gathered = self
            .wake
            .wait_timeout_while(waiting, GATHERING, |waiting| !waiting.is_closed);
        let (mut waiting, _) = gathered.unwrap_or_else(PoisonError::into_inner);
        if waiting.lines == 0 && waiting.lost == 0 {
            return None;
        }
        std::mem::swap(&mut waiting.bytes, taken);
        Some(Batch {
            lines: std::mem::take(&mut waiting.lines) as u64,
            lost: std::mem::take(&mut waiting.lost),
        })
    }
}

/// What the writer has taken.
struct Batch {
    lines: u64,
    /// Lines for which there was no room.
    lost: u64,
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.is_closed = true;
        self.0.wake.notify_one();
        // A standard error that takes nothing must not keep the process.
        let ended = self
            .0
            .ended
            .wait_timeout_while(waiting, LAST_LINES, |waiting| !waiting.has_ended);
        drop(ended.unwrap_or_else(PoisonError::into_inner));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Takes what is written once it is told to, and passes it on.
    struct Gate {
        opens: mpsc::Receiver<()>,
        written: mpsc::Sender<String>,
    }

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.opens.recv().map_err(io::Error::other)?;
            let text = String::from_utf8(bytes.to_vec()).map_err(io::Error::other)?;
            self.written.send(text).map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Desk {
        backlog: Arc<Backlog>,
        guard: LogGuard,
        open: mpsc::Sender<()>,
        written: mpsc::Receiver<String>,
    }

    fn desk() -> Desk {
        let ((open, opens), (told, written)) = (mpsc::channel(), mpsc::channel());
        let gate = Gate { opens, written: told };
        let report = |lost: u64, line: &mut Vec<u8>| line.extend(format!("lost {lost}\n").bytes());
        let (backlog, guard) = Backlog::start(gate, report).unwrap();
        Desk {
            backlog,
            guard,
            open,
            written,
        }
    }

    #[test]
    fn what_comes_together_is_written_at_once() {
        let desk = desk();
        for line in ["one\n", "two\n"] {
            desk.backlog.add(line.as_bytes());
        }
        desk.open.send(()).unwrap();
        assert_eq!(desk.written.recv().unwrap(), "one\ntwo\n");
        desk.backlog.add(b"three\n");
        desk.open.send(()).unwrap();
        drop(desk.guard);
        assert_eq!(desk.written.recv().unwrap(), "three\n");
    }

    #[test]
    fn whoever_logs_never_waits_and_a_loss_is_told() {
        let desk = desk();
        // Nothing is written meanwhile, and what was taken to be written leaves its room to others.
        for _ in 0..3 * MOST_LINES {
            desk.backlog.add(b"line\n");
        }
        desk.backlog.add(&vec![b' '; MOST_BYTES + 1]);
        desk.backlog.count_lost();
        for _ in 0..2 {
            desk.open.send(()).unwrap();
        }
        drop(desk.guard);
        drop(desk.backlog);
        let written: String = desk.written.iter().collect();
        let lines = written.lines().filter(|line| *line == "line").count();
        let lost: usize = written
            .lines()
            .filter_map(|line| line.strip_prefix("lost ")?.parse::<usize>().ok())
            .sum();
        assert!((MOST_LINES..=2 * MOST_LINES).contains(&lines), "{lines}");
        assert_eq!(lines + lost, 3 * MOST_LINES + 2);
    }

    #[test]
    fn the_end_does_not_wait_for_ever_for_what_cannot_be_written() {
        let desk = desk();
        desk.backlog.add(b"line\n");
        drop(desk.open);
        drop(desk.guard);
        assert!(desk.written.recv().is_err());
    }
}
