//! PostgreSQL.

use sqlparser::tokenizer::Token;

use super::Bridge;

impl Bridge {
    pub(super) fn postgres_word(&mut self, word: &str) -> bool {
        match word {
            "VARIADIC" if matches!(self.before(), Some(Token::LParen | Token::Comma)) => self.skip(1),
            "NAME"
                if (self.inside("XMLELEMENT") || self.inside("XMLPI"))
                    && self.before() == Some(&Token::LParen)
                    && self.is_name(1) =>
            {
                self.skip(1)
            }
            // ROWS FROM (f(), g()) is a list of tables.
            "ROWS"
                if self.is(1, "FROM")
                    && self.is_token(2, &Token::LParen)
                    && self.follows(&["FROM", "JOIN", "LATERAL"]) =>
            {
                self.skip(2)
            }
            // Which of the bounds is the lower one changes nothing that is judged.
            "SYMMETRIC" | "ASYMMETRIC" if self.follows(&["BETWEEN"]) => self.skip(1),
            "ONLY" if self.follows(&["TABLE"]) && self.is_name(1) => self.skip(1),
            "DISTINCT" if self.follows(&["BY"]) => self.skip(1),
            "UESCAPE" if self.is_literal(1) => self.skip(2),
            "DOCUMENT" if self.follows(&["IS", "NOT"]) => self.replace(1, "NULL"),
            _ => false,
        }
    }

    /// A cast of a window frame's bound (`'1 year'::interval PRECEDING`), and all columns of a row.
    pub(super) fn postgres_other(&mut self) -> bool {
        if self.is_token(0, &Token::DoubleColon)
            && self.is_name(1)
            && self.is_one(2, &["PRECEDING", "FOLLOWING"])
        {
            return self.skip(2);
        }
        // `(row).*` is the row.
        if self.is_token(0, &Token::Period)
            && self.is_token(1, &Token::Mul)
            && self.before() == Some(&Token::RParen)
        {
            return self.skip(2);
        }
        false
    }
}
