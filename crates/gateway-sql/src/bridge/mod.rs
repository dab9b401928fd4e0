//! Constructs that an engine has and the parser lacks, put into words that it knows.
//!
//! A bridge may drop or replace keywords, literals, type names and plain names, and nothing that can hold a call or a
//! query: whatever could do harm is still in the tokens that the parser sees and the rules visit. The caller's text is
//! never changed; only the parser's view of it is.

mod common;
mod json;
mod mysql;
mod oracle;
mod postgres;

use gateway_core::Engine;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

use crate::scan::ends_operand;

/// The parser's view of the tokens.
pub(crate) struct Bridged {
    pub(crate) tokens: Vec<TokenWithSpan>,
    /// A limit of its own has been taken out of its view.
    pub(crate) has_hidden_limit: bool,
}

/// Puts what `engine` has into what the parser knows.
pub(crate) fn bridge(engine: Engine, tokens: Vec<TokenWithSpan>) -> Bridged {
    let capacity = tokens.len() + 4;
    let mut bridge = Bridge {
        engine,
        tokens,
        at: 0,
        out: Vec::with_capacity(capacity),
        frames: vec![Frame::default()],
        has_hidden_limit: false,
    };
    while bridge.at < bridge.tokens.len() {
        bridge.step();
    }
    Bridged {
        tokens: bridge.out,
        has_hidden_limit: bridge.has_hidden_limit,
    }
}

/// An open bracket, or the whole text.
#[derive(Debug, Default)]
struct Frame {
    /// The word before it, in upper case: a function, perhaps.
    call: Option<Box<str>>,
    /// It holds tables and joins.
    is_tables: bool,
    /// Behind FROM, before the next clause.
    in_from: bool,
    /// `TO` here belongs to FOR SYSTEM_TIME FROM … TO ….
    spans_time: bool,
}

struct Bridge {
    engine: Engine,
    tokens: Vec<TokenWithSpan>,
    at: usize,
    out: Vec<TokenWithSpan>,
    frames: Vec<Frame>,
    has_hidden_limit: bool,
}

impl Bridge {
    fn step(&mut self) {
        match &self.tokens[self.at].token {
            Token::LParen => self.open(),
            Token::RParen => {
                if self.frames.len() > 1 {
                    self.frames.pop();
                }
                self.copy();
            }
            Token::Comma if self.frame().is_tables => {
                self.keyword("CROSS");
                self.keyword("JOIN");
                self.at += 1;
            }
            Token::Word(word) if word.quote_style.is_none() => {
                let upper = Upper::of(&word.value);
                if !self.word(upper.as_str()) {
                    self.note_clause();
                    self.copy();
                }
            }
            _ => {
                if !self.other() {
                    self.copy();
                }
            }
        }
    }

    /// Applies the first rule that fits the word here; answers whether one did.
    fn word(&mut self, word: &str) -> bool {
        let by_engine = match self.engine {
            Engine::MySql | Engine::MariaDb => self.mysql_word(word),
            Engine::PostgreSql => self.postgres_word(word),
            Engine::Oracle => self.oracle_word(word),
            Engine::Sqlite => self.sqlite_word(word),
        };
        by_engine || self.common_word(word) || self.json_word(word)
    }

    fn other(&mut self) -> bool {
        match self.engine {
            Engine::MySql | Engine::MariaDb => self.mysql_other(),
            Engine::PostgreSql => self.postgres_other(),
            Engine::Oracle => self.oracle_other(),
            Engine::Sqlite => false,
        }
    }

    fn open(&mut self) {
        let call = match self.out.last().map(|t| &t.token) {
            Some(Token::Word(word)) if word.quote_style.is_none() => {
                Some(word.value.to_ascii_uppercase().into_boxed_str())
            }
            _ => None,
        };
        let begins_query = ["SELECT", "WITH", "VALUES", "TABLE"]
            .iter()
            .any(|word| self.is(1, word));
        let in_tables = match self.out.last().map(|t| &t.token) {
            Some(Token::Word(word)) => match word.keyword {
                Keyword::FROM => self.frame().in_from,
                Keyword::JOIN | Keyword::STRAIGHT_JOIN => true,
                _ => false,
            },
            Some(Token::Comma) => self.frame().in_from,
            Some(Token::LParen) => self.frame().is_tables,
            _ => false,
        };
        let is_tables = in_tables && !begins_query;
        self.copy();
        self.frames.push(Frame {
            call,
            is_tables,
            ..Frame::default()
        });
    }

    /// Keeps track of whether a comma here parts tables.
    fn note_clause(&mut self) {
        let Token::Word(word) = &self.tokens[self.at].token else {
            return;
        };
        // IS DISTINCT FROM compares.
        if word.keyword == Keyword::FROM && self.follows(&["DISTINCT"]) {
            return;
        }
        let in_from = match word.keyword {
            // EXTRACT(… FROM …) and its like are calls.
            Keyword::FROM => self.frame().call.is_none() || self.frames.len() == 1,
            Keyword::WHERE
            | Keyword::GROUP
            | Keyword::ORDER
            | Keyword::HAVING
            | Keyword::LIMIT
            | Keyword::UNION
            | Keyword::EXCEPT
            | Keyword::INTERSECT
            | Keyword::SELECT
            | Keyword::ON
            | Keyword::USING
            | Keyword::WINDOW
            | Keyword::START
            | Keyword::CONNECT
            | Keyword::PARTITION
            | Keyword::FETCH
            | Keyword::OFFSET => false,
            _ => return,
        };
        if let Some(frame) = self.frames.last_mut() {
            frame.in_from = in_from;
        }
    }

    fn frame(&self) -> &Frame {
        const WHOLE: &Frame = &Frame {
            call: None,
            is_tables: false,
            in_from: false,
            spans_time: false,
        };
        self.frames.last().unwrap_or(WHOLE)
    }

    /// Whether the brackets around follow this word.
    fn inside(&self, call: &str) -> bool {
        self.frame().call.as_deref() == Some(call)
    }

    fn span(&self) -> Span {
        self.tokens.get(self.at).map_or(Span::empty(), |t| t.span)
    }

    fn copy(&mut self) {
        let Some(token) = self.tokens.get_mut(self.at) else {
            return;
        };
        let span = token.span;
        let token = std::mem::replace(&mut token.token, Token::EOF);
        self.out.push(TokenWithSpan { token, span });
        self.at += 1;
    }

    fn put(&mut self, token: Token) {
        let span = self.span();
        self.out.push(TokenWithSpan { token, span });
    }

    fn keyword(&mut self, word: &str) {
        self.put(Token::make_keyword(word));
    }

    /// Leaves out the next `count` tokens.
    fn skip(&mut self, count: usize) -> bool {
        self.at += count;
        true
    }

    /// Puts `word` in place of the next `count` tokens.
    fn replace(&mut self, count: usize, word: &str) -> bool {
        self.keyword(word);
        self.skip(count)
    }

    fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead).map(|t| &t.token)
    }

    /// Whether the token `ahead` is this unquoted word.
    fn is(&self, ahead: usize, word: &str) -> bool {
        matches!(self.peek(ahead), Some(Token::Word(w)) if w.quote_style.is_none() && w.value.eq_ignore_ascii_case(word))
    }

    fn is_one(&self, ahead: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(ahead, word))
    }

    fn is_token(&self, ahead: usize, token: &Token) -> bool {
        self.peek(ahead) == Some(token)
    }

    fn is_name(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), Some(Token::Word(_)))
    }

    fn is_literal(&self, ahead: usize) -> bool {
        matches!(
            self.peek(ahead),
            Some(
                Token::Number(..)
                    | Token::SingleQuotedString(_)
                    | Token::HexStringLiteral(_)
                    | Token::SingleQuotedByteStringLiteral(_)
                    | Token::NationalStringLiteral(_)
            )
        )
    }

    /// The token before, in the parser's view.
    fn before(&self) -> Option<&Token> {
        self.out.last().map(|t| &t.token)
    }

    fn follows(&self, words: &[&str]) -> bool {
        matches!(self.before(), Some(Token::Word(w)) if w.quote_style.is_none()
            && words.iter().any(|word| w.value.eq_ignore_ascii_case(word)))
    }

    fn after_operand(&self) -> bool {
        self.before().is_some_and(ends_operand)
    }

    /// The length of a group of brackets with numbers and nothing else, beginning `ahead`; 0 if there is none.
    fn numbers(&self, ahead: usize) -> usize {
        if !self.is_token(ahead, &Token::LParen) {
            return 0;
        }
        let mut index = ahead + 1;
        while matches!(self.peek(index), Some(Token::Number(..) | Token::Comma)) {
            index += 1;
        }
        if self.is_token(index, &Token::RParen) {
            index + 1 - ahead
        } else {
            0
        }
    }

    /// The length of a list of plain names parted by commas and periods, beginning `ahead`.
    fn names(&self, ahead: usize) -> usize {
        let mut index = ahead;
        while self.is_name(index) {
            index += 1;
            if matches!(self.peek(index), Some(Token::Comma | Token::Period)) && self.is_name(index + 1) {
                index += 1;
            } else {
                break;
            }
        }
        index - ahead
    }
}

/// A word in upper case without a heap allocation; long words are no keywords and come out empty.
struct Upper {
    bytes: [u8; 24],
    length: usize,
}

impl Upper {
    fn of(word: &str) -> Self {
        let mut bytes = [0; 24];
        let length = if word.len() <= bytes.len() && word.is_ascii() {
            word.len()
        } else {
            0
        };
        for (to, from) in bytes.iter_mut().zip(&word.as_bytes()[..length]) {
            *to = from.to_ascii_uppercase();
        }
        Self { bytes, length }
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}
