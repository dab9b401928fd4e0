//! MySQL and MariaDB.

use gateway_core::Engine;
use sqlparser::tokenizer::Token;

use super::Bridge;

/// Functions whose arguments may carry `AS type`.
const TYPED_ARGUMENTS: &[&str] = &["COLUMN_GET", "COLUMN_CREATE", "COLUMN_ADD", "WEIGHT_STRING"];

impl Bridge {
    pub(super) fn mysql_word(&mut self, word: &str) -> bool {
        match word {
            // Reserved words, and units of INTERVAL and EXTRACT.
            "DAY_HOUR" | "DAY_MICROSECOND" | "DAY_MINUTE" | "DAY_SECOND" | "HOUR_MICROSECOND"
            | "HOUR_MINUTE" | "HOUR_SECOND" | "MINUTE_MICROSECOND" | "MINUTE_SECOND"
            | "SECOND_MICROSECOND" | "YEAR_MONTH" | "SQL_TSI_SECOND" | "SQL_TSI_MINUTE" | "SQL_TSI_HOUR"
            | "SQL_TSI_DAY" | "SQL_TSI_WEEK" | "SQL_TSI_MONTH" | "SQL_TSI_QUARTER" | "SQL_TSI_YEAR" => {
                self.replace(1, "SECOND")
            }
            "MOD" if self.after_operand() => {
                self.put(Token::Mod);
                self.skip(1)
            }
            "DIV" if self.after_operand() => {
                self.put(Token::Div);
                self.skip(1)
            }
            "SOUNDS" if self.is(1, "LIKE") && self.after_operand() => self.skip(1),
            "DISTINCTROW" => self.replace(1, "DISTINCT"),
            "SQL_CACHE" if self.follows(&["SELECT", "DISTINCT", "ALL", "HIGH_PRIORITY"]) => self.skip(1),
            "USING" if self.inside("CHAR") && self.is_name(1) => self.skip(2),
            "CHARACTER" if self.is(1, "SET") && self.is_name(2) && self.after_type() => self.skip(3),
            "CHARSET" if self.is_name(1) && self.after_type() => self.skip(2),
            "INT" | "INTEGER" if self.follows(&["SIGNED", "UNSIGNED"]) => self.skip(1),
            "AS" if TYPED_ARGUMENTS.iter().any(|call| self.inside(call)) && self.is_name(1) => {
                let length = self.type_length(1);
                self.skip(1 + length)
            }
            "INTERVAL" if self.is_token(1, &Token::LParen) && self.has_comma(1) => {
                // The function, not the literal.
                self.put(Token::make_word("interval", Some('`')));
                self.skip(1)
            }
            "MATCH" if self.is_name(1) => self.match_against(),
            "ROWS" if self.is(1, "EXAMINED") && self.engine == Engine::MariaDb => self.rows_examined(),
            "FOR" if self.is(1, "SYSTEM_TIME") && self.engine == Engine::MariaDb => self.system_time(),
            "TO" if self.frame().spans_time => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.spans_time = false;
                }
                self.put(Token::Plus);
                self.skip(1)
            }
            _ if word.starts_with('_') && self.is_literal(1) => self.skip(1),
            _ => false,
        }
    }

    /// Whether the brackets that open `ahead` hold a comma of their own.
    fn has_comma(&self, ahead: usize) -> bool {
        let mut depth = 0_usize;
        for token in &self.tokens[self.at + ahead..] {
            match token.token {
                Token::LParen => depth += 1,
                Token::RParen if depth == 1 => return false,
                Token::RParen => depth -= 1,
                Token::Comma if depth == 1 => return true,
                _ => {}
            }
        }
        false
    }

    fn after_type(&self) -> bool {
        self.before() == Some(&Token::RParen)
            || self.follows(&[
                "CHAR",
                "VARCHAR",
                "TEXT",
                "TINYTEXT",
                "MEDIUMTEXT",
                "LONGTEXT",
                "ENUM",
            ])
    }

    pub(super) fn mysql_other(&mut self) -> bool {
        if self.is_token(0, &Token::ExclamationMark) && !self.after_operand() {
            return self.replace(1, "NOT");
        }
        false
    }

    /// MATCH a, b AGAINST (…) without brackets.
    fn match_against(&mut self) -> bool {
        let mut length = 0;
        while !self.is(1 + length, "AGAINST")
            && (self.is_name(1 + length)
                || matches!(self.peek(1 + length), Some(Token::Comma | Token::Period)))
        {
            length += 1;
        }
        if length == 0 || !self.is(1 + length, "AGAINST") {
            return false;
        }
        self.copy();
        self.put(Token::LParen);
        for _ in 0..length {
            self.copy();
        }
        self.put(Token::RParen);
        true
    }

    /// LIMIT n ROWS EXAMINED m, and LIMIT ROWS EXAMINED m.
    fn rows_examined(&mut self) -> bool {
        if !matches!(self.peek(2), Some(Token::Number(..) | Token::Placeholder(_))) {
            return false;
        }
        if self.follows(&["LIMIT"]) {
            self.out.pop();
        }
        self.has_hidden_limit = true;
        self.skip(3)
    }

    /// FOR SYSTEM_TIME ALL, AS OF, BETWEEN … AND …, FROM … TO …: the moments stay in the parser's view.
    fn system_time(&mut self) -> bool {
        if self.is(2, "ALL") {
            return self.skip(3);
        }
        let length = match (
            self.is(2, "AS") && self.is(3, "OF"),
            self.is_one(2, &["FROM", "BETWEEN"]),
        ) {
            (true, _) => 4 + usize::from(self.is_one(4, &["TIMESTAMP", "TRANSACTION"])),
            (_, true) => 3,
            _ => return false,
        };
        let spans_time = self.is(2, "FROM");
        for word in ["FOR", "SYSTEM_TIME", "AS", "OF"] {
            self.keyword(word);
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.spans_time = spans_time;
        }
        self.skip(length)
    }
}
