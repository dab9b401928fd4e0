//! Turning records into lines, on the thread that logs them: what a record borrows need not be copied first.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use slog::{Drain, Level, OwnedKVList, Record, b, o, record};
use slog_json::Json;
use slog_term::FullFormat;

use super::painted::Painted;
use crate::config::LogFormat;

thread_local! {
    static ENCODER: Encoder = Encoder::new();
}

/// Gives `record` as a line to `take`. `None` if it cannot be encoded, or if the thread is about to end.
pub(super) fn encode<T>(
    format: LogFormat,
    record: &Record<'_>,
    values: &OwnedKVList,
    take: impl FnOnce(&[u8]) -> T,
) -> Option<T> {
    ENCODER
        .try_with(|encoder| encoder.encode(format, record, values, take))
        .ok()?
}

/// Appends the line that says how many others were lost.
pub(super) fn report_loss(format: LogFormat, lost: u64, out: &mut Vec<u8>) {
    let said =
        format_args!("lines of the log were lost, since they could not be written as fast as they came");
    let take = |line: &[u8]| out.extend_from_slice(line);
    encode(
        format,
        &record!(Level::Error, "", &said, b!("count" => lost)),
        &o!().into(),
        take,
    );
}

/// What a thread needs to encode records.
struct Encoder {
    line: Line,
    json: Json<Line>,
    terminal: FullFormat<Painted<Line>>,
}

impl Encoder {
    fn new() -> Self {
        let line = Line::default();
        let json = Json::new(line.clone())
            .add_default_keys()
            .set_newlines(true)
            .build();
        let terminal = FullFormat::new(Painted::new(line.clone())).build();
        Self { line, json, terminal }
    }

    fn encode<T>(
        &self,
        format: LogFormat,
        record: &Record<'_>,
        values: &OwnedKVList,
        take: impl FnOnce(&[u8]) -> T,
    ) -> Option<T> {
        self.line.0.borrow_mut().clear();
        let encoded = match format {
            LogFormat::Json => self.json.log(record, values),
            LogFormat::Terminal => self.terminal.log(record, values),
        };
        encoded.ok().map(|()| take(&self.line.0.borrow()))
    }
}

/// The line that the encoders of a thread write to. Cloning shares.
#[derive(Clone, Default)]
struct Line(Rc<RefCell<Vec<u8>>>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(format: LogFormat) -> String {
        let said = format_args!("it {}", "happened");
        encode(
            format,
            &record!(Level::Info, "", &said, b!("rows" => 2, "code" => "OK")),
            &o!("traceId" => "t").into(),
            |line| String::from_utf8(line.to_vec()).unwrap(),
        )
        .unwrap()
    }

    #[test]
    fn a_record_is_one_line_in_either_form() {
        let json: serde_json::Value = serde_json::from_str(&line(LogFormat::Json)).unwrap();
        assert_eq!(
            (
                &json["msg"],
                &json["level"],
                &json["rows"],
                &json["code"],
                &json["traceId"]
            ),
            (
                &"it happened".into(),
                &"INFO".into(),
                &2.into(),
                &"OK".into(),
                &"t".into()
            ),
        );
        let terminal = line(LogFormat::Terminal);
        assert!(terminal.contains(" INFO it happened, "), "{terminal}");
        for line in [line(LogFormat::Json), terminal] {
            assert!(
                line.ends_with('\n') && line.trim_end().lines().count() == 1,
                "{line}"
            );
        }
    }

    #[test]
    fn a_loss_says_how_much() {
        let mut out = b"before\n".to_vec();
        report_loss(LogFormat::Json, 7, &mut out);
        let text = String::from_utf8(out).unwrap();
        let json: serde_json::Value = serde_json::from_str(text.strip_prefix("before\n").unwrap()).unwrap();
        assert_eq!((&json["level"], &json["count"]), (&"ERRO".into(), &7.into()));
    }
}
