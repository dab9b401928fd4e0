//! Types as they are written in statements.

use super::Kind;
use super::token::{Token, tokens};

/// Reads a type such as `NUMBER(12,2)` or `TIMESTAMP(6) WITH TIME ZONE`.
pub(super) fn parse(text: &str) -> Option<Kind> {
    parse_tokens(&tokens(text.trim_matches('"')))
}

/// [`parse`] for a statement's tokens.
pub(super) fn parse_tokens(tokens: &[Token]) -> Option<Kind> {
    let Token::Word(first) = tokens.first()? else {
        return None;
    };
    let has = |word: &str| tokens.iter().any(|token| token.is(word));
    let numbers: Vec<i32> = arguments(tokens);
    let size = |default: u16| {
        let given = numbers.first().and_then(|number| u16::try_from(*number).ok());
        given.unwrap_or(default)
    };
    let digits = |default: u8| u8::try_from(size(default.into())).unwrap_or(default);
    Some(match first.to_uppercase().as_str() {
        "NUMBER" | "NUMERIC" | "DECIMAL" | "DEC" => match numbers[..] {
            [] => Kind::NUMBER,
            [precision] => number(precision, 0),
            [precision, scale, ..] => number(precision, scale),
        },
        "INTEGER" | "INT" | "SMALLINT" => Kind::INTEGER,
        "FLOAT" => Kind::Float(digits(126)),
        "REAL" => Kind::Float(63),
        "DOUBLE" => Kind::Float(126),
        "BINARY_FLOAT" => Kind::BinaryFloat,
        "BINARY_DOUBLE" => Kind::BinaryDouble,
        "VARCHAR2" | "VARCHAR" | "TEXT" => Kind::Varchar(size(4000)),
        "NVARCHAR2" => Kind::Nvarchar(size(2000)),
        "CHAR" | "CHARACTER" => Kind::Char(size(1)),
        "NCHAR" => Kind::Nchar(size(1)),
        "LONG" if has("RAW") => Kind::LongRaw,
        "LONG" => Kind::Long,
        "RAW" => Kind::Raw(size(2000)),
        "DATE" => Kind::Date,
        "TIMESTAMP" if has("LOCAL") => Kind::TimestampLtz(digits(6)),
        "TIMESTAMP" if has("ZONE") => Kind::TimestampTz(digits(6)),
        "TIMESTAMP" => Kind::Timestamp(digits(6)),
        "INTERVAL" if has("MONTH") || has("YEAR") => Kind::YearMonth(digits(2)),
        "INTERVAL" => Kind::DaySecond(2, 6),
        "CLOB" => Kind::Clob,
        "NCLOB" => Kind::Nclob,
        "BLOB" => Kind::Blob,
        "ROWID" => Kind::RowId,
        "UROWID" => Kind::UrowId,
        "JSON" => Kind::Json,
        "BOOLEAN" => Kind::Boolean,
        "VECTOR" => Kind::Vector,
        "XMLTYPE" => Kind::Xml,
        _ => return None,
    })
}

/// What is in the parentheses.
fn arguments(tokens: &[Token]) -> Vec<i32> {
    let mut numbers = Vec::new();
    let mut negative = false;
    for token in tokens {
        match token {
            Token::Number(text) => {
                let number = text.parse().unwrap_or(0);
                numbers.push(if negative { -number } else { number });
                negative = false;
            }
            token => negative = token.is_sign("-"),
        }
    }
    numbers
}

fn number(precision: i32, scale: i32) -> Kind {
    Kind::Number {
        precision: u8::try_from(precision).unwrap_or(38),
        scale: i8::try_from(scale).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_with_arguments() {
        assert_eq!(parse("number"), Some(Kind::NUMBER));
        assert_eq!(parse("NUMBER(12,-2)"), Some(number(12, -2)));
        assert_eq!(parse("VARCHAR2(40 CHAR)"), Some(Kind::Varchar(40)));
        assert_eq!(parse("TIMESTAMP(9) WITH TIME ZONE"), Some(Kind::TimestampTz(9)));
        assert_eq!(
            parse("\"TIMESTAMP WITH LOCAL TIME ZONE\""),
            Some(Kind::TimestampLtz(6))
        );
        assert_eq!(parse("INTERVAL YEAR(4) TO MONTH"), Some(Kind::YearMonth(4)));
        assert_eq!(parse("whatever"), None);
    }
}
