//! From a text to a verdict.

use gateway_core::{ApprovedSql, Engine, StatementKind};
use sqlparser::ast::Query;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::error::{Denial, Rejection, Rule, Verdict};
use crate::rules::Checker;
use crate::scan::{Scanned, offset_of};
use crate::survey::{Notes, Survey};
use crate::{Policy, bridge, dialect, explain, params, row_cap, scan, show, tripwires};

/// How deep the parser may recurse. It is above what [`crate::Limits::max_depth`] lets through by default, because one
/// level of brackets takes the parser several calls.
const PARSER_RECURSION: usize = 400;

/// Approves read-only statements for one engine under one policy. Cheap to make, cheap to share.
///
/// ```
/// use gateway_core::Engine;
/// use gateway_sql::{Policy, Rule, Validator};
///
/// let validator = Validator::new(Engine::PostgreSql, Policy::default());
/// assert!(validator.approve("SELECT id FROM orders WHERE total > $1").is_ok());
/// let rejection = validator.approve("DELETE FROM orders").unwrap_err();
/// assert_eq!(rejection.rule(), Rule::StatementKind);
/// assert_eq!(rejection.to_string(), "Only read-only statements are allowed: DELETE");
/// ```
#[derive(Debug, Clone)]
pub struct Validator {
    engine: Engine,
    policy: Policy,
}

impl Validator {
    /// A validator for `engine`.
    #[must_use]
    pub fn new(engine: Engine, policy: Policy) -> Self {
        Self { engine, policy }
    }

    /// The engine it reads for.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The policy it applies.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Approves `text` if it is exactly one statement that can only read.
    ///
    /// # Errors
    ///
    /// If it does not parse, is not a read, or holds anything that is not known to be harmless.
    pub fn approve(&self, text: &str) -> Result<ApprovedSql, Rejection> {
        self.judge(text, None)
            .map_err(|denial| Rejection::locate(denial, text))
    }

    /// Judges `text` as [`Validator::approve`] does, and tells what it calls and reads.
    ///
    /// # Errors
    ///
    /// As for [`Validator::approve`].
    pub fn survey(&self, text: &str) -> Result<Survey, Rejection> {
        let notes = Notes::default();
        let approved = self
            .judge(text, Some(&notes))
            .map_err(|denial| Rejection::locate(denial, text))?;
        Ok(notes.finish(approved.kind()))
    }

    fn judge(&self, text: &str, notes: Option<&Notes>) -> Verdict<ApprovedSql> {
        let limit = self.policy.limits.max_text_bytes;
        if text.len() > limit {
            return Err(Denial::new(
                Rule::TextLength,
                format!("{} bytes, {limit} are allowed", text.len()),
                None,
            ));
        }
        let mut scanned = scan::scan(self.engine, text, &self.policy.limits)?;
        let first = statement_word(self.engine, &scanned.tokens)?;
        tripwires::check(self.engine, &scanned.tokens)?;
        params::settle_sites(&mut scanned);
        let (kind, cap) = self.statement(first, &mut scanned, notes)?;
        scan::settings::check(self.engine, text)?;
        Ok(approved(self.engine, kind, text, scanned, cap))
    }

    /// Judges the statement by its first word; answers its kind and whether rows may be capped.
    fn statement(
        &self,
        first: Keyword,
        scanned: &mut Scanned,
        notes: Option<&Notes>,
    ) -> Verdict<(StatementKind, bool)> {
        let tokens = std::mem::take(&mut scanned.tokens);
        match first {
            Keyword::SELECT | Keyword::WITH | Keyword::VALUES | Keyword::TABLE => {
                let (query, has_hidden_limit) = self.query(tokens, notes)?;
                let cap = !has_hidden_limit && row_cap::may_append(self.engine, &query);
                Ok((StatementKind::Query, cap))
            }
            Keyword::SHOW => {
                if let Some(condition) = show::check(self.engine, &tokens)? {
                    self.query(condition, notes)?;
                }
                Ok((StatementKind::Show, false))
            }
            _ => match explain::check(self.engine, self.policy.explain, tokens)? {
                explain::Explained::Table => Ok((StatementKind::Describe, false)),
                explain::Explained::Query(tokens) => {
                    statement_word(self.engine, &tokens)?;
                    self.query(tokens, notes)?;
                    Ok((StatementKind::Explain, false))
                }
            },
        }
    }

    /// Parses and checks a query; answers whether a limit was hidden from the parser, too.
    fn query(&self, tokens: Vec<TokenWithSpan>, notes: Option<&Notes>) -> Verdict<(Box<Query>, bool)> {
        let end = tokens.last().and_then(|token| offset_of(token.span));
        let bridged = bridge::bridge(self.engine, tokens);
        let grammar = dialect::grammar(self.engine);
        let mut parser = Parser::new(&grammar)
            .with_recursion_limit(PARSER_RECURSION)
            .with_tokens_with_locations(bridged.tokens);
        let query = parser.parse_query().map_err(|error| syntax(error, end))?;
        let rest = parser.next_token();
        if rest.token != Token::EOF {
            return Err(Denial::new(
                Rule::Syntax,
                format!("unexpected {}", rest.token),
                offset_of(rest.span),
            ));
        }
        Checker::new(self.engine, &self.policy, notes).statement(&query)?;
        Ok((query, bridged.has_hidden_limit))
    }
}

/// The first word of the statement, which must be one that can begin a read.
fn statement_word(engine: Engine, tokens: &[TokenWithSpan]) -> Verdict<Keyword> {
    let first = tokens.iter().find(|token| token.token != Token::LParen);
    let Some(first) = first else {
        return Err(Denial::new(Rule::Syntax, "the statement has no words", None));
    };
    let at = offset_of(first.span);
    let Token::Word(word) = &first.token else {
        return Err(Denial::new(
            Rule::Syntax,
            format!("unexpected {}", first.token),
            at,
        ));
    };
    let is_bracketed = tokens.first() != Some(first);
    match word.keyword {
        Keyword::SELECT | Keyword::WITH | Keyword::VALUES | Keyword::TABLE => Ok(word.keyword),
        Keyword::SHOW | Keyword::DESCRIBE | Keyword::DESC | Keyword::EXPLAIN if !is_bracketed => {
            Ok(word.keyword)
        }
        Keyword::ANALYZE if engine == Engine::MariaDb && !is_bracketed => Ok(word.keyword),
        _ if is_odd_statement(&word.value) => Err(Denial::new(
            Rule::StatementKind,
            word.value.to_ascii_uppercase(),
            at,
        )),
        Keyword::NoKeyword => Err(Denial::new(
            Rule::Syntax,
            format!("unexpected {}", word.value),
            at,
        )),
        _ => Err(Denial::new(
            Rule::StatementKind,
            word.value.to_ascii_uppercase(),
            at,
        )),
    }
}

/// Statements whose first word is none of the parser's keywords.
fn is_odd_statement(word: &str) -> bool {
    [
        "SHUTDOWN",
        "HELP",
        "BINLOG",
        "CHECKPOINT",
        "CLUSTER",
        "FLASHBACK",
        "PURGE",
        "HANDLER",
        "XA",
        "DO",
        "MOVE",
        "START",
        "RENAME",
        "AUDIT",
        "NOAUDIT",
        "ADMINISTER",
        "DETACH",
    ]
    .iter()
    .any(|statement| statement.eq_ignore_ascii_case(word))
}

#[allow(
    clippy::disallowed_methods,
    reason = "this is the one place that approves, after every check has passed"
)]
fn approved(engine: Engine, kind: StatementKind, text: &str, scanned: Scanned, cap: bool) -> ApprovedSql {
    let site = cap.then_some(scanned.end);
    ApprovedSql::assert_approved(engine, kind, text.to_owned(), scanned.placeholders, site)
}

/// The parser's complaint, with the offset that its own words for a position stand for.
fn syntax(error: ParserError, end: Option<usize>) -> Denial {
    match error {
        ParserError::RecursionLimitExceeded => {
            Denial::new(Rule::Depth, "the parser's limit is reached", None)
        }
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => {
            match message.split_once(" at Line: ") {
                Some((what, place)) => {
                    let column = place
                        .split_once("Column: ")
                        .and_then(|(_, column)| column.trim().parse::<usize>().ok());
                    Denial::new(
                        Rule::Syntax,
                        what.to_owned(),
                        column.and_then(|c| c.checked_sub(1)).or(end),
                    )
                }
                None => Denial::new(Rule::Syntax, message, end),
            }
        }
    }
}
