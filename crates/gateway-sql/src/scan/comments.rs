//! Comments and optimizer hints. Harmless ones are dropped, so that the parser never sees them.

use super::Scanner;
use crate::error::{Denial, Rule, Verdict};

/// Words that make a hint more than advice about the plan: they set variables, lift the time limit, or choose resources.
const HINT_WORDS: &[&str] = &["SET_VAR", "RESOURCE_GROUP", "SET", "OPT_PARAM"];

impl Scanner<'_> {
    /// `--`: a comment, or on MySQL two minus signs unless white space follows.
    pub(super) fn dashes(&mut self) -> Verdict {
        if !self.lexis.dash_needs_space {
            return self.comment_to_line_end();
        }
        match self.byte(2) {
            None | Some(b' ' | b'\t' | b'\n' | b'\r') => self.comment_to_line_end(),
            Some(0..=31 | 127) => Err(self.deny(Rule::Ambiguous, "-- before a control character")),
            Some(_) => {
                self.check_single_statement()?;
                self.operator()
            }
        }
    }

    fn comment_to_line_end(&mut self) -> Verdict {
        let start = self.at;
        let is_hint = self.lexis.hints && self.byte(2) == Some(b'+');
        self.line_comment(2)?;
        if is_hint {
            return check_hint(&self.text[start + 3..self.at], start);
        }
        Ok(())
    }

    /// Skips to the end of the line. A carriage return alone ends the comment for PostgreSQL and not for the others; what
    /// follows it could be read two ways.
    pub(super) fn line_comment(&mut self, prefix: usize) -> Verdict {
        self.at += prefix;
        while let Some(byte) = self.byte(0) {
            match byte {
                b'\n' => break,
                b'\r' if self.byte(1) != Some(b'\n') => {
                    return Err(self.deny(Rule::Ambiguous, "a carriage return in a comment"));
                }
                0 => return Err(self.deny(Rule::Character, "U+0000")),
                _ => self.at += 1,
            }
        }
        Ok(())
    }

    pub(super) fn block_comment(&mut self) -> Verdict {
        let start = self.at;
        let is_executable = self.byte(2) == Some(b'!')
            || (matches!(self.byte(2), Some(b'M' | b'm')) && self.byte(3) == Some(b'!'));
        if self.lexis.executable_comments && is_executable {
            return Err(self.deny(Rule::ExecutableComment, "/*!"));
        }
        self.skip_block(start)?;
        if self.lexis.hints && self.bytes.get(start + 2) == Some(&b'+') {
            return check_hint(&self.text[start + 3..self.at - 2], start);
        }
        Ok(())
    }

    fn skip_block(&mut self, start: usize) -> Verdict {
        let mut depth = 1;
        self.at += 2;
        while depth > 0 {
            match (self.byte(0), self.byte(1)) {
                // SQLite lets a comment end with the text.
                (None, _) if self.lexis.open_comments => return Ok(()),
                (None, _) => return Err(Denial::new(Rule::Unterminated, "comment", start)),
                (Some(b'*'), Some(b'/')) => {
                    depth -= 1;
                    self.at += 2;
                }
                (Some(b'/'), Some(b'*')) if self.lexis.nested_comments => {
                    depth += 1;
                    self.at += 2;
                }
                // Engines that do not nest end the comment at the first `*/`, others later.
                (Some(b'/'), Some(b'*')) => {
                    return Err(self.deny(Rule::Ambiguous, "a comment inside a comment"));
                }
                (Some(0), _) => return Err(self.deny(Rule::Character, "U+0000")),
                _ => self.at += 1,
            }
        }
        Ok(())
    }
}

/// A hint may advise; it may not set anything.
fn check_hint(body: &str, start: usize) -> Verdict {
    let word = |word: &&str| {
        HINT_WORDS
            .iter()
            .any(|bad| bad.eq_ignore_ascii_case(word.trim_matches('"')))
    };
    let found = body
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '#')))
        .find(word);
    let upper = body.to_ascii_uppercase();
    if let Some((_, limit)) = upper.split_once("MAX_EXECUTION_TIME") {
        // 0 lifts the limit of the session.
        let is_limit = limit.trim_start().strip_prefix('(').is_some_and(|digits| {
            digits
                .trim_start()
                .starts_with(|c: char| ('1'..='9').contains(&c))
        });
        if !is_limit || limit.contains("MAX_EXECUTION_TIME") {
            return Err(Denial::new(Rule::Hint, "MAX_EXECUTION_TIME", start));
        }
    }
    match found {
        Some(bad) => Err(Denial::new(Rule::Hint, bad.to_ascii_uppercase(), start)),
        None => Ok(()),
    }
}
