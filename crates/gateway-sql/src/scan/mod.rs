//! Our own reading of the raw text, as the engine's lexer would read it.
//!
//! The parser never tokenizes: it gets the tokens made here, so that there is one reading of the text and not two. What
//! an engine could read otherwise, depending on its settings or version, is refused.

mod comments;
mod keywords;
mod lexis;
mod marks;
mod operands;
mod operators;
mod quoted;
pub(crate) mod settings;
mod words;

use gateway_core::{Engine, Placeholder};
use sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan};

use crate::error::{Denial, Rule, Verdict};
use crate::policy::Limits;

pub(crate) use lexis::Lexis;
pub(crate) use operands::ends_operand;

/// A text as tokens. Every span holds byte offsets, counted from 1, in its columns.
#[derive(Debug)]
pub(crate) struct Scanned {
    pub(crate) tokens: Vec<TokenWithSpan>,
    pub(crate) placeholders: Vec<Placeholder>,
    /// Where the statement proper ends: before a final `;`, white space and comments.
    pub(crate) end: usize,
}

/// The byte offset at which a token or node begins.
pub(crate) fn offset_of(span: Span) -> Option<usize> {
    usize::try_from(span.start.column)
        .ok()
        .and_then(|column| column.checked_sub(1))
}

pub(crate) fn span_of(start: usize, end: usize) -> Span {
    Span::new(location(start), location(end))
}

fn location(offset: usize) -> Location {
    Location {
        line: 1,
        column: offset as u64 + 1,
    }
}

/// Reads `text` as `engine` would.
pub(crate) fn scan(engine: Engine, text: &str, limits: &Limits) -> Verdict<Scanned> {
    let mut scanner = Scanner::new(engine, text, limits);
    scanner.run()?;
    scanner.finish()
}

/// An open bracket, or the whole text.
#[derive(Debug, Default)]
struct Level {
    /// The closing character.
    close: u8,
    /// Operators and keywords since the last comma.
    chain: usize,
    /// Commas so far.
    commas: usize,
}

struct Scanner<'t> {
    engine: Engine,
    lexis: &'static Lexis,
    limits: &'t Limits,
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    tokens: Vec<TokenWithSpan>,
    placeholders: Vec<Placeholder>,
    /// How many `?` have been seen.
    questions: usize,
    levels: Vec<Level>,
    /// The sum of `chain` over all levels.
    chain: usize,
    cases: usize,
    /// The first `;`.
    semicolon: Option<usize>,
    end: usize,
}

impl<'t> Scanner<'t> {
    fn new(engine: Engine, text: &'t str, limits: &'t Limits) -> Self {
        let mut levels = Vec::with_capacity(8);
        levels.push(Level::default());
        Self {
            engine,
            lexis: Lexis::of(engine),
            limits,
            text,
            bytes: text.as_bytes(),
            at: 0,
            tokens: Vec::with_capacity(text.len() / 4 + 4),
            placeholders: Vec::new(),
            questions: 0,
            levels,
            chain: 0,
            cases: 0,
            semicolon: None,
            end: 0,
        }
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn run(&mut self) -> Verdict {
        while let Some(byte) = self.byte(0) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'-' if self.byte(1) == Some(b'-') => self.dashes()?,
                b'/' if self.byte(1) == Some(b'*') => self.block_comment()?,
                b'#' if self.lexis.hash_comment => self.line_comment(1)?,
                b';' => self.semicolon(),
                _ => {
                    self.check_single_statement()?;
                    self.token(byte)?;
                    if self.tokens.len() > self.limits.max_tokens {
                        return Err(
                            self.deny(Rule::Size, format!("more than {} tokens", self.limits.max_tokens))
                        );
                    }
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Verdict<Scanned> {
        if self.levels.len() > 1 {
            return Err(Denial::new(Rule::Syntax, "a bracket is not closed", self.end));
        }
        if self.tokens.is_empty() {
            return Err(Denial::new(Rule::Empty, "", None));
        }
        Ok(Scanned {
            tokens: self.tokens,
            placeholders: self.placeholders,
            end: self.end,
        })
    }

    fn semicolon(&mut self) {
        self.semicolon.get_or_insert(self.at);
        self.at += 1;
    }

    /// Anything but white space, comments and further semicolons after a `;` is a second statement. Whether the first
    /// was empty makes no difference.
    fn check_single_statement(&self) -> Verdict {
        match self.semicolon {
            Some(_) => Err(self.deny(Rule::MultipleStatements, self.excerpt())),
            None => Ok(()),
        }
    }

    fn token(&mut self, byte: u8) -> Verdict {
        match byte {
            b'\'' => self.string(Prefix::None, 0),
            b'"' | b'`' => self.double_or_backtick(byte),
            b'[' if self.lexis.bracket_names => self.bracket_name(),
            b'[' | b'{' if !self.lexis.brackets.contains(&byte) => {
                Err(self.deny(Rule::Character, self.excerpt()))
            }
            b'(' | b'[' | b'{' => self.open(byte),
            b')' | b']' | b'}' => self.close(byte),
            b',' => self.comma(),
            b'0'..=b'9' => self.number(),
            b'\\' if self.engine == Engine::MariaDb && self.byte(1) == Some(b'N') => self.null(),
            b'.' if self.byte(1).is_some_and(|next| next.is_ascii_digit()) && !self.after_name() => {
                self.number()
            }
            b'.' => self.push_simple(Token::Period, 1),
            b'$' => self.dollar(),
            b'?' => self.question(),
            b':' => self.colon(),
            b'@' => self.at_sign(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            128.. => self.word(),
            b'#' if self.lexis.postgres_operators => self.operator(),
            b'+' | b'-' | b'*' | b'/' | b'<' | b'>' | b'=' | b'~' | b'!' | b'%' | b'^' | b'&' | b'|' => {
                self.operator()
            }
            _ => Err(self.deny(Rule::Character, self.excerpt())),
        }
    }

    /// Adds the token of `length` bytes that begins here.
    fn push(&mut self, token: Token, length: usize) {
        let start = self.at;
        self.at += length;
        self.end = self.at;
        self.tokens.push(TokenWithSpan {
            token,
            span: span_of(start, self.at),
        });
    }

    /// MariaDB's `\N`.
    fn null(&mut self) -> Verdict {
        self.push_simple(Token::make_keyword("NULL"), 2)
    }

    fn push_simple(&mut self, token: Token, length: usize) -> Verdict {
        self.push(token, length);
        Ok(())
    }

    /// Counts a part that can make the syntax tree one level higher.
    fn link(&mut self) -> Verdict {
        self.chain += 1;
        if let Some(level) = self.levels.last_mut() {
            level.chain += 1;
        }
        if self.chain > self.limits.max_chain {
            return Err(self.deny(Rule::Depth, "too many operators in one expression"));
        }
        Ok(())
    }

    fn open(&mut self, byte: u8) -> Verdict {
        let (token, close) = match byte {
            b'(' => (Token::LParen, b')'),
            b'[' => (Token::LBracket, b']'),
            _ => (Token::LBrace, b'}'),
        };
        self.levels.push(Level {
            close,
            ..Level::default()
        });
        self.check_depth()?;
        self.push_simple(token, 1)
    }

    fn check_depth(&self) -> Verdict {
        if self.levels.len() + self.cases > self.limits.max_depth + 1 {
            return Err(self.deny(Rule::Depth, format!("more than {} levels", self.limits.max_depth)));
        }
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Verdict {
        let token = match byte {
            b')' => Token::RParen,
            b']' => Token::RBracket,
            _ => Token::RBrace,
        };
        match self.levels.last() {
            Some(level) if level.close == byte => {
                self.chain -= level.chain;
                self.levels.pop();
                self.push_simple(token, 1)
            }
            _ => Err(self.deny(Rule::Syntax, "a closing bracket without its opening one")),
        }
    }

    fn comma(&mut self) -> Verdict {
        if let Some(level) = self.levels.last_mut() {
            self.chain -= level.chain;
            level.chain = 0;
            level.commas += 1;
            if level.commas >= self.limits.max_in_list {
                return Err(self.deny(
                    Rule::ListSize,
                    format!("more than {} elements", self.limits.max_in_list),
                ));
            }
        }
        self.push_simple(Token::Comma, 1)
    }

    fn innermost(&self) -> u8 {
        self.levels.last().map_or(0, |level| level.close)
    }

    fn last(&self) -> Option<&Token> {
        self.tokens.last().map(|token| &token.token)
    }

    /// Whether the token before ends right here and is a name, so that `.1` is not a number.
    fn after_name(&self) -> bool {
        self.end == self.at
            && matches!(
                self.last(),
                Some(Token::Word(_) | Token::RParen | Token::RBracket)
            )
    }

    /// Whether an operand has just ended, so that an operator or a postfix follows, and no new operand.
    fn after_operand(&self) -> bool {
        self.last().is_some_and(ends_operand)
    }

    fn deny(&self, rule: Rule, what: impl Into<std::borrow::Cow<'static, str>>) -> Denial {
        Denial::new(rule, what, self.at)
    }

    /// The word or character that stands here, for a message.
    fn excerpt(&self) -> String {
        excerpt_at(self.text, self.at)
    }
}

/// The word or character at `at`, for a message: short, and with odd characters spelt out.
pub(crate) fn excerpt_at(text: &str, at: usize) -> String {
    let rest = text.get(at..).unwrap_or_default();
    let word = rest
        .char_indices()
        .find(|(_, c)| !c.is_ascii_alphanumeric() && *c != '_')
        .map_or(rest.len(), |(end, _)| end);
    match (word, rest.chars().next()) {
        (0, Some(c)) if c.is_ascii_graphic() => c.to_string(),
        (0, Some(c)) => format!("U+{:04X}", u32::from(c)),
        (length, _) => rest[..length.min(40)].to_ascii_uppercase(),
    }
}

/// What stands before the opening quote of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prefix {
    None,
    /// `N'…'`
    National,
    /// `E'…'`
    Escape,
    /// `U&'…'`
    Unicode,
    /// `B'…'`
    Bits,
    /// `X'…'`
    Hex,
}
