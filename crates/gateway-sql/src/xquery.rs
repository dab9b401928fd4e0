//! XQuery in Oracle's SQL: a language of its own inside a literal, which can load documents and read tables.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::error::{Denial, Rule, Verdict};
use crate::scan::offset_of;
use crate::tripwires::keyword;

/// Functions that read something other than what is passed to them, by their local names: a prefix is the query's own
/// choice, so it says nothing. `view` is `ora:view`; the last one finds any of them by its name.
const READERS: [&str; 12] = [
    "doc",
    "doc-available",
    "collection",
    "uri-collection",
    "unparsed-text",
    "unparsed-text-available",
    "unparsed-text-lines",
    "json-doc",
    "environment-variable",
    "view",
    "put",
    "function-lookup",
];

/// Checks the call at `index`, a word before an opening bracket, if it takes XQuery.
pub(crate) fn check(name: &str, tokens: &[TokenWithSpan], index: usize) -> Verdict {
    let takes_xquery = ["XMLQUERY", "XMLTABLE", "XMLEXISTS"]
        .iter()
        .any(|call| call.eq_ignore_ascii_case(name));
    if !takes_xquery {
        return Ok(());
    }
    let inside = &tokens[index + 2..];
    let inside = &inside[..group(inside)];
    let deny = |what: String, at: Option<&TokenWithSpan>| {
        Err(Denial::new(
            Rule::Function,
            what,
            at.and_then(|t| offset_of(t.span)),
        ))
    };
    let start = namespaces(inside);
    let is_plain = inside.get(start).is_some_and(|t| text(&t.token).is_some())
        && match inside.get(start + 1).map(|t| &t.token) {
            None => true,
            Some(token) => matches!(
                keyword(token),
                Some(Keyword::PASSING | Keyword::RETURNING | Keyword::COLUMNS)
            ),
        };
    if !is_plain {
        let what = format!("{} of what is not a literal", name.to_ascii_uppercase());
        return deny(what, tokens.get(index));
    }
    // The paths of columns are XQuery, too. What only looks like one is refused along with them.
    for token in inside {
        if let Some(reader) = text(&token.token).and_then(reader) {
            return deny(reader, Some(token));
        }
    }
    Ok(())
}

/// How many tokens stand before the bracket that closes this group.
fn group(tokens: &[TokenWithSpan]) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate() {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen if depth == 0 => return index,
            Token::RParen => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

/// The length of `XMLNAMESPACES(…),` if the group begins so.
fn namespaces(inside: &[TokenWithSpan]) -> usize {
    let begins = matches!(inside, [word, bracket, ..] if bracket.token == Token::LParen
        && matches!(&word.token, Token::Word(w) if w.value.eq_ignore_ascii_case("xmlnamespaces")));
    if begins { 2 + group(&inside[2..]) + 2 } else { 0 }
}

fn text(token: &Token) -> Option<&str> {
    match token {
        Token::SingleQuotedString(text) | Token::NationalStringLiteral(text) => Some(text),
        Token::QuoteDelimitedStringLiteral(text) | Token::NationalQuoteDelimitedStringLiteral(text) => {
            Some(&text.value)
        }
        _ => None,
    }
}

/// The first function in the query that reads more than it is given. A name before `(`, which may open a comment, is
/// called; one
/// before `#` is referred to. Strings are not told apart: what looks like a call in one is refused, too.
fn reader(query: &str) -> Option<String> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut rest = query;
    while let Some(start) = rest.find(is_name) {
        let name = &rest[start..];
        let length = name.find(|c| !is_name(c)).unwrap_or(name.len());
        let (name, behind) = name.split_at(length);
        rest = behind;
        // `ora:anything`
        if name.eq_ignore_ascii_case("ora") && behind.starts_with(':') {
            let function = &behind[1..];
            let length = function.find(|c| !is_name(c)).unwrap_or(function.len());
            if calls(&function[length..]) {
                return Some(format!("ORA:{}", function[..length].to_ascii_uppercase()));
            }
        }
        if name.eq_ignore_ascii_case("import") && imports(behind) {
            return Some("IMPORT".to_owned());
        }
        if calls(behind) && READERS.iter().any(|reader| reader.eq_ignore_ascii_case(name)) {
            return Some(name.to_ascii_uppercase());
        }
    }
    None
}

fn calls(behind: &str) -> bool {
    behind.trim_start().starts_with(['(', '#'])
}

/// Modules and schemas come from where the query says; a comment may stand before the word.
fn imports(behind: &str) -> bool {
    let behind = behind.trim_start();
    let begins = |word: &str| {
        behind
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    begins("module") || begins("schema") || begins("(")
}
