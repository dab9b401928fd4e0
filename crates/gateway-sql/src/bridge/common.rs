//! What several engines share, and SQLite.

use gateway_core::Engine;
use sqlparser::tokenizer::Token;

use super::Bridge;

impl Bridge {
    pub(super) fn common_word(&mut self, word: &str) -> bool {
        match word {
            // A window frame's exclusion.
            "EXCLUDE" if self.follows(&["ROW", "PRECEDING", "FOLLOWING"]) => {
                match (
                    self.is_one(1, &["CURRENT", "NO"]),
                    self.is_one(1, &["GROUP", "TIES"]),
                ) {
                    (true, _) => self.skip(3),
                    (_, true) => self.skip(2),
                    _ => false,
                }
            }
            "INTERVAL" if self.is_named_interval() => {
                self.put(Token::make_word("interval", Some('"')));
                self.skip(1)
            }
            "LEADING" | "TRAILING" | "BOTH" if self.inside("TRIM") && self.is(1, "FROM") => self.skip(2),
            // XMLQUERY('…' PASSING BY VALUE x RETURNING CONTENT), XMLEXISTS(…).
            "PASSING" if self.in_xml_call() => {
                self.put(Token::Comma);
                let by = self.is(1, "BY") && self.is_one(2, &["VALUE", "REF"]);
                self.skip(if by { 3 } else { 1 })
            }
            "DOCUMENT" | "CONTENT"
                if self.before() == Some(&Token::LParen)
                    && self.inside("XMLSERIALIZE")
                    && !matches!(self.peek(1), Some(Token::RParen | Token::Comma | Token::Period)) =>
            {
                self.skip(1)
            }
            "AS" if self.inside("XMLSERIALIZE") && self.is_name(1) => {
                let length = self.type_length(1);
                self.skip(1 + length)
            }
            "RETURNING" if self.in_xml_call() && self.is(1, "CONTENT") => self.skip(2),
            "SEARCH" | "CYCLE" if self.before() == Some(&Token::RParen) => self.recursion(),
            "ISNULL" | "NOTNULL"
                if matches!(self.engine, Engine::Sqlite | Engine::PostgreSql)
                    && self.after_operand()
                    && !self.is_token(1, &Token::LParen) =>
            {
                self.keyword("IS");
                if word == "NOTNULL" {
                    self.keyword("NOT");
                }
                self.replace(1, "NULL")
            }
            _ => false,
        }
    }

    /// A column of this name: no literal follows, and no type stands here. The parser would take the next word, FROM
    /// included, for the literal. MySQL reserves the word.
    fn is_named_interval(&self) -> bool {
        let may_name = match self.engine {
            Engine::PostgreSql | Engine::Oracle | Engine::Sqlite => true,
            Engine::MySql | Engine::MariaDb => false,
        };
        let is_type = self.after_operand()
            || self.follows(&["AS"])
            || matches!(self.before(), Some(Token::DoubleColon | Token::Period));
        let has_literal = self.is_literal(1)
            || matches!(
                self.peek(1),
                Some(
                    Token::LParen
                        | Token::Placeholder(_)
                        | Token::EscapedStringLiteral(_)
                        | Token::UnicodeStringLiteral(_)
                        | Token::DollarQuotedString(_)
                )
            );
        may_name && !is_type && !has_literal
    }

    fn in_xml_call(&self) -> bool {
        self.inside("XMLQUERY") || self.inside("XMLEXISTS")
    }

    /// SEARCH and CYCLE behind a recursive WITH: names and literals.
    fn recursion(&mut self) -> bool {
        let length = if self.is(0, "SEARCH") {
            self.search()
        } else {
            self.cycle()
        };
        match length {
            Some(length) => self.skip(length),
            None => false,
        }
    }

    /// SEARCH DEPTH FIRST BY a, b SET c, with ASC, DESC and NULLS on Oracle.
    fn search(&self) -> Option<usize> {
        if !(self.is_one(1, &["DEPTH", "BREADTH"]) && self.is(2, "FIRST") && self.is(3, "BY")) {
            return None;
        }
        let mut index = 4;
        loop {
            if self.is(index, "SET") {
                return self.is_name(index + 1).then_some(index + 2);
            }
            if !(self.is_name(index) || matches!(self.peek(index), Some(Token::Comma | Token::Period))) {
                return None;
            }
            index += 1;
        }
    }

    /// CYCLE a, b SET c TO 1 DEFAULT 0 USING d, or CYCLE a RESTRICT.
    fn cycle(&self) -> Option<usize> {
        let mut index = 1 + self.names(1);
        if index == 1 {
            return None;
        }
        if self.is(index, "RESTRICT") {
            return Some(index + 1);
        }
        if !(self.is(index, "SET") && self.is_name(index + 1)) {
            return None;
        }
        index += 2;
        let is_value = |at: usize| self.is_literal(at) || self.is_one(at, &["TRUE", "FALSE"]);
        if self.is(index, "TO") && is_value(index + 1) && self.is(index + 2, "DEFAULT") && is_value(index + 3)
        {
            index += 4;
        }
        if self.is(index, "USING") && self.is_name(index + 1) {
            index += 2;
        }
        Some(index)
    }

    pub(super) fn sqlite_word(&mut self, word: &str) -> bool {
        match word {
            // Operators of the same rank; the parser copies its left side for these, and not for LIKE.
            "GLOB" | "MATCH" | "REGEXP" if self.after_operand() || self.follows(&["NOT"]) => {
                self.replace(1, "LIKE")
            }
            _ => false,
        }
    }
}
