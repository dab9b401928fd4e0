//! Where an operand ends: there `?` is an operator on PostgreSQL, and a keyword a postfix.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Word};

/// Whether an operand ends with this token.
pub(crate) fn ends_operand(token: &Token) -> bool {
    match token {
        Token::Word(word) => !expects_operand(word),
        Token::Number(..)
        | Token::Placeholder(_)
        | Token::RParen
        | Token::RBracket
        | Token::SingleQuotedString(_)
        | Token::EscapedStringLiteral(_)
        | Token::UnicodeStringLiteral(_)
        | Token::NationalStringLiteral(_)
        | Token::SingleQuotedByteStringLiteral(_)
        | Token::HexStringLiteral(_)
        | Token::DollarQuotedString(_) => true,
        _ => false,
    }
}

/// Unquoted words after which an operand begins.
fn expects_operand(word: &Word) -> bool {
    matches!(
        word.keyword,
        Keyword::SELECT
            | Keyword::DISTINCT
            | Keyword::ALL
            | Keyword::FROM
            | Keyword::WHERE
            | Keyword::AND
            | Keyword::OR
            | Keyword::NOT
            | Keyword::XOR
            | Keyword::ON
            | Keyword::IN
            | Keyword::IS
            | Keyword::LIKE
            | Keyword::ILIKE
            | Keyword::RLIKE
            | Keyword::REGEXP
            | Keyword::SIMILAR
            | Keyword::TO
            | Keyword::BETWEEN
            | Keyword::SYMMETRIC
            | Keyword::ASYMMETRIC
            | Keyword::ESCAPE
            | Keyword::WHEN
            | Keyword::THEN
            | Keyword::ELSE
            | Keyword::CASE
            | Keyword::HAVING
            | Keyword::BY
            | Keyword::LIMIT
            | Keyword::OFFSET
            | Keyword::FETCH
            | Keyword::FIRST
            | Keyword::NEXT
            | Keyword::VALUES
            | Keyword::USING
            | Keyword::FILTER
            | Keyword::AS
            | Keyword::ANY
            | Keyword::SOME
            | Keyword::RANGE
            | Keyword::ROWS
            | Keyword::GROUPS
            | Keyword::INTERVAL
            | Keyword::ZONE
            | Keyword::FOR
            | Keyword::COLLATE
            | Keyword::UNION
            | Keyword::EXCEPT
            | Keyword::INTERSECT
            | Keyword::DIV
            | Keyword::MOD
            | Keyword::PASSING
    )
}
