//! Operators, by each engine's rule for where one ends.

use sqlparser::tokenizer::Token;

use super::Scanner;
use crate::error::{Rule, Verdict};

/// The characters of which PostgreSQL makes operators.
const POSTGRES: &[u8] = b"+-*/<>=~!@#%^&|?";

impl Scanner<'_> {
    pub(super) fn operator(&mut self) -> Verdict {
        self.link()?;
        if self.lexis.postgres_operators {
            return self.postgres_operator();
        }
        let rest = &self.bytes[self.at..];
        for length in [3, 2, 1] {
            let Some(candidate) = rest.get(..length).and_then(|b| std::str::from_utf8(b).ok()) else {
                continue;
            };
            if let Some(token) = common_operator(candidate) {
                return self.push_simple(token, length);
            }
        }
        Err(self.deny(Rule::Character, self.excerpt()))
    }

    /// The longest run of operator characters, cut at a comment.
    fn postgres_run(&self) -> usize {
        let rest = &self.bytes[self.at..];
        let run = rest.iter().take_while(|b| POSTGRES.contains(b)).count();
        (0..run.saturating_sub(1))
            .find(|at| matches!(&rest[*at..at + 2], b"--" | b"/*"))
            .unwrap_or(run)
    }

    /// A run of several characters may end in `+` or `-` only if it holds one of `~!@#%^&|?`.
    fn postgres_length(&self, run: usize) -> usize {
        let rest = &self.bytes[self.at..];
        let special = |length: usize| rest[..length].iter().any(|b| b"~!@#%^&|?".contains(b));
        let mut length = run;
        while length > 1 && matches!(rest[length - 1], b'+' | b'-') && !special(length) {
            length -= 1;
        }
        length
    }

    fn postgres_operator(&mut self) -> Verdict {
        let run = self.postgres_run();
        let mut length = self.postgres_length(run);
        let mut token = postgres_operator(&self.text[self.at..self.at + length]);
        // `a=?`: the server sees `a=$1`, so the operator ends before the placeholder.
        let mark = self.bytes[self.at..self.at + length]
            .iter()
            .position(|b| *b == b'?')
            .filter(|at| *at > 0);
        if let (None, Some(mark)) = (&token, mark) {
            length = self.postgres_length(mark);
            token = postgres_operator(&self.text[self.at..self.at + length]);
        }
        match token {
            Some(token) if length > 0 => self.push_simple(token, length),
            _ => Err(self.deny(
                Rule::Operator,
                self.text[self.at..self.at + length.max(1)].to_owned(),
            )),
        }
    }
}

fn common_operator(operator: &str) -> Option<Token> {
    Some(match operator {
        "<=>" => Token::Spaceship,
        "->>" => Token::LongArrow,
        "->" => Token::Arrow,
        "<=" => Token::LtEq,
        ">=" => Token::GtEq,
        "<>" | "!=" | "^=" => Token::Neq,
        "==" => Token::DoubleEq,
        "=>" => Token::RArrow,
        "<<" => Token::ShiftLeft,
        ">>" => Token::ShiftRight,
        "||" => Token::StringConcat,
        "&&" => Token::Overlap,
        "<" => Token::Lt,
        ">" => Token::Gt,
        "=" => Token::Eq,
        "+" => Token::Plus,
        "-" => Token::Minus,
        "*" => Token::Mul,
        "/" => Token::Div,
        "%" => Token::Mod,
        "&" => Token::Ampersand,
        "|" => Token::Pipe,
        "^" => Token::Caret,
        "~" => Token::Tilde,
        "!" => Token::ExclamationMark,
        _ => return None,
    })
}

/// The operators that PostgreSQL brings along (`pg_operator`), and those of its contributed extensions that only
/// compare or search. Any other operator may call any function.
fn postgres_operator(operator: &str) -> Option<Token> {
    Some(match operator {
        "=>" => Token::RArrow,
        "=" => Token::Eq,
        "<>" | "!=" => Token::Neq,
        "<" => Token::Lt,
        ">" => Token::Gt,
        "<=" => Token::LtEq,
        ">=" => Token::GtEq,
        "+" => Token::Plus,
        "-" => Token::Minus,
        "*" => Token::Mul,
        "/" => Token::Div,
        "%" => Token::Mod,
        "||" => Token::StringConcat,
        "^" => Token::Caret,
        "&" => Token::Ampersand,
        "|" => Token::Pipe,
        "#" => Token::Sharp,
        "##" => Token::DoubleSharp,
        "~" => Token::Tilde,
        "~*" => Token::TildeAsterisk,
        "!~" => Token::ExclamationMarkTilde,
        "!~*" => Token::ExclamationMarkTildeAsterisk,
        "~~" => Token::DoubleTilde,
        "~~*" => Token::DoubleTildeAsterisk,
        "!~~" => Token::ExclamationMarkDoubleTilde,
        "!~~*" => Token::ExclamationMarkDoubleTildeAsterisk,
        "<<" => Token::ShiftLeft,
        ">>" => Token::ShiftRight,
        "&&" => Token::Overlap,
        "!!" => Token::DoubleExclamationMark,
        "@" => Token::AtSign,
        "^@" => Token::CaretAt,
        "|/" => Token::PGSquareRoot,
        "||/" => Token::PGCubeRoot,
        "->" => Token::Arrow,
        "->>" => Token::LongArrow,
        "#>" => Token::HashArrow,
        "#>>" => Token::HashLongArrow,
        "@-@" => Token::AtDashAt,
        "?-" => Token::QuestionMarkDash,
        "&<" => Token::AmpersandLeftAngleBracket,
        "&>" => Token::AmpersandRightAngleBracket,
        "&<|" => Token::AmpersandLeftAngleBracketVerticalBar,
        "|&>" => Token::VerticalBarAmpersandRightAngleBracket,
        "<->" => Token::TwoWayArrow,
        "<^" => Token::LeftAngleBracketCaret,
        ">^" => Token::RightAngleBracketCaret,
        "?#" => Token::QuestionMarkSharp,
        "?-|" => Token::QuestionMarkDashVerticalBar,
        "?||" => Token::QuestionMarkDoubleVerticalBar,
        "~=" => Token::TildeEqual,
        "<<|" => Token::ShiftLeftVerticalBar,
        "|>>" => Token::VerticalBarShiftRight,
        "@>" => Token::AtArrow,
        "<@" => Token::ArrowAt,
        "#-" => Token::HashMinus,
        "@?" => Token::AtQuestion,
        "@@" => Token::AtAt,
        "?" => Token::Question,
        "?&" => Token::QuestionAnd,
        "?|" => Token::QuestionPipe,
        "*<" | "*<=" | "*<>" | "*=" | "*>" | "*>=" | "-|-" | "<<=" | ">>=" | "@@@" | "~<=~" | "~<~"
        | "~>=~" | "~>~" | "<%" | "%>" | "<<%" | "%>>" | "<<->" | "<->>" | "<<<->" | "<->>>" | "<#>"
        | "<=>" | "<+>" | "@>>" | "<<@" | "^@@" => Token::CustomBinaryOperator(operator.to_owned()),
        _ => return None,
    })
}
