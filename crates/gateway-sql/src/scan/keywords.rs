//! Which words are keywords. The parser's own way to find out is a binary search among a thousand; a word is looked up here in
//! a table, for the third of the time.

use std::collections::HashMap;
use std::sync::LazyLock;

use sqlparser::keywords::{ALL_KEYWORDS, ALL_KEYWORDS_INDEX, Keyword};
use sqlparser::tokenizer::{Token, Word};

use crate::fnv::Fixed;

/// No keyword is longer.
const LONGEST: usize = 40;

static KEYWORDS: LazyLock<HashMap<&'static [u8], Keyword, Fixed>> = LazyLock::new(|| {
    let words = ALL_KEYWORDS.iter().map(|word| word.as_bytes());
    words.zip(ALL_KEYWORDS_INDEX.iter().copied()).collect()
});

/// The token of an unquoted word.
pub(super) fn word(text: &str) -> Token {
    Token::Word(Word {
        value: text.to_owned(),
        quote_style: None,
        keyword: keyword(text),
    })
}

fn keyword(text: &str) -> Keyword {
    let mut upper = [0; LONGEST];
    let Some(upper) = upper.get_mut(..text.len()) else {
        return Keyword::NoKeyword;
    };
    upper.copy_from_slice(text.as_bytes());
    upper.make_ascii_uppercase();
    KEYWORDS.get(&*upper).copied().unwrap_or(Keyword::NoKeyword)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_what_the_parser_takes_it_for() {
        let others = ["", "selects", "Zoë", "ſelect", "x".repeat(100).leak()];
        for text in ALL_KEYWORDS.iter().copied().chain(others) {
            for spelling in [text.to_owned(), text.to_lowercase()] {
                assert_eq!(word(&spelling), Token::make_word(&spelling, None), "{spelling}");
            }
        }
    }
}
