//! How the engines' lexers differ, as data.

use gateway_core::Engine;

/// What one engine's lexer knows.
#[derive(Debug)]
pub(crate) struct Lexis {
    /// `--` begins a comment only before white space.
    pub(crate) dash_needs_space: bool,
    /// `#` begins a comment.
    pub(crate) hash_comment: bool,
    /// Block comments nest.
    pub(crate) nested_comments: bool,
    /// A block comment may end with the text.
    pub(crate) open_comments: bool,
    /// `/*! … */` is executed.
    pub(crate) executable_comments: bool,
    /// `/*+ … */` is an optimizer hint.
    pub(crate) hints: bool,
    /// A backslash escapes the next character of a plain string.
    pub(crate) backslash: bool,
    /// `"…"` is a string, not a name.
    pub(crate) double_quoted_strings: bool,
    /// `` `…` `` is a name.
    pub(crate) backtick_names: bool,
    /// `[…]` is a name.
    pub(crate) bracket_names: bool,
    /// Which of `[` and `{` mean something.
    pub(crate) brackets: &'static [u8],
    /// Operators are runs of characters, as in PostgreSQL.
    pub(crate) postgres_operators: bool,
    /// `$tag$ … $tag$` is a string.
    pub(crate) dollar_quotes: bool,
    /// `E'…'` and `U&'…'`.
    pub(crate) escape_strings: bool,
    /// `N'…'`.
    pub(crate) national_strings: bool,
    /// `B'…'`.
    pub(crate) bit_strings: bool,
    /// `X'…'`.
    pub(crate) hex_strings: bool,
    /// `q'[…]'`.
    pub(crate) alternative_quoting: bool,
    /// `@name` and `@@name` are variables.
    pub(crate) variables: bool,
    /// `$` may stand inside an unquoted name.
    pub(crate) dollar_in_names: bool,
    /// `#` may stand inside an unquoted name.
    pub(crate) hash_in_names: bool,
    /// An unquoted name may begin with digits.
    pub(crate) digit_names: bool,
    /// `0x1F` is a number.
    pub(crate) hex_numbers: bool,
    /// `1_000` is a number.
    pub(crate) number_underscores: bool,
}

const MYSQL: Lexis = Lexis {
    dash_needs_space: true,
    hash_comment: true,
    nested_comments: false,
    open_comments: false,
    executable_comments: true,
    hints: true,
    backslash: true,
    double_quoted_strings: true,
    backtick_names: true,
    bracket_names: false,
    brackets: b"{",
    postgres_operators: false,
    dollar_quotes: false,
    escape_strings: false,
    national_strings: true,
    bit_strings: true,
    hex_strings: true,
    alternative_quoting: false,
    variables: true,
    dollar_in_names: true,
    hash_in_names: false,
    digit_names: true,
    hex_numbers: true,
    number_underscores: false,
};

const POSTGRESQL: Lexis = Lexis {
    dash_needs_space: false,
    hash_comment: false,
    nested_comments: true,
    open_comments: false,
    executable_comments: false,
    hints: true,
    backslash: false,
    double_quoted_strings: false,
    backtick_names: false,
    bracket_names: false,
    brackets: b"[",
    postgres_operators: true,
    dollar_quotes: true,
    escape_strings: true,
    national_strings: true,
    bit_strings: true,
    hex_strings: true,
    alternative_quoting: false,
    variables: false,
    dollar_in_names: true,
    hash_in_names: false,
    digit_names: false,
    hex_numbers: true,
    number_underscores: true,
};

const ORACLE: Lexis = Lexis {
    dash_needs_space: false,
    hash_comment: false,
    nested_comments: false,
    open_comments: false,
    executable_comments: false,
    hints: true,
    backslash: false,
    double_quoted_strings: false,
    backtick_names: false,
    bracket_names: false,
    brackets: b"[{",
    postgres_operators: false,
    dollar_quotes: false,
    escape_strings: false,
    national_strings: true,
    bit_strings: false,
    hex_strings: false,
    alternative_quoting: true,
    variables: false,
    dollar_in_names: true,
    hash_in_names: true,
    digit_names: false,
    hex_numbers: false,
    number_underscores: false,
};

const SQLITE: Lexis = Lexis {
    dash_needs_space: false,
    hash_comment: false,
    nested_comments: false,
    open_comments: true,
    executable_comments: false,
    hints: false,
    backslash: false,
    double_quoted_strings: false,
    backtick_names: true,
    bracket_names: true,
    brackets: b"",
    postgres_operators: false,
    dollar_quotes: false,
    escape_strings: false,
    national_strings: false,
    bit_strings: false,
    hex_strings: true,
    alternative_quoting: false,
    variables: false,
    dollar_in_names: true,
    hash_in_names: false,
    digit_names: false,
    hex_numbers: true,
    number_underscores: true,
};

impl Lexis {
    /// The lexer of `engine`, with the session settings that the drivers pin.
    pub(crate) fn of(engine: Engine) -> &'static Self {
        match engine {
            Engine::MySql | Engine::MariaDb => &MYSQL,
            Engine::PostgreSql => &POSTGRESQL,
            Engine::Oracle => &ORACLE,
            Engine::Sqlite => &SQLITE,
        }
    }
}
