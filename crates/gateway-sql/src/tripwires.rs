//! Word sequences that no read contains, looked for in the tokens before and independently of the syntax tree.
//!
//! They overlap with the rules on purpose: a parser that misreads a statement must not be enough to let it through.

use gateway_core::Engine;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Word};

use crate::error::{Denial, Rule, Verdict};
use crate::rules::functions;
use crate::scan::offset_of;
use crate::xquery;

/// Looks at every token with its neighbours.
pub(crate) fn check(engine: Engine, tokens: &[TokenWithSpan]) -> Verdict {
    for (index, token) in tokens.iter().enumerate() {
        let Token::Word(word) = &token.token else {
            continue;
        };
        let next = tokens.get(index + 1).map(|t| &t.token);
        if next == Some(&Token::LParen) {
            functions::check_call_token(engine, word, offset_of(token.span))?;
            if engine == Engine::Oracle {
                xquery::check(&word.value, tokens, index)?;
            }
        }
        if word.quote_style.is_some() || word.keyword == Keyword::NoKeyword {
            continue;
        }
        let before = index.checked_sub(1).map(|i| &tokens[i].token);
        if before == Some(&Token::Period) {
            continue;
        }
        let at = offset_of(token.span);
        if let Some((rule, what)) = tripped(engine, word, before, &tokens[index + 1..]) {
            return Err(Denial::new(rule, what, at));
        }
    }
    Ok(())
}

fn tripped(
    engine: Engine,
    word: &Word,
    before: Option<&Token>,
    rest: &[TokenWithSpan],
) -> Option<(Rule, String)> {
    let next = |ahead: usize| rest.get(ahead).and_then(|t| keyword(&t.token));
    let follows = |words: &[Keyword]| words.iter().enumerate().all(|(i, k)| next(i) == Some(*k));
    match word.keyword {
        // The name before it is another one than we have read. After a string it changes nothing that is judged.
        Keyword::UESCAPE if matches!(before, Some(Token::Word(_))) => {
            Some((Rule::Ambiguous, "UESCAPE behind a name".to_owned()))
        }
        Keyword::INTO => match before.and_then(keyword) {
            Some(Keyword::INSERT | Keyword::REPLACE | Keyword::MERGE) => {
                Some((Rule::DataModification, word.value.to_ascii_uppercase()))
            }
            _ => Some((Rule::SelectInto, "INTO".to_owned())),
        },
        Keyword::FOR if follows(&[Keyword::UPDATE]) => Some((Rule::Locking, "FOR UPDATE".to_owned())),
        Keyword::FOR if follows(&[Keyword::SHARE]) => Some((Rule::Locking, "FOR SHARE".to_owned())),
        Keyword::FOR if follows(&[Keyword::NO, Keyword::KEY]) || follows(&[Keyword::KEY, Keyword::SHARE]) => {
            Some((Rule::Locking, "FOR KEY".to_owned()))
        }
        Keyword::LOCK if follows(&[Keyword::IN, Keyword::SHARE]) => {
            Some((Rule::Locking, "LOCK IN SHARE MODE".to_owned()))
        }
        Keyword::NEXT if follows(&[Keyword::VALUE, Keyword::FOR]) => {
            Some((Rule::Sequence, "NEXT VALUE FOR".to_owned()))
        }
        // Oracle sends the words behind it to a language model.
        Keyword::SELECT
            if engine == Engine::Oracle
                && is_word(rest.first(), "ai")
                && matches!(rest.get(1).map(|t| &t.token), Some(Token::Word(w)) if !matches!(w.keyword, Keyword::FROM | Keyword::AS)) =>
        {
            Some((Rule::Function, "SELECT AI".to_owned()))
        }
        Keyword::WITH
            if matches!(next(0), Some(Keyword::FUNCTION | Keyword::PROCEDURE))
                && matches!(rest.get(1).map(|t| &t.token), Some(Token::Word(w)) if w.keyword != Keyword::AS) =>
        {
            Some((Rule::Procedure, "WITH FUNCTION".to_owned()))
        }
        Keyword::PROCEDURE if is_word(rest.first(), "analyse") => {
            Some((Rule::Procedure, "PROCEDURE ANALYSE".to_owned()))
        }
        Keyword::INSERT | Keyword::UPDATE | Keyword::DELETE | Keyword::MERGE
            if before == Some(&Token::LParen)
                && matches!(rest.first().map(|t| &t.token), Some(Token::Word(_))) =>
        {
            Some((Rule::DataModification, word.value.to_ascii_uppercase()))
        }
        _ => None,
    }
}

fn is_word(token: Option<&TokenWithSpan>, name: &str) -> bool {
    matches!(token.map(|t| &t.token), Some(Token::Word(word)) if word.value.eq_ignore_ascii_case(name))
}

/// The keyword that a token is, unless it is quoted.
pub(crate) fn keyword(token: &Token) -> Option<Keyword> {
    match token {
        Token::Word(word) if word.quote_style.is_none() && word.keyword != Keyword::NoKeyword => {
            Some(word.keyword)
        }
        _ => None,
    }
}
