//! The clauses inside the SQL/JSON functions: they hold keywords, types and literals.

use gateway_core::Engine;
use sqlparser::tokenizer::Token;

use super::Bridge;

impl Bridge {
    fn in_json_call(&self) -> bool {
        let tables_too = self.engine == Engine::Oracle;
        self.frame()
            .call
            .as_deref()
            .is_some_and(|call| call.starts_with("JSON_") && (tables_too || call != "JSON_TABLE"))
    }

    fn in_json_object(&self) -> bool {
        self.inside("JSON_OBJECT") || self.inside("JSON_OBJECTAGG")
    }

    pub(super) fn json_word(&mut self, word: &str) -> bool {
        match word {
            "KEY" if self.in_json_object() && matches!(self.before(), Some(Token::LParen | Token::Comma)) => {
                let is_a_word = matches!(self.peek(1), Some(Token::Comma | Token::RParen | Token::Period));
                !is_a_word && self.skip(1)
            }
            "VALUE" | "IS" if self.in_json_object() && self.after_operand() => {
                self.put(Token::Comma);
                self.skip(1)
            }
            _ if !self.after_operand() || !self.in_json_call() => false,
            "ERROR" | "EMPTY" | "NULL" | "TRUE" | "FALSE" | "UNKNOWN" | "ABSENT" => self.on_clause(),
            "DEFAULT" => self.default_clause(),
            "RETURNING" => self.returning(),
            "PASSING" => {
                self.put(Token::Comma);
                self.skip(1)
            }
            "FORMAT" if self.is(1, "JSON") => self.skip(2),
            "STRICT" if self.is_token(1, &Token::RParen) => self.skip(1),
            "KEEP" | "OMIT" if self.is(1, "QUOTES") => {
                let on_scalar = self.is(2, "ON") && self.is(3, "SCALAR") && self.is(4, "STRING");
                self.skip(if on_scalar { 5 } else { 2 })
            }
            "WITH" | "WITHOUT" => self.with_clause(),
            _ => false,
        }
    }

    /// NULL ON ERROR, EMPTY ARRAY ON EMPTY, ABSENT ON NULL.
    fn on_clause(&mut self) -> bool {
        let word = 1 + usize::from(self.is_one(1, &["ARRAY", "OBJECT"]));
        if self.is(word, "ON") && self.is_one(word + 1, &["ERROR", "EMPTY", "MISMATCH", "NULL"]) {
            return self.skip(word + 2);
        }
        false
    }

    /// DEFAULT literal ON ERROR.
    fn default_clause(&mut self) -> bool {
        let mut index = 1;
        while self.is_literal(index)
            || self.is_one(index, &["DATE", "TIME", "TIMESTAMP", "NULL", "TRUE", "FALSE"])
            || self.is_token(index, &Token::Minus)
        {
            index += 1;
        }
        if index > 1 && self.is(index, "ON") && self.is_one(index + 1, &["ERROR", "EMPTY"]) {
            return self.skip(index + 2);
        }
        false
    }

    fn returning(&mut self) -> bool {
        if !self.is_name(1) {
            return false;
        }
        let length = self.type_length(1);
        self.skip(1 + length)
    }

    /// The length of a type that begins `ahead`: words, and numbers in brackets.
    pub(super) fn type_length(&self, ahead: usize) -> usize {
        let mut index = ahead + 1;
        while self.is_one(
            index,
            &[
                "VARYING",
                "PRECISION",
                "UNSIGNED",
                "SIGNED",
                "INTEGER",
                "INT",
                "DAY",
                "YEAR",
                "TO",
                "SECOND",
                "MONTH",
            ],
        ) {
            index += 1;
        }
        index += self.numbers(index);
        if self.is_one(index, &["WITH", "WITHOUT"])
            && self.is(index + 1, "TIME")
            && self.is(index + 2, "ZONE")
        {
            index += 3;
        }
        if self.is(index, "TO") && self.is_one(index + 1, &["SECOND", "MONTH"]) {
            index += 2;
            index += self.numbers(index);
        }
        if self.is(index, "CHARSET") && self.is_name(index + 1) {
            index += 2;
        }
        if self.is(index, "CHARACTER") && self.is(index + 1, "SET") && self.is_name(index + 2) {
            index += 3;
        }
        index - ahead
    }

    fn with_clause(&mut self) -> bool {
        let mut index = 1;
        while self.is_one(index, &["CONDITIONAL", "UNCONDITIONAL", "ARRAY"]) {
            index += 1;
        }
        if self.is(index, "WRAPPER") {
            return self.skip(index + 1);
        }
        if self.is(1, "UNIQUE") {
            return self.skip(if self.is(2, "KEYS") { 3 } else { 2 });
        }
        false
    }
}
