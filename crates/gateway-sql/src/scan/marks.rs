//! The characters that may begin a placeholder: `?`, `$` and `:`.
//!
//! * `?` and `?1` are placeholders wherever an operand is expected. On PostgreSQL, behind an operand, it is the jsonb operator.
//! * `$1` is a placeholder on every engine; on PostgreSQL `$tag$` begins a string.
//! * `$name` and `@name` are placeholders on SQLite, as they are there without us.
//! * `:name` is a placeholder on every engine, but not in `::type` and `:=`, and not directly inside the brackets of an
//!   array subscript behind an operand or the opening bracket, where the colon makes a slice.

use gateway_core::{Engine, Placeholder, PlaceholderKey, PlaceholderSite};
use sqlparser::tokenizer::Token;

use super::Scanner;
use crate::error::{Rule, Verdict};

/// The highest `$n`.
const MAX_NUMBER: usize = 10_000;

impl Scanner<'_> {
    fn mark(&mut self, key: PlaceholderKey, length: usize) -> Verdict {
        self.placeholders.push(Placeholder {
            span: self.at..self.at + length,
            key,
            // Settled once the whole text is read.
            site: PlaceholderSite::Scalar,
        });
        self.push_simple(Token::Placeholder("?".to_owned()), length)
    }

    pub(super) fn question(&mut self) -> Verdict {
        if self.lexis.postgres_operators && self.after_operand() {
            return self.operator();
        }
        let digits = self.digits_ahead();
        if digits > 0 {
            return self.numbered(digits);
        }
        if self.byte(1).is_some_and(|b| b.is_ascii_alphabetic() || b == b'_') {
            return Err(self.deny(Rule::Placeholder, "use ?, $1 or :name"));
        }
        let index = self.questions;
        self.questions += 1;
        self.mark(PlaceholderKey::Index(index), 1)
    }

    pub(super) fn dollar(&mut self) -> Verdict {
        let digits = self.digits_ahead();
        if digits > 0 {
            return self.numbered(digits);
        }
        if self.engine == Engine::Sqlite {
            return self.named();
        }
        if self.lexis.dollar_quotes
            && let Some(tag) = self.dollar_tag()
        {
            return self.dollar_string(tag);
        }
        if self.lexis.variables {
            return Err(self.deny(Rule::Ambiguous, "quote a name that begins with $"));
        }
        Err(self.deny(Rule::Placeholder, "use ?, $1 or :name"))
    }

    fn digits_ahead(&self) -> usize {
        self.bytes[self.at + 1..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    }

    fn numbered(&mut self, digits: usize) -> Verdict {
        let after = self.byte(digits + 1);
        if after.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || b >= 128) {
            return Err(self.deny(Rule::Ambiguous, "a placeholder that runs into a name"));
        }
        let number = self.text[self.at + 1..self.at + 1 + digits].parse::<usize>();
        match number {
            Ok(number @ 1..=MAX_NUMBER) => self.mark(PlaceholderKey::Index(number - 1), digits + 1),
            _ => Err(self.deny(Rule::Placeholder, "placeholders are numbered from $1")),
        }
    }

    /// The length of an opening `$tag$`.
    fn dollar_tag(&self) -> Option<usize> {
        let rest = &self.text[self.at + 1..];
        let length = rest.find('$')?;
        let tag = &rest[..length];
        let starts_well = !tag.starts_with(|c: char| c.is_ascii_digit());
        let is_tag = tag
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b >= 128);
        (starts_well && is_tag).then_some(length + 2)
    }

    pub(super) fn colon(&mut self) -> Verdict {
        match self.byte(1) {
            Some(b':') => {
                self.link()?;
                self.push_simple(Token::DoubleColon, 2)
            }
            Some(b'=') if self.engine == Engine::PostgreSql && self.innermost() == b')' => {
                // f(name := value) names an argument; the parser takes it there only.
                self.push_simple(Token::Assignment, 2)
            }
            Some(b'=') => Err(self.deny(Rule::Assignment, ":=")),
            _ if self.parts_pair() => self.push_simple(Token::Comma, 1),
            Some(next) if next.is_ascii_alphabetic() || next == b'_' => self.colon_name(),
            Some(b'0'..=b'9') if self.engine == Engine::Oracle => self.colon_number(),
            _ if self.in_subscript() => self.push_simple(Token::Colon, 1),
            _ => Err(self.deny(Rule::Placeholder, ":")),
        }
    }

    /// `'key': value` in JSON_OBJECT: nowhere else can a colon stand behind an operand there. The parser is told a comma.
    /// Behind a name, a colon that touches a name is a placeholder all the same.
    fn parts_pair(&self) -> bool {
        let touches_name = self
            .byte(1)
            .is_some_and(|next| next.is_ascii_alphanumeric() || next == b'_');
        matches!(self.engine, Engine::Oracle | Engine::PostgreSql)
            && self.innermost() == b')'
            && (matches!(self.last(), Some(Token::SingleQuotedString(_)))
                || (!touches_name && self.after_operand()))
    }

    fn in_subscript(&self) -> bool {
        self.lexis.postgres_operators && self.innermost() == b']'
    }

    fn colon_name(&mut self) -> Verdict {
        if self.in_subscript() && (self.after_operand() || matches!(self.last(), Some(Token::LBracket))) {
            return self.push_simple(Token::Colon, 1);
        }
        self.named()
    }

    /// A sign and a name.
    pub(super) fn named(&mut self) -> Verdict {
        let length = self.bytes[self.at + 1..]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
            .count();
        if self
            .byte(length + 1)
            .is_some_and(|b| b >= 128 || matches!(b, b'$' | b'#'))
        {
            return Err(self.deny(
                Rule::Placeholder,
                "placeholders are named with letters, digits and _",
            ));
        }
        if length == 0 {
            return Err(self.deny(Rule::Placeholder, "use ?, $1 or :name"));
        }
        let name = self.text[self.at + 1..self.at + 1 + length].to_owned();
        self.mark(PlaceholderKey::Name(name), length + 1)
    }

    /// Oracle's own `:1`.
    fn colon_number(&mut self) -> Verdict {
        self.numbered(self.digits_ahead())
    }
}
