//! Which placeholders stand directly inside the list of `IN (…)`.

use gateway_core::{Placeholder, PlaceholderSite};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::scan::{Scanned, offset_of};

/// Settles the site of every placeholder.
pub(crate) fn settle_sites(scanned: &mut Scanned) {
    if scanned.placeholders.is_empty() {
        return;
    }
    let mut open: Vec<bool> = Vec::new();
    let mut next = 0;
    for (index, token) in scanned.tokens.iter().enumerate() {
        match &token.token {
            Token::LParen => open.push(index > 0 && is_in(&scanned.tokens[index - 1])),
            Token::RParen => {
                open.pop();
            }
            Token::Placeholder(_) => {
                if let Some(placeholder) = scanned.placeholders.get_mut(next) {
                    settle(
                        placeholder,
                        &scanned.tokens,
                        index,
                        open.last().copied().unwrap_or(false),
                    );
                }
                next += 1;
            }
            _ => {}
        }
    }
}

fn settle(placeholder: &mut Placeholder, tokens: &[TokenWithSpan], index: usize, in_list: bool) {
    debug_assert_eq!(offset_of(tokens[index].span), Some(placeholder.span.start));
    let before = index
        .checked_sub(1)
        .is_some_and(|i| matches!(tokens[i].token, Token::LParen | Token::Comma));
    let after = tokens
        .get(index + 1)
        .is_some_and(|t| matches!(t.token, Token::RParen | Token::Comma));
    if in_list && before && after {
        placeholder.site = PlaceholderSite::InList;
    }
}

fn is_in(token: &TokenWithSpan) -> bool {
    matches!(&token.token, Token::Word(word) if word.keyword == Keyword::IN && word.quote_style.is_none())
}
