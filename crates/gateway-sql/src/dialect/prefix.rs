//! Operands that need no trying: the parser would first take each for a type before a literal, and phrase an error.

use sqlparser::ast::{Expr, Ident};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

/// The operand that begins here, if its tokens leave no choice.
pub(super) fn known(parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
    match &parser.peek_token_ref().token {
        Token::Word(word) if word.keyword == Keyword::NoKeyword => {
            is_column(parser).then(|| Ok(column(parser)))
        }
        // Reserved in every engine, and yet the parser would take it for a column: it would miss the clause.
        Token::Word(word) => matches!(
            word.keyword,
            Keyword::FROM
                | Keyword::WHERE
                | Keyword::GROUP
                | Keyword::HAVING
                | Keyword::ORDER
                | Keyword::UNION
        )
        .then(|| parser.expected("an expression", parser.peek_token())),
        Token::Number(..) | Token::Placeholder(_) => Some(parser.parse_value().map(Expr::Value)),
        _ => None,
    }
}

/// A name, or a name and another, that neither a literal nor a bracket follows: no type, no call.
fn is_column(parser: &Parser) -> bool {
    let ends = |index: usize| match &parser.peek_nth_token_ref(index).token {
        Token::Comma
        | Token::RParen
        | Token::Eq
        | Token::Neq
        | Token::Lt
        | Token::Gt
        | Token::LtEq
        | Token::GtEq
        | Token::Plus
        | Token::Minus
        | Token::Mul
        | Token::Div
        | Token::EOF => true,
        Token::Word(word) => !matches!(word.keyword, Keyword::COLLATE),
        _ => false,
    };
    match parser.peek_nth_token_ref(1).token {
        Token::Period => matches!(parser.peek_nth_token_ref(2).token, Token::Word(_)) && ends(3),
        _ => ends(1),
    }
}

/// The first name; what follows a period is read by the parser as ever.
fn column(parser: &mut Parser) -> Expr {
    let token = parser.next_token();
    let (value, quote_style) = match token.token {
        Token::Word(word) => (word.value, word.quote_style),
        other => (other.to_string(), None),
    };
    Expr::Identifier(Ident {
        value,
        quote_style,
        span: token.span,
    })
}
