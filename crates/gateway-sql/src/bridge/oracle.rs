//! Oracle.

use sqlparser::tokenizer::Token;

use super::{Bridge, Frame};

impl Bridge {
    pub(super) fn oracle_word(&mut self, word: &str) -> bool {
        match word {
            "UNIQUE" if self.before() == Some(&Token::LParen) || self.follows(&["SELECT"]) => {
                self.replace(1, "DISTINCT")
            }
            "PRIOR" if !self.after_operand() && (self.is_name(1) || self.is_token(1, &Token::LParen)) => {
                self.skip(1)
            }
            "SIBLINGS" if self.follows(&["ORDER"]) && self.is(1, "BY") => self.skip(1),
            "XML" if self.follows(&["PIVOT"]) => self.skip(1),
            "ONLY" if self.is_token(1, &Token::LParen) && self.follows(&["FROM", "JOIN"]) => self.skip(1),
            "PARTITION" if self.is(1, "BY") && self.is_token(2, &Token::LParen) => self.partitioned_join(),
            "SUBPARTITION" if self.is_token(1, &Token::LParen) => self.replace(1, "PARTITION"),
            "ANY" | "SOME" | "ALL" => self.list_quantifier(),
            "MULTISET" => self.multiset(),
            "KEEP" => self.keep(),
            "AS" if self.is(1, "OF") && self.is_one(2, &["TIMESTAMP", "SCN"]) => self.flashback(),
            "VERSIONS" if self.is(1, "BETWEEN") && self.is_one(2, &["TIMESTAMP", "SCN"]) => self.flashback(),
            "AS" if self.inside("VALIDATE_CONVERSION") && self.is_name(1) => {
                let length = self.type_length(1);
                self.skip(1 + length)
            }
            "DEFAULT" => self.default_on_conversion_error(),
            "ON" if self.is(1, "CONVERSION") && self.is(2, "ERROR") => self.skip(3),
            "ON" if self.is(1, "OVERFLOW") && self.is(2, "TRUNCATE") && self.is_token(3, &Token::RParen) => {
                self.skip(3)
            }
            "DAY" | "YEAR" if self.before() == Some(&Token::RParen) => self.interval_qualifier(),
            "AT" if self.after_operand() && self.is(1, "LOCAL") => self.skip(2),
            "STRICT" | "LAX" if self.follows(&["JSON"]) => self.skip(1),
            "SAMPLE" if self.after_operand() => self.sample(),
            "IS" => self.is_condition(),
            "USING" if self.inside("TRANSLATE") && self.is_name(1) => self.skip(2),
            "USING" if self.in_mining_call() => {
                self.put(Token::Comma);
                self.skip(1)
            }
            "COST" if self.in_mining_call() && self.is(1, "MODEL") => {
                let auto = self.is(2, "AUTO");
                self.skip(if auto { 3 } else { 2 })
            }
            _ => false,
        }
    }

    /// CAST(x AS DATE, 'format', 'language'): the literals.
    pub(super) fn oracle_other(&mut self) -> bool {
        if self.inside("CAST") && self.is_token(0, &Token::Comma) && self.is_literal(1) {
            return self.skip(2);
        }
        false
    }

    /// `a LEFT JOIN b PARTITION BY (x, y) ON …`: the columns, if they are plain names.
    fn partitioned_join(&mut self) -> bool {
        let end = 3 + self.names(3);
        let joins = self.is_one(end + 1, &["LEFT", "RIGHT", "FULL", "ON", "USING"]);
        let is_plain = end > 3 && self.is_token(end, &Token::RParen);
        self.after_operand() && is_plain && joins && self.skip(end + 1)
    }

    fn in_mining_call(&self) -> bool {
        self.frame().call.as_deref().is_some_and(|call| {
            ["PREDICTION", "CLUSTER_", "FEATURE_"]
                .iter()
                .any(|prefix| call.starts_with(prefix))
        })
    }

    /// `= ANY (1, 2)`: the list stays.
    fn list_quantifier(&mut self) -> bool {
        let compares = matches!(
            self.before(),
            Some(Token::Eq | Token::Neq | Token::Lt | Token::Gt | Token::LtEq | Token::GtEq)
        );
        let is_list = self.is_token(1, &Token::LParen) && !self.is_one(2, &["SELECT", "WITH"]);
        compares && is_list && !self.is_token(2, &Token::LParen) && self.skip(1)
    }

    fn multiset(&mut self) -> bool {
        if self.is_token(1, &Token::LParen) {
            return self.skip(1);
        }
        if self.after_operand() && self.is_one(1, &["EXCEPT", "UNION", "INTERSECT"]) {
            let length = 2 + usize::from(self.is_one(2, &["ALL", "DISTINCT"]));
            self.put(Token::StringConcat);
            return self.skip(length);
        }
        false
    }

    /// KEEP (DENSE_RANK FIRST ORDER BY …)
    fn keep(&mut self) -> bool {
        let fits = self.is_token(1, &Token::LParen)
            && self.is(2, "DENSE_RANK")
            && self.is_one(3, &["FIRST", "LAST"]);
        if !fits {
            return false;
        }
        self.keyword("WITHIN");
        self.keyword("GROUP");
        self.put(Token::LParen);
        self.frames.push(Frame::default());
        self.skip(4)
    }

    /// AS OF TIMESTAMP x, VERSIONS BETWEEN SCN x AND y: the moments stay.
    fn flashback(&mut self) -> bool {
        for word in ["FOR", "SYSTEM_TIME", "AS", "OF"] {
            self.keyword(word);
        }
        self.skip(3)
    }

    /// TO_DATE(x DEFAULT y ON CONVERSION ERROR, …); in CAST, where no expression can follow the type, y is a literal.
    fn default_on_conversion_error(&mut self) -> bool {
        if self.inside("CAST") {
            let mut index = 1;
            while self.is_literal(index) || self.is(index, "NULL") || self.is_token(index, &Token::Minus) {
                index += 1;
            }
            let ends =
                self.is(index, "ON") && self.is(index + 1, "CONVERSION") && self.is(index + 2, "ERROR");
            return ends && self.skip(index + 3);
        }
        let converts = self
            .frame()
            .call
            .as_deref()
            .is_some_and(|call| call.starts_with("TO_"));
        if !converts {
            return false;
        }
        self.put(Token::Comma);
        self.skip(1)
    }

    /// `(a - b) DAY(9) TO SECOND`
    fn interval_qualifier(&mut self) -> bool {
        let mut index = 1 + self.numbers(1);
        if !(self.is(index, "TO") && self.is_one(index + 1, &["SECOND", "MONTH"])) {
            return false;
        }
        index += 2;
        index += self.numbers(index);
        self.skip(index)
    }

    /// SAMPLE BLOCK (10) SEED (1)
    fn sample(&mut self) -> bool {
        let mut index = 1 + usize::from(self.is(1, "BLOCK"));
        let amount = self.numbers(index);
        if amount == 0 {
            return false;
        }
        index += amount;
        if self.is(index, "SEED") {
            index += 1 + self.numbers(index + 1);
        }
        self.skip(index)
    }

    /// IS [NOT] A SET, EMPTY, INFINITE, NAN.
    fn is_condition(&mut self) -> bool {
        let not = usize::from(self.is(1, "NOT"));
        let length = match (
            self.is_one(1 + not, &["EMPTY", "INFINITE", "NAN"]),
            self.is(1 + not, "A") && self.is(2 + not, "SET"),
        ) {
            (true, _) => 2 + not,
            (_, true) => 3 + not,
            _ => return false,
        };
        self.keyword("IS");
        if not == 1 {
            self.keyword("NOT");
        }
        self.replace(length, "NULL")
    }
}
