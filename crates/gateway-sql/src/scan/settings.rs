//! Where strings end under settings of the session that are not the pinned ones.
//!
//! The drivers pin those settings, so a string ends for the server where it ends for us. Should the pin ever fail, what is
//! one statement to us must still not be two: a text that reads as two under any setting is refused. Only ends matter
//! here, so all else is a run of characters.

use gateway_core::Engine;

use super::Lexis;
use crate::error::{Denial, Rule, Verdict};

/// One way to read quotes.
struct Setting {
    /// A backslash escapes within `'…'`.
    single: bool,
    /// A backslash escapes within `"…"`.
    double: bool,
}

/// `ANSI_QUOTES` makes names of `"…"`, with or without it, `NO_BACKSLASH_ESCAPES` does what it says.
const MYSQL: &[Setting] = &[
    Setting {
        single: true,
        double: false,
    },
    Setting {
        single: false,
        double: false,
    },
];

/// `standard_conforming_strings = off`.
const POSTGRESQL: &[Setting] = &[Setting {
    single: true,
    double: false,
}];

/// Refuses a text, which is one statement as we read it, if another setting makes two of it.
pub(crate) fn check(engine: Engine, text: &str) -> Verdict {
    let settings = match engine {
        Engine::MySql | Engine::MariaDb => MYSQL,
        Engine::PostgreSql => POSTGRESQL,
        Engine::Oracle | Engine::Sqlite => return Ok(()),
    };
    // Without a backslash all settings agree.
    if !(text.contains('\\') && text.contains(';')) {
        return Ok(());
    }
    for setting in settings {
        let mut reader = Reader {
            lexis: Lexis::of(engine),
            setting,
            bytes: text.as_bytes(),
            at: 0,
        };
        if let Some(at) = reader.second_statement() {
            let what = "with other settings, a second statement begins here";
            return Err(Denial::new(Rule::Ambiguous, what, at));
        }
    }
    Ok(())
}

enum Part {
    Blank,
    Semicolon,
    Other,
    /// What no statement contains: a string or comment without its end, a backslash.
    Broken,
    End,
}

struct Reader<'t> {
    lexis: &'static Lexis,
    setting: &'t Setting,
    bytes: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    /// Where a second statement begins, if one does and can be read to its end.
    fn second_statement(&mut self) -> Option<usize> {
        let mut has_ended = false;
        let mut second = None;
        loop {
            let start = self.at;
            match self.part() {
                Part::Blank => {}
                Part::Semicolon if second.is_some() => return second,
                Part::Semicolon => has_ended = true,
                Part::Other if has_ended => second = second.or(Some(start)),
                Part::Other => {}
                Part::Broken => return None,
                Part::End => return second,
            }
        }
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn part(&mut self) -> Part {
        let Some(byte) = self.byte(0) else {
            return Part::End;
        };
        match (byte, self.byte(1)) {
            (b' ' | b'\t' | b'\n' | b'\r' | 11 | 12, _) => self.skip(1, Part::Blank),
            (b';', _) => self.skip(1, Part::Semicolon),
            (b'-', Some(b'-')) if !self.lexis.dash_needs_space || self.is_blank(2) => self.line_comment(),
            (b'#', _) if self.lexis.hash_comment => self.line_comment(),
            // What is executed is part of the statement.
            (b'/', Some(b'*')) if self.lexis.executable_comments && self.is_executable() => {
                self.skip(2, Part::Other)
            }
            (b'/', Some(b'*')) => self.block_comment(),
            (b'\'', _) => self.quoted(b'\'', self.setting.single),
            (b'"', _) => self.quoted(b'"', self.setting.double),
            (b'`', _) if self.lexis.backtick_names => self.quoted(b'`', false),
            (b'$', _) if self.lexis.dollar_quotes => self.dollar(),
            (b'\\', Some(b'N')) if self.lexis.backslash => self.skip(2, Part::Other),
            (b'\\', _) => Part::Broken,
            (b'a'..=b'z' | b'A'..=b'Z' | b'_' | 128.., _) => self.word(),
            _ => self.skip(1, Part::Other),
        }
    }

    fn skip(&mut self, length: usize, part: Part) -> Part {
        self.at += length;
        part
    }

    /// White space, a control character, or the end.
    fn is_blank(&self, ahead: usize) -> bool {
        self.byte(ahead).is_none_or(|b| b <= b' ' || b == 127)
    }

    fn is_executable(&self) -> bool {
        self.byte(2) == Some(b'!') || matches!(self.byte(2), Some(b'M' | b'm')) && self.byte(3) == Some(b'!')
    }

    fn line_comment(&mut self) -> Part {
        let carriage_return_ends = self.lexis.postgres_operators;
        while let Some(byte) = self.byte(0) {
            if byte == b'\n' || byte == b'\r' && carriage_return_ends {
                break;
            }
            self.at += 1;
        }
        Part::Blank
    }

    fn block_comment(&mut self) -> Part {
        let mut depth = 0;
        loop {
            match (self.byte(0), self.byte(1)) {
                (None, _) => return Part::Broken,
                (Some(b'/'), Some(b'*')) if depth == 0 || self.lexis.nested_comments => {
                    depth += 1;
                    self.at += 2;
                }
                (Some(b'*'), Some(b'/')) => {
                    depth -= 1;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
            if depth == 0 {
                return Part::Blank;
            }
        }
    }

    fn quoted(&mut self, quote: u8, backslash: bool) -> Part {
        self.at += 1;
        loop {
            match self.byte(0) {
                None => return Part::Broken,
                Some(b'\\') if backslash => self.at += 2,
                Some(byte) if byte == quote => match self.byte(1) == Some(quote) {
                    true => self.at += 2,
                    false => return self.skip(1, Part::Other),
                },
                Some(_) => self.at += 1,
            }
        }
    }

    /// A name or keyword, and the string whose prefix it is.
    fn word(&mut self) -> Part {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || **b >= 128)
            .count();
        let is_escape = length == 1 && matches!(rest.first(), Some(b'e' | b'E')) && self.lexis.escape_strings;
        self.at += length;
        match self.byte(0) {
            Some(b'\'') if is_escape => self.quoted(b'\'', true),
            _ => Part::Other,
        }
    }

    /// `$tag$ … $tag$`, or a parameter.
    fn dollar(&mut self) -> Part {
        let rest = &self.bytes[self.at..];
        let tag = 1 + rest[1..]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_' || **b >= 128)
            .count();
        if rest.get(tag) != Some(&b'$') || rest[1].is_ascii_digit() {
            return self.skip(tag, Part::Other);
        }
        let (open, body) = rest.split_at(tag + 1);
        match body.windows(open.len()).position(|end| end == open) {
            Some(length) => self.skip(2 * open.len() + length, Part::Other),
            None => Part::Broken,
        }
    }
}
