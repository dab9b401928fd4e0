//! Unquoted names, keywords, numbers and variables.

use gateway_core::Engine;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::{Prefix, Scanner, keywords};
use crate::error::{Rule, Verdict};

impl Scanner<'_> {
    pub(super) fn word(&mut self) -> Verdict {
        if self.string_prefix()? {
            return Ok(());
        }
        let length = self.name_length(self.at)?;
        if length == 0 {
            return Err(self.deny(Rule::Character, self.excerpt()));
        }
        let mut token = keywords::word(&self.text[self.at..self.at + length]);
        if let Token::Word(word) = &mut token {
            self.count_word(word.keyword)?;
            if is_foreign(self.engine, word.keyword) {
                word.keyword = Keyword::NoKeyword;
            }
        }
        self.push_simple(token, length)
    }

    /// Keywords make the tree higher; CASE makes it deeper.
    fn count_word(&mut self, keyword: Keyword) -> Verdict {
        match keyword {
            Keyword::NoKeyword => Ok(()),
            Keyword::CASE => {
                self.cases += 1;
                self.check_depth()?;
                self.link()
            }
            Keyword::END => {
                self.cases = self.cases.saturating_sub(1);
                Ok(())
            }
            _ => self.link(),
        }
    }

    /// Strings that begin with a letter: `N'…'`, `E'…'`, `U&'…'`, `B'…'`, `X'…'`, `q'[…]'`. Answers whether there was one.
    fn string_prefix(&mut self) -> Verdict<bool> {
        let lexis = self.lexis;
        let Some(first) = self.byte(0) else {
            return Ok(false);
        };
        match (first, self.byte(1), self.byte(2)) {
            (b'q' | b'Q', Some(b'\''), _) if lexis.alternative_quoting => self.alternative(1)?,
            (b'n' | b'N', Some(b'q' | b'Q'), Some(b'\'')) if lexis.alternative_quoting => {
                self.alternative(2)?;
            }
            (b'n' | b'N', Some(b'\''), _) if lexis.national_strings => self.string(Prefix::National, 1)?,
            (b'e' | b'E', Some(b'\''), _) if lexis.escape_strings => self.string(Prefix::Escape, 1)?,
            (b'b' | b'B', Some(b'\''), _) if lexis.bit_strings => self.string(Prefix::Bits, 1)?,
            (b'x' | b'X', Some(b'\''), _) if lexis.hex_strings => self.string(Prefix::Hex, 1)?,
            (b'u' | b'U', Some(b'&'), Some(b'\'')) if lexis.escape_strings => {
                self.string(Prefix::Unicode, 2)?;
            }
            (b'u' | b'U', Some(b'&'), Some(b'"')) if lexis.escape_strings => self.unicode_name()?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The length of the unquoted name that begins at `start`.
    fn name_length(&self, start: usize) -> Verdict<usize> {
        let mut at = start;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => at += 1,
                b'$' if self.lexis.dollar_in_names => at += 1,
                b'#' if self.lexis.hash_in_names => at += 1,
                128.. => match self.text[at..].chars().next() {
                    Some(c) if is_name_character(c) => at += c.len_utf8(),
                    _ => {
                        return Err(crate::error::Denial::new(
                            Rule::Character,
                            super::excerpt_at(self.text, at),
                            at,
                        ));
                    }
                },
                _ => break,
            }
        }
        Ok(at - start)
    }

    pub(super) fn number(&mut self) -> Verdict {
        let rest = &self.bytes[self.at..];
        if self.lexis.hex_numbers
            && rest.len() > 2
            && rest[0] == b'0'
            && matches!(rest[1], b'x' | b'X' | b'b' | b'B')
        {
            return self.radix_number(rest[1]);
        }
        let mut length = self.digits(0);
        if self.lexis.digit_names && self.is_digit_name(length)? {
            let length = self.name_length(self.at)?;
            let token = keywords::word(&self.text[self.at..self.at + length]);
            return self.push_simple(token, length);
        }
        if self.byte(length) == Some(b'.') && self.byte(length + 1) != Some(b'.') {
            length += 1;
            length += self.digits(length);
        }
        length += self.exponent(length);
        if self.engine == Engine::Oracle && matches!(self.byte(length), Some(b'f' | b'F' | b'd' | b'D')) {
            let number = self.text[self.at..self.at + length].to_owned();
            return self.push_number(number, length + 1);
        }
        let number = self.text[self.at..self.at + length].to_owned();
        self.push_number(number, length)
    }

    fn push_number(&mut self, number: String, length: usize) -> Verdict {
        // `1a` is a number and a name to some versions, one name or a fault to others.
        // Oracle reads a whole number, and then a name; where the first letter could belong to the number, nobody knows.
        let splits = self.engine == Engine::Oracle
            && number.len() == length
            && number.bytes().all(|b| b.is_ascii_digit())
            && self.byte(length).is_some_and(|b| {
                b.is_ascii_alphabetic() && !matches!(b, b'e' | b'E' | b'f' | b'F' | b'd' | b'D')
            });
        let runs_on = |byte: u8| {
            byte.is_ascii_alphanumeric()
                || byte == b'_'
                || byte >= 128
                || (byte == b'$' && self.lexis.dollar_in_names)
                || (byte == b'#' && self.lexis.hash_in_names)
        };
        if !splits && self.byte(length).is_some_and(runs_on) {
            return Err(self.deny(Rule::Ambiguous, "a number that runs into a name"));
        }
        self.push_simple(Token::Number(number, false), length)
    }

    fn digits(&self, from: usize) -> usize {
        let rest = &self.bytes[(self.at + from).min(self.bytes.len())..];
        rest.iter()
            .take_while(|b| b.is_ascii_digit() || (self.lexis.number_underscores && **b == b'_'))
            .count()
    }

    fn exponent(&self, from: usize) -> usize {
        if !matches!(self.byte(from), Some(b'e' | b'E')) {
            return 0;
        }
        let sign = usize::from(matches!(self.byte(from + 1), Some(b'+' | b'-')));
        match self.digits(from + 1 + sign) {
            0 => 0,
            digits => 1 + sign + digits,
        }
    }

    fn radix_number(&mut self, radix: u8) -> Verdict {
        let hex = matches!(radix, b'x' | b'X');
        let digits = self.bytes[self.at + 2..]
            .iter()
            .take_while(|b| {
                if hex {
                    b.is_ascii_hexdigit()
                } else {
                    matches!(b, b'0' | b'1')
                }
            })
            .count();
        if digits == 0 {
            return Err(self.deny(Rule::Ambiguous, "a malformed number"));
        }
        let length = digits + 2;
        let text = &self.text[self.at..self.at + length];
        if self.engine == Engine::PostgreSql {
            let text = text.to_owned();
            return self.push_number(text, length);
        }
        let content = text[2..].to_owned();
        self.push_number(content, length)
    }

    /// MySQL takes `2024_sales` for a name. What could also be a number with an exponent is refused later.
    fn is_digit_name(&self, digits: usize) -> Verdict<bool> {
        Ok(match self.byte(digits) {
            Some(b'e' | b'E' | b'x' | b'X' | b'b' | b'B') => false,
            Some(b) => b.is_ascii_alphabetic() || b == b'_',
            None => false,
        })
    }

    /// `@`: a variable on MySQL, an operator on PostgreSQL, a link to another database on Oracle.
    pub(super) fn at_sign(&mut self) -> Verdict {
        if self.lexis.postgres_operators {
            return self.operator();
        }
        if !self.lexis.variables {
            return Err(match self.engine {
                Engine::Oracle => self.deny(Rule::DatabaseLink, "@"),
                _ => return self.named(),
            });
        }
        let signs = if self.byte(1) == Some(b'@') { 2 } else { 1 };
        if let (1, Some(quote @ (b'`' | b'\'' | b'"'))) = (signs, self.byte(1)) {
            let rest = &self.text[self.at + 2..];
            let Some(length) = rest.find(char::from(quote)) else {
                return Err(self.deny(Rule::Unterminated, "quoted name"));
            };
            let name = &rest[..length];
            if name.contains(['\\', '\0']) || rest[length + 1..].starts_with(char::from(quote)) {
                return Err(self.deny(Rule::Ambiguous, "an escape in a variable's name"));
            }
            let token = Token::make_word(&format!("@{name}"), Some('`'));
            return self.push_simple(token, length + 3);
        }
        let length = self.name_length(self.at + signs)?;
        if length == 0 {
            return Err(self.deny(Rule::Character, "@"));
        }
        let token = keywords::word(&self.text[self.at..self.at + signs + length]);
        self.push_simple(token, signs + length)
    }
}

/// Letters and digits of all scripts, and pictographs. Spaces, joiners and look-alikes of punctuation are left out.
fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{1F300}'..='\u{1FAFF}')
}

/// Keywords of other engines that are plain names to this one.
fn is_foreign(engine: Engine, keyword: Keyword) -> bool {
    match keyword {
        Keyword::TOP
        | Keyword::SEMI
        | Keyword::ANTI
        | Keyword::ASOF
        | Keyword::PREWHERE
        | Keyword::SETTINGS
        | Keyword::GLOBAL
        | Keyword::CLUSTER
        | Keyword::DISTRIBUTE
        | Keyword::SORT
        | Keyword::EXCLUDE
        | Keyword::FORMAT
        | Keyword::STRUCT
        | Keyword::TRY_CAST
        | Keyword::TRY_CONVERT
        | Keyword::SAFE_CAST => true,
        Keyword::MINUS
        | Keyword::PIVOT
        | Keyword::UNPIVOT
        | Keyword::MATCH_RECOGNIZE
        | Keyword::START
        | Keyword::CONNECT
        | Keyword::PRIOR
        | Keyword::SAMPLE => engine != Engine::Oracle,
        // Elsewhere it is a function like others; the parser would take an argument for a type, and not look at it.
        Keyword::CONVERT => !matches!(engine, Engine::MySql | Engine::MariaDb),
        Keyword::ILIKE | Keyword::SIMILAR => engine != Engine::PostgreSql,
        Keyword::TABLESAMPLE => matches!(engine, Engine::Sqlite | Engine::Oracle),
        // MySQL reads it since 9.
        Keyword::QUALIFY => engine != Engine::MySql,
        Keyword::ARRAY => matches!(engine, Engine::MySql | Engine::MariaDb | Engine::Sqlite),
        Keyword::VIEW => matches!(engine, Engine::MySql | Engine::MariaDb),
        _ => false,
    }
}
