//! SHOW, read from the tokens: a SHOW without brackets and conditions cannot call or nest anything.

use gateway_core::Engine;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::error::{Denial, Rule, Verdict};
use crate::scan::{offset_of, span_of};
use crate::tripwires::keyword;

/// What may follow SHOW on MySQL and MariaDB, after words such as FULL and GLOBAL.
const MYSQL: &[&str] = &[
    "AUTHORS",
    "BINARY",
    "BINLOG",
    "CHARACTER",
    "CHARSET",
    "CLIENT_STATISTICS",
    "COLLATION",
    "COLUMNS",
    "CONTRIBUTORS",
    "COUNT",
    "CREATE",
    "DATABASES",
    "ENGINE",
    "ENGINES",
    "ERRORS",
    "EVENTS",
    "FIELDS",
    "FUNCTION",
    "GRANTS",
    "INDEX",
    "INDEXES",
    "INDEX_STATISTICS",
    "KEYS",
    "LIBRARY",
    "LOCALES",
    "MASTER",
    "OPEN",
    "PACKAGE",
    "PLUGINS",
    "PRIVILEGES",
    "PROCEDURE",
    "PROCESSLIST",
    "PROFILE",
    "PROFILES",
    "RELAYLOG",
    "REPLICA",
    "REPLICAS",
    "SCHEMAS",
    "SLAVE",
    "STATUS",
    "STORAGE",
    "TABLE",
    "TABLES",
    "TABLE_STATISTICS",
    "TRIGGERS",
    "USER_STATISTICS",
    "VARIABLES",
    "WARNINGS",
    "ALL",
];

/// Words that may stand between SHOW and what is shown.
const MODIFIERS: &[&str] = &["FULL", "EXTENDED", "GLOBAL", "SESSION", "LOCAL"];

/// Checks a SHOW. Answers the condition behind WHERE, if there is one, as a query to be checked.
pub(crate) fn check(engine: Engine, tokens: &[TokenWithSpan]) -> Verdict<Option<Vec<TokenWithSpan>>> {
    match engine {
        Engine::MySql | Engine::MariaDb => mysql(tokens),
        Engine::PostgreSql => postgres(tokens).map(|()| None),
        Engine::Oracle | Engine::Sqlite => Err(deny(Rule::StatementKind, tokens, 0)),
    }
}

fn deny(rule: Rule, tokens: &[TokenWithSpan], index: usize) -> Denial {
    let token = tokens.get(index.min(tokens.len().saturating_sub(1)));
    let what = token.map_or(String::new(), |t| t.token.to_string().to_ascii_uppercase());
    Denial::new(rule, what, token.and_then(|t| offset_of(t.span)))
}

/// SHOW name, SHOW ALL, SHOW TIME ZONE, SHOW extension.name.
fn postgres(tokens: &[TokenWithSpan]) -> Verdict {
    let plain = |token: &TokenWithSpan| matches!(token.token, Token::Word(_) | Token::Period);
    match tokens.iter().skip(1).position(|token| !plain(token)) {
        Some(odd) => Err(deny(Rule::Syntax, tokens, odd + 1)),
        None if tokens.len() < 2 || tokens.len() > 5 => Err(deny(Rule::Syntax, tokens, 1)),
        None => Ok(()),
    }
}

fn mysql(tokens: &[TokenWithSpan]) -> Verdict<Option<Vec<TokenWithSpan>>> {
    let word = |index: usize| match tokens.get(index).map(|t| &t.token) {
        Some(Token::Word(word)) if word.quote_style.is_none() => word.value.to_ascii_uppercase(),
        _ => String::new(),
    };
    let mut index = 1;
    while MODIFIERS.contains(&word(index).as_str()) {
        index += 1;
    }
    if !MYSQL.contains(&word(index).as_str()) {
        return Err(deny(Rule::StatementKind, tokens, index));
    }
    if word(index) == "COUNT" && is_count(&tokens[index + 1..]) {
        return Ok(None);
    }
    let names_user = word(index) == "GRANTS" || word(index) == "CREATE" && word(index + 1) == "USER";
    let split = tokens
        .iter()
        .position(|token| keyword(&token.token) == Some(Keyword::WHERE));
    let head = &tokens[..split.unwrap_or(tokens.len())];
    let plain = |token: &TokenWithSpan| {
        matches!(
            token.token,
            Token::Word(_)
                | Token::Period
                | Token::Comma
                | Token::Number(..)
                | Token::SingleQuotedString(_)
                | Token::Placeholder(_)
                | Token::Eq
        )
    };
    // CURRENT_USER()
    let empty = |index: usize| match head[index].token {
        Token::LParen => head.get(index + 1).is_some_and(|t| t.token == Token::RParen),
        Token::RParen => index > 0 && head[index - 1].token == Token::LParen,
        _ => false,
    };
    if let Some(odd) = (0..head.len()).find(|index| !(plain(&head[*index]) || names_user && empty(*index))) {
        return Err(deny(Rule::Syntax, tokens, odd));
    }
    Ok(split.map(|split| condition(&tokens[split..])))
}

/// `(*) WARNINGS`
fn is_count(rest: &[TokenWithSpan]) -> bool {
    let tokens: Vec<&Token> = rest.iter().map(|t| &t.token).collect();
    matches!(
        &tokens[..],
        [Token::LParen, Token::Mul, Token::RParen, Token::Word(word)]
            if word.value.eq_ignore_ascii_case("warnings") || word.value.eq_ignore_ascii_case("errors")
    )
}

/// `SELECT 1 FROM t WHERE …`, to have the condition parsed and checked.
fn condition(rest: &[TokenWithSpan]) -> Vec<TokenWithSpan> {
    let at = rest.first().and_then(|t| offset_of(t.span)).unwrap_or_default();
    let made = [
        Token::make_keyword("SELECT"),
        Token::Number("1".to_owned(), false),
        Token::make_keyword("FROM"),
        Token::make_word("t", None),
    ];
    made.into_iter()
        .map(|token| TokenWithSpan {
            token,
            span: span_of(at, at),
        })
        .chain(rest.iter().cloned())
        .collect()
}
