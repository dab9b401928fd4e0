//! EXPLAIN and DESCRIBE, read from the tokens: the prefix is checked here, the query behind it like any other.

use gateway_core::Engine;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::error::{Denial, Rule, Verdict};
use crate::policy::Explain;
use crate::scan::offset_of;
use crate::tripwires::keyword;

/// What an EXPLAIN or DESCRIBE is about.
pub(crate) enum Explained {
    /// A table.
    Table,
    /// A query, with these tokens.
    Query(Vec<TokenWithSpan>),
}

/// PostgreSQL's options.
const OPTIONS: &[&str] = &[
    "VERBOSE",
    "COSTS",
    "SETTINGS",
    "GENERIC_PLAN",
    "BUFFERS",
    "SUMMARY",
    "MEMORY",
    "FORMAT",
    "ANALYZE",
    "TIMING",
    "WAL",
    "SERIALIZE",
];

/// Those that execute, or mean something only to what does.
const EXECUTING: &[&str] = &["ANALYZE", "TIMING", "WAL", "SERIALIZE"];

/// What a boolean option was set to, if this is known to every version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Switch {
    On,
    Off,
    Odd,
}

impl Switch {
    fn read(value: Option<&str>) -> Self {
        match value {
            None | Some("TRUE" | "ON" | "1") => Self::On,
            Some("FALSE" | "OFF" | "0") => Self::Off,
            Some(_) => Self::Odd,
        }
    }
}

/// Splits the prefix off.
pub(crate) fn check(engine: Engine, explain: Explain, mut tokens: Vec<TokenWithSpan>) -> Verdict<Explained> {
    let reader = Reader {
        tokens: &tokens,
        engine,
        explain,
    };
    let length = match engine {
        Engine::MariaDb if reader.keyword(0) == Some(Keyword::ANALYZE) => reader.mariadb_analyze()?,
        Engine::MySql | Engine::MariaDb => match reader.mysql()? {
            Some(length) => length,
            None => return Ok(Explained::Table),
        },
        Engine::PostgreSql => reader.postgres()?,
        Engine::Sqlite => reader.sqlite()?,
        // EXPLAIN PLAN writes into a table; DESCRIBE belongs to the client.
        Engine::Oracle => return Err(reader.deny(Rule::StatementKind, 0)),
    };
    tokens.drain(..length);
    if tokens.is_empty() {
        return Err(Denial::new(Rule::Syntax, "nothing to explain", None));
    }
    Ok(Explained::Query(tokens))
}

struct Reader<'t> {
    tokens: &'t [TokenWithSpan],
    engine: Engine,
    explain: Explain,
}

impl Reader<'_> {
    fn keyword(&self, index: usize) -> Option<Keyword> {
        self.tokens.get(index).and_then(|t| keyword(&t.token))
    }

    fn word(&self, index: usize) -> Option<String> {
        match self.tokens.get(index).map(|t| &t.token) {
            Some(Token::Word(word)) if word.quote_style.is_none() => Some(word.value.to_ascii_uppercase()),
            _ => None,
        }
    }

    fn is(&self, index: usize, token: &Token) -> bool {
        self.tokens.get(index).is_some_and(|t| &t.token == token)
    }

    fn deny(&self, rule: Rule, index: usize) -> Denial {
        let token = self.tokens.get(index.min(self.tokens.len().saturating_sub(1)));
        let what = token.map_or(String::new(), |t| t.token.to_string().to_ascii_uppercase());
        Denial::new(rule, what, token.and_then(|t| offset_of(t.span)))
    }

    /// EXPLAIN ANALYZE, by the word at `index`: its statement is judged as if it stood alone, for it is executed.
    fn may_execute(&self, index: usize) -> Verdict {
        match self.explain {
            Explain::Analyze => Ok(()),
            Explain::PlanOnly => Err(self.deny(Rule::ExplainAnalyze, index)),
        }
    }

    fn begins_query(&self, index: usize) -> bool {
        self.is(index, &Token::LParen)
            || matches!(
                self.keyword(index),
                Some(Keyword::SELECT | Keyword::WITH | Keyword::VALUES | Keyword::TABLE)
            )
    }

    /// SQLite: EXPLAIN and EXPLAIN QUERY PLAN.
    fn sqlite(&self) -> Verdict<usize> {
        if self.keyword(0) != Some(Keyword::EXPLAIN) {
            return Err(self.deny(Rule::StatementKind, 0));
        }
        if self.keyword(1) == Some(Keyword::QUERY) && self.keyword(2) == Some(Keyword::PLAN) {
            return Ok(3);
        }
        Ok(1)
    }

    /// PostgreSQL: EXPLAIN VERBOSE, EXPLAIN (option, …).
    fn postgres(&self) -> Verdict<usize> {
        if self.keyword(0) != Some(Keyword::EXPLAIN) {
            return Err(self.deny(Rule::StatementKind, 0));
        }
        match self.word(1).as_deref() {
            Some("ANALYZE" | "ANALYSE") => {
                self.may_execute(1)?;
                Ok(2 + usize::from(self.word(2).as_deref() == Some("VERBOSE")))
            }
            Some("VERBOSE") => Ok(2),
            _ if self.is(1, &Token::LParen) && !self.begins_query(2) => self.postgres_options(2),
            _ => Ok(1),
        }
    }

    fn postgres_options(&self, mut index: usize) -> Verdict<usize> {
        let mut seen_analyze = false;
        loop {
            let name = self.word(index).unwrap_or_default();
            let name = if name == "ANALYSE" {
                "ANALYZE".to_owned()
            } else {
                name
            };
            if !OPTIONS.contains(&name.as_str()) {
                return Err(self.deny(Rule::Unsupported, index));
            }
            let option = index;
            index += 1;
            let value = match self.tokens.get(index).map(|t| &t.token) {
                Some(Token::Word(word)) => Some(word.value.to_ascii_uppercase()),
                Some(Token::SingleQuotedString(text) | Token::Number(text, _)) => {
                    Some(text.to_ascii_uppercase())
                }
                _ => None,
            };
            index += usize::from(value.is_some());
            let switch = Switch::read(value.as_deref());
            if EXECUTING.contains(&name.as_str()) && switch != Switch::Off {
                self.may_execute(option)?;
            }
            if name == "ANALYZE" {
                // The last one counts, as of today.
                if seen_analyze || switch == Switch::Odd {
                    return Err(self.deny(Rule::Unsupported, option));
                }
                seen_analyze = true;
            }
            if self.is(index, &Token::RParen) {
                return Ok(index + 1);
            }
            if !self.is(index, &Token::Comma) {
                return Err(self.deny(Rule::Syntax, index));
            }
            index += 1;
        }
    }

    /// MariaDB: ANALYZE \[FORMAT = name\] query. ANALYZE TABLE writes.
    fn mariadb_analyze(&self) -> Verdict<usize> {
        let index = match self.word(1).as_deref() {
            Some("FORMAT") => self.format(1)?,
            _ => 1,
        };
        if !self.begins_query(index) || self.keyword(index) == Some(Keyword::TABLE) {
            return Err(self.deny(Rule::StatementKind, 0));
        }
        self.may_execute(0)?;
        Ok(index)
    }

    /// `FORMAT = name` at `index`; answers what follows it.
    fn format(&self, index: usize) -> Verdict<usize> {
        let is_name = matches!(
            self.tokens.get(index + 2).map(|t| &t.token),
            Some(Token::Word(_) | Token::SingleQuotedString(_))
        );
        match self.is(index + 1, &Token::Eq) && is_name {
            true => Ok(index + 3),
            false => Err(self.deny(Rule::Syntax, index + 1)),
        }
    }

    /// MySQL and MariaDB: EXPLAIN \[EXTENDED | PARTITIONS | FORMAT = name\] query, or a table and a column. `None` is a table.
    fn mysql(&self) -> Verdict<Option<usize>> {
        let mut index = 1;
        match self.word(1).as_deref() {
            Some("ANALYZE") => {
                // MariaDB has its ANALYZE without the EXPLAIN.
                if self.engine == Engine::MariaDb {
                    return Err(self.deny(Rule::ExplainAnalyze, 1));
                }
                self.may_execute(1)?;
                index = 2;
                if self.word(2).as_deref() == Some("FORMAT") {
                    index = self.format(2)?;
                }
            }
            Some("EXTENDED" | "PARTITIONS") if self.begins_query(2) => index = 2,
            Some("FORMAT") if self.is(2, &Token::Eq) => {
                index = self.format(1)?;
                if self.keyword(index) == Some(Keyword::ANALYZE) {
                    return Err(self.deny(Rule::ExplainAnalyze, index));
                }
            }
            _ => {}
        }
        if self.begins_query(index) {
            return Ok(Some(index));
        }
        if index > 1 {
            return Err(self.deny(Rule::StatementKind, index));
        }
        self.table().map(|()| None)
    }

    /// A name, and perhaps a column or a pattern.
    fn table(&self) -> Verdict {
        let is_name = |index: usize| matches!(self.tokens.get(index).map(|t| &t.token), Some(Token::Word(_)));
        let is_statement = matches!(
            self.keyword(1),
            Some(
                Keyword::INSERT
                    | Keyword::UPDATE
                    | Keyword::DELETE
                    | Keyword::REPLACE
                    | Keyword::FOR
                    | Keyword::ALTER
                    | Keyword::CREATE
                    | Keyword::DROP
                    | Keyword::CALL
            )
        );
        if is_statement {
            return Err(self.deny(Rule::StatementKind, 1));
        }
        let mut index = 1;
        if !is_name(index) {
            return Err(self.deny(Rule::Syntax, index));
        }
        index += 1;
        while self.is(index, &Token::Period) && is_name(index + 1) {
            index += 2;
        }
        let is_pattern = matches!(
            self.tokens.get(index).map(|t| &t.token),
            Some(Token::Word(_) | Token::SingleQuotedString(_))
        );
        index += usize::from(is_pattern);
        if index < self.tokens.len() {
            return Err(self.deny(Rule::Syntax, index));
        }
        debug_assert!(matches!(self.engine, Engine::MySql | Engine::MariaDb));
        Ok(())
    }
}
