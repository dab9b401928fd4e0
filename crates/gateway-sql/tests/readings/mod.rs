//! Other readers of a text, under every setting that a server could have: the parser's own lexer, and a plain one that only
//! knows where strings and comments end. Both are written without regard to the scanner that they check.

use std::any::TypeId;

use gateway_core::Engine;
use sqlparser::dialect::{Dialect, MySqlDialect, OracleDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::tokenizer::{Token, Tokenizer};

/// How quotes are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting {
    /// A backslash escapes the next character of a string.
    backslash: bool,
    /// `"…"` is a name.
    names: bool,
}

/// MySQL: `NO_BACKSLASH_ESCAPES` and `ANSI_QUOTES`, on and off. PostgreSQL: `standard_conforming_strings`, off and on.
fn settings(engine: Engine) -> Vec<Setting> {
    let make = |(backslash, names)| Setting { backslash, names };
    match engine {
        Engine::MySql | Engine::MariaDb => [(true, false), (true, true), (false, false), (false, true)]
            .map(make)
            .to_vec(),
        Engine::PostgreSql => [(true, true), (false, true)].map(make).to_vec(),
        Engine::Oracle | Engine::Sqlite => vec![make((false, true))],
    }
}

/// The reader and the setting that find a second statement in `text`, if any does.
pub(crate) fn of_two(engine: Engine, text: &str) -> Option<String> {
    let mut found = None;
    for setting in settings(engine) {
        if parser_reads_two(engine, setting, text) {
            found = Some(format!("the parser's lexer, {setting:?}"));
        }
        if plain_reads_two(engine, setting, text) {
            found = Some(format!("the plain lexer, {setting:?}"));
        }
    }
    found
}

#[derive(Debug)]
struct Under {
    inner: &'static dyn Dialect,
    setting: Setting,
    mysql: bool,
}

macro_rules! inner {
    ($($method:ident($($argument:ident)?);)*) => {
        $(fn $method(&self $(, $argument: char)?) -> bool { self.inner.$method($($argument)?) })*
    };
}

impl Dialect for Under {
    fn dialect(&self) -> TypeId {
        self.inner.dialect()
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        self.inner.is_delimited_identifier_start(ch) || self.mysql && self.setting.names && ch == '"'
    }

    fn supports_string_literal_backslash_escape(&self) -> bool {
        self.setting.backslash
    }

    inner! {
        is_identifier_start(ch);
        is_identifier_part(ch);
        is_nested_delimited_identifier_start(ch);
        is_custom_operator_part(ch);
        ignores_wildcard_escapes();
        requires_hash_comment_space();
        requires_single_line_comment_whitespace();
        supports_dollar_placeholder();
        supports_geometric_types();
        supports_hash_comment();
        supports_multiline_comment_hints();
        supports_national_string_literal();
        supports_nested_comments();
        supports_non_decimal_integer_literals();
        supports_numeric_literal_underscores();
        supports_numeric_prefix();
        supports_quote_delimited_string();
        supports_string_escape_constant();
        supports_unicode_string_literal();
        supports_unterminated_block_comments();
    }
}

fn parser_reads_two(engine: Engine, setting: Setting, text: &str) -> bool {
    let (inner, mysql): (&'static dyn Dialect, bool) = match engine {
        Engine::MySql | Engine::MariaDb => (&MySqlDialect {}, true),
        Engine::PostgreSql => (&PostgreSqlDialect {}, false),
        Engine::Oracle => (&OracleDialect, false),
        Engine::Sqlite => (&SQLiteDialect {}, false),
    };
    let dialect = Under {
        inner,
        setting,
        mysql,
    };
    // At the very end, MySQL takes `--` for a comment; the parser's lexer wants a space behind it.
    let text = format!("{text}\n");
    let Ok(tokens) = Tokenizer::new(&dialect, &text).tokenize() else {
        return false;
    };
    // The lexer takes a backslash for a token; no server does.
    if tokens.contains(&Token::Backslash) {
        return false;
    }
    let mut ended = false;
    tokens.iter().any(|token| match token {
        Token::Whitespace(_) | Token::EOF => false,
        Token::SemiColon => {
            ended = true;
            false
        }
        _ => ended,
    })
}

/// Blanks out what is not code, and looks behind the first semicolon that is left.
fn plain_reads_two(engine: Engine, setting: Setting, text: &str) -> bool {
    let (code, is_whole) = code(engine, setting, text);
    let mut pieces: Vec<&str> = code.split(';').collect();
    if !is_whole {
        // A statement that breaks off is not executed; those before it are, one by one.
        pieces.pop();
    }
    pieces.iter().filter(|piece| !piece.trim().is_empty()).count() > 1
}

/// The text with `x` for its strings and quoted names and without its comments, as far as it can be read.
fn code(engine: Engine, setting: Setting, text: &str) -> (String, bool) {
    let mysql = matches!(engine, Engine::MySql | Engine::MariaDb);
    let postgres = engine == Engine::PostgreSql;
    let mut code = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let escapes = match c {
            '\'' => setting.backslash || postgres && code.ends_with(['e', 'E']) && stands_alone(&code),
            '"' => setting.backslash && !setting.names,
            _ => false,
        };
        let is_dashes = if mysql {
            is_mysql_dash(rest)
        } else {
            rest.starts_with("--")
        };
        let length = if is_dashes || mysql && c == '#' {
            rest.find('\n').or(Some(rest.len()))
        } else if mysql && (rest.starts_with("/*!") || rest.starts_with("/*M!")) {
            Some(2)
        } else if rest.starts_with("/*") {
            comment(rest, postgres).or((engine == Engine::Sqlite).then_some(rest.len()))
        } else if engine == Engine::Oracle && c == '\'' && is_q_quote(&code) {
            let close = rest[1..].chars().next().map(closing);
            close.and_then(|close| rest[2..].find(&format!("{close}'")).map(|at| at + 4))
        } else if c == '\'' || c == '"' || c == '`' && (mysql || engine == Engine::Sqlite) {
            quoted(rest, c, escapes)
        } else if c == '[' && engine == Engine::Sqlite {
            rest.find(']').map(|at| at + 1)
        } else if postgres
            && c == '$'
            && let Some(tag) = dollar_tag(rest, &code)
        {
            rest[tag.len()..].find(tag).map(|at| at + 2 * tag.len())
        } else if c == '\\' && !(mysql && rest.starts_with("\\N")) {
            None
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let Some(length) = length else {
            return (code, false);
        };
        let is_comment = rest.starts_with(['-', '/', '#']);
        code.push(if is_comment { ' ' } else { 'x' });
        if !is_comment {
            code.push(' ');
        }
        rest = &rest[length.min(rest.len())..];
    }
    (code, true)
}

/// Whether the last letter is a word of its own.
fn stands_alone(code: &str) -> bool {
    let before = code.chars().rev().nth(1);
    !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$')
}

fn is_q_quote(code: &str) -> bool {
    let word = code
        .rsplit(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '#')))
        .next();
    word.is_some_and(|word| word.eq_ignore_ascii_case("q") || word.eq_ignore_ascii_case("nq"))
}

fn closing(open: char) -> char {
    match open {
        '[' => ']',
        '{' => '}',
        '<' => '>',
        '(' => ')',
        other => other,
    }
}

fn is_mysql_dash(rest: &str) -> bool {
    rest.strip_prefix("--")
        .is_some_and(|after| after.chars().next().is_none_or(|c| c <= ' ' || c == '\u{7f}'))
}

fn comment(rest: &str, nests: bool) -> Option<usize> {
    let mut depth = 1;
    let mut at = 2;
    while depth > 0 {
        let close = rest[at..].find("*/")? + at;
        match rest[at..close].find("/*").filter(|_| nests) {
            Some(open) => {
                depth += 1;
                at += open + 2;
            }
            None => {
                depth -= 1;
                at = close + 2;
            }
        }
    }
    Some(at)
}

fn quoted(rest: &str, quote: char, escapes: bool) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && escapes {
            chars.next();
        } else if c == quote {
            if chars.peek().is_none_or(|(_, next)| *next != quote) {
                return Some(at + 1);
            }
            chars.next();
        }
    }
    None
}

fn dollar_tag<'t>(rest: &'t str, code: &str) -> Option<&'t str> {
    if code.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
        return None;
    }
    let length = rest[1..].find('$')?;
    let tag = &rest[1..=length];
    let is_tag = tag.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_tag && !tag.starts_with(|c: char| c.is_ascii_digit())).then_some(&rest[..length + 2])
}
