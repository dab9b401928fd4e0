//! Strings and quoted names: where each ends decides what else is SQL.

use sqlparser::ast::DollarQuotedString;
use sqlparser::tokenizer::Token;

use super::{Prefix, Scanner};
use crate::error::{Denial, Rule, Verdict};

impl Scanner<'_> {
    /// A single-quoted string whose quote stands `prefix_length` bytes ahead.
    pub(super) fn string(&mut self, prefix: Prefix, prefix_length: usize) -> Verdict {
        let backslash = match prefix {
            Prefix::Escape => true,
            Prefix::None => self.lexis.backslash || self.continues_escape_string()?,
            Prefix::National => self.lexis.backslash,
            Prefix::Unicode | Prefix::Bits | Prefix::Hex => false,
        };
        let quote = self.at + prefix_length;
        let after = self.quoted_end(quote, b'\'', backslash, "string")?;
        let content = &self.text[quote + 1..after - 1];
        self.check_literal(prefix, content)?;
        let content = content.to_owned();
        let token = match prefix {
            Prefix::None => Token::SingleQuotedString(content),
            Prefix::National => Token::NationalStringLiteral(content),
            Prefix::Escape => Token::EscapedStringLiteral(content),
            Prefix::Unicode => Token::UnicodeStringLiteral(content),
            Prefix::Bits => Token::SingleQuotedByteStringLiteral(content),
            Prefix::Hex => Token::HexStringLiteral(content),
        };
        self.push_or_join(token, after - self.at)
    }

    fn check_literal(&self, prefix: Prefix, content: &str) -> Verdict {
        let well_formed = match prefix {
            Prefix::Bits => content.bytes().all(|b| matches!(b, b'0' | b'1')),
            Prefix::Hex => content.bytes().all(|b| b.is_ascii_hexdigit()),
            Prefix::None | Prefix::National | Prefix::Escape | Prefix::Unicode => true,
        };
        if well_formed {
            Ok(())
        } else {
            Err(self.deny(Rule::Syntax, "a malformed binary literal"))
        }
    }

    /// On PostgreSQL a string that follows an escape string on another line is its continuation, backslashes included.
    fn continues_escape_string(&self) -> Verdict<bool> {
        if !matches!(self.last(), Some(Token::EscapedStringLiteral(_))) {
            return Ok(false);
        }
        let gap = &self.text[self.end..self.at];
        if gap.contains('\n') && !gap.contains("/*") {
            Ok(true)
        } else {
            Err(self.deny(Rule::Syntax, "a string behind a string"))
        }
    }

    /// Strings on lines of their own are one string on PostgreSQL.
    fn push_or_join(&mut self, token: Token, length: usize) -> Verdict {
        let gap = &self.text[self.end..self.at];
        if self.lexis.postgres_operators
            && gap.contains('\n')
            && !gap.contains("/*")
            && let Token::SingleQuotedString(tail) = &token
            && let Some(last) = self.tokens.last_mut()
            && let Token::SingleQuotedString(head) | Token::EscapedStringLiteral(head) = &mut last.token
        {
            head.push_str(tail);
            self.at += length;
            self.end = self.at;
            last.span = super::span_of(super::offset_of(last.span).unwrap_or_default(), self.at);
            return Ok(());
        }
        self.push_simple(token, length)
    }

    /// The offset behind the closing quote.
    fn quoted_end(&self, open: usize, quote: u8, backslash: bool, what: &'static str) -> Verdict<usize> {
        let mut at = open + 1;
        loop {
            match self.bytes.get(at) {
                None => return Err(Denial::new(Rule::Unterminated, what, open)),
                Some(0) => return Err(Denial::new(Rule::Character, "U+0000", at)),
                Some(b'\\') if backslash => at += 2,
                Some(byte) if *byte == quote => {
                    if self.bytes.get(at + 1) != Some(&quote) {
                        return Ok(at + 1);
                    }
                    at += 2;
                }
                Some(_) => at += 1,
            }
        }
    }

    pub(super) fn double_or_backtick(&mut self, quote: u8) -> Verdict {
        if quote == b'"' && self.lexis.double_quoted_strings {
            let after = self.quoted_end(self.at, quote, self.lexis.backslash, "string")?;
            let content = self.text[self.at + 1..after - 1].to_owned();
            // A string to MySQL; the parser takes either form, so give it the one that is never a name.
            return self.push_simple(Token::SingleQuotedString(content), after - self.at);
        }
        if quote == b'`' && !self.lexis.backtick_names {
            return Err(self.deny(Rule::Character, "`"));
        }
        let after = self.quoted_end(self.at, quote, false, "quoted name")?;
        let content = &self.text[self.at + 1..after - 1];
        let name = unquote(content, quote);
        self.push_name(&name, char::from(quote), after - self.at)
    }

    pub(super) fn bracket_name(&mut self) -> Verdict {
        let rest = &self.text[self.at + 1..];
        let Some(length) = rest.find(']') else {
            return Err(self.deny(Rule::Unterminated, "quoted name"));
        };
        let name = rest[..length].to_owned();
        self.push_name(&name, '[', length + 2)
    }

    fn push_name(&mut self, name: &str, quote: char, length: usize) -> Verdict {
        if name.contains('\0') {
            return Err(self.deny(Rule::Character, "U+0000"));
        }
        self.push_simple(Token::make_word(name, Some(quote)), length)
    }

    /// `U&"…"`: a name with escapes.
    pub(super) fn unicode_name(&mut self) -> Verdict {
        let quote = self.at + 2;
        let after = self.quoted_end(quote, b'"', false, "quoted name")?;
        let content = unquote(&self.text[quote + 1..after - 1], b'"');
        let Some(name) = decode_unicode(&content) else {
            return Err(self.deny(Rule::Ambiguous, "a malformed Unicode escape"));
        };
        self.push_name(&name, '"', after - self.at)
    }

    /// `q'[…]'`, with the quote `prefix_length` bytes ahead.
    pub(super) fn alternative(&mut self, prefix_length: usize) -> Verdict {
        let quote = self.at + prefix_length;
        let Some(open) = self.text.get(quote + 1..).and_then(|rest| rest.chars().next()) else {
            return Err(self.deny(Rule::Unterminated, "string"));
        };
        let close = match open {
            '[' => ']',
            '{' => '}',
            '<' => '>',
            '(' => ')',
            // Oracle forbids white space as the delimiter; keep to characters that mean the same everywhere.
            other if other.is_ascii_graphic() => other,
            _ => return Err(self.deny(Rule::Ambiguous, "an odd string delimiter")),
        };
        let body = quote + 1 + open.len_utf8();
        let mut end = String::with_capacity(2);
        end.push(close);
        end.push('\'');
        let Some(length) = self.text[body..].find(&end) else {
            return Err(self.deny(Rule::Unterminated, "string"));
        };
        let content = self.text[body..body + length].to_owned();
        if content.contains('\0') {
            return Err(self.deny(Rule::Character, "U+0000"));
        }
        let after = body + length + end.len();
        self.push_simple(Token::SingleQuotedString(content), after - self.at)
    }

    /// `$tag$ … $tag$`, of which the opening tag is `tag` long.
    pub(super) fn dollar_string(&mut self, tag: usize) -> Verdict {
        let open = &self.text[self.at..self.at + tag];
        let body = self.at + tag;
        let Some(length) = self.text[body..].find(open) else {
            return Err(self.deny(Rule::Unterminated, "string"));
        };
        let content = self.text[body..body + length].to_owned();
        if content.contains('\0') {
            return Err(self.deny(Rule::Character, "U+0000"));
        }
        let token = Token::DollarQuotedString(DollarQuotedString {
            value: content,
            tag: Some(open.trim_matches('$').to_owned()).filter(|tag| !tag.is_empty()),
        });
        self.push_simple(token, tag + length + tag)
    }
}

fn unquote(content: &str, quote: u8) -> String {
    let quote = char::from(quote);
    if !content.contains(quote) {
        return content.to_owned();
    }
    let mut name = String::with_capacity(content.len());
    let mut chars = content.chars();
    while let Some(c) = chars.next() {
        if c == quote {
            chars.next();
        }
        name.push(c);
    }
    name
}

/// Resolves `\XXXX`, `\+XXXXXX` and `\\`.
fn decode_unicode(content: &str) -> Option<String> {
    let mut name = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find('\\') {
        name.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('\\') {
            name.push('\\');
            rest = after;
            continue;
        }
        let (digits, length) = match rest.strip_prefix('+') {
            Some(after) => (after.get(..6)?, 7),
            None => (rest.get(..4)?, 4),
        };
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let code = u32::from_str_radix(digits, 16).ok()?;
        name.push(char::from_u32(code).filter(|c| *c != '\0')?);
        rest = &rest[length..];
    }
    name.push_str(rest);
    Some(name)
}
