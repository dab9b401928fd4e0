//! The words of a statement.

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// An unquoted name or a keyword, as written.
    Word(String),
    /// A quoted name, without its quotes.
    Quoted(String),
    /// A text, without its quotes.
    Text(String),
    /// A number.
    Number(String),
    /// A placeholder, without its colon.
    Bind(String),
    /// A sign, or several that belong together.
    Sign(String),
}

impl Token {
    /// Whether it is an unquoted word.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(text) if text.eq_ignore_ascii_case(word))
    }

    /// Whether it is a sign.
    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self, Self::Sign(text) if text == sign)
    }

    /// As it stands in a statement.
    pub(super) fn write(&self, out: &mut String) {
        match self {
            Self::Word(text) | Self::Number(text) | Self::Sign(text) => out.push_str(text),
            Self::Bind(name) => {
                out.push(':');
                out.push_str(name);
            }
            Self::Quoted(name) => {
                out.push('"');
                out.push_str(&name.replace('"', "\"\""));
                out.push('"');
            }
            Self::Text(text) => {
                out.push('\'');
                out.push_str(&text.replace('\'', "''"));
                out.push('\'');
            }
        }
    }
}

/// A word as a token.
pub(super) fn word(text: &str) -> Token {
    Token::Word(text.to_owned())
}

/// A sign as a token.
pub(super) fn sign(text: &str) -> Token {
    Token::Sign(text.to_owned())
}

/// Tokens with spaces between, so that they are read again as they are.
pub(super) fn join(tokens: &[Token]) -> String {
    let mut text = String::new();
    for token in tokens {
        if !text.is_empty() {
            text.push(' ');
        }
        token.write(&mut text);
    }
    text
}

/// Takes a statement apart. Comments and spaces are left out.
pub(super) fn tokens(sql: &str) -> Vec<Token> {
    let mut scanner = Scanner { rest: sql };
    let mut tokens = Vec::new();
    while let Some(token) = scanner.next() {
        tokens.push(token);
    }
    tokens
}

struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    fn cut(&mut self, count: usize) -> &'a str {
        let (head, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        head
    }

    fn while_true(&self, from: usize, belongs: impl Fn(char) -> bool) -> usize {
        let rest = self.rest.get(from..).unwrap_or_default();
        from + rest.find(|next| !belongs(next)).unwrap_or(rest.len())
    }

    fn skip_blank(&mut self) {
        loop {
            self.rest = self
                .rest
                .trim_start_matches(|next: char| next.is_whitespace() || next == '\0');
            let end = if self.rest.starts_with("--") {
                self.rest.find('\n')
            } else if self.rest.starts_with("/*") {
                self.rest.find("*/").map(|at| at + 2)
            } else {
                return;
            };
            self.cut(end.unwrap_or(self.rest.len()));
        }
    }

    /// What is between quotes, of which two in a row stand for one.
    fn quoted(&mut self, quote: char) -> String {
        self.cut(quote.len_utf8());
        let mut text = String::new();
        loop {
            let end = self.rest.find(quote).unwrap_or(self.rest.len());
            text.push_str(self.cut(end));
            self.cut(1);
            if !self.rest.starts_with(quote) {
                return text;
            }
            text.push(quote);
            self.cut(1);
        }
    }

    /// `q'[...]'`, with the quote in front.
    fn alternative(&mut self) -> String {
        self.cut(1);
        let open = self.rest.chars().next().unwrap_or('[');
        self.cut(open.len_utf8());
        let close = match open {
            '[' => ']',
            '{' => '}',
            '(' => ')',
            '<' => '>',
            other => other,
        };
        let end = format!("{close}'");
        let at = self.rest.find(&end).unwrap_or(self.rest.len());
        let text = self.cut(at).to_owned();
        self.cut(end.len());
        text
    }

    fn next(&mut self) -> Option<Token> {
        self.skip_blank();
        let first = self.rest.chars().next()?;
        if first == '\'' {
            return Some(Token::Text(self.quoted('\'')));
        }
        if first == '"' {
            return Some(Token::Quoted(self.quoted('"')));
        }
        if first.is_ascii_digit() {
            return Some(self.number());
        }
        if is_name(first) {
            let end = self.while_true(0, is_name);
            let text = self.cut(end).to_owned();
            let (prefix, quoted) = (text.to_lowercase(), self.rest.starts_with('\''));
            return Some(match prefix.as_str() {
                "q" | "nq" if quoted => Token::Text(self.alternative()),
                "n" if quoted => Token::Text(self.quoted('\'')),
                _ => Token::Word(text),
            });
        }
        if first == ':' {
            let end = self.while_true(1, is_name);
            if end > 1 {
                return Some(Token::Bind(self.cut(end)[1..].to_owned()));
            }
        }
        let belongs = |next: char| "<>=!|^".contains(next);
        let end = if self.rest.starts_with(":=") {
            2
        } else if belongs(first) {
            self.while_true(0, belongs)
        } else {
            first.len_utf8()
        };
        Some(Token::Sign(self.cut(end).to_owned()))
    }

    fn number(&mut self) -> Token {
        let mut end = self.while_true(0, |next| next.is_ascii_digit() || next == '.');
        let exponent = self.rest[end..].strip_prefix(['e', 'E']).map(|rest| {
            let signs = rest.len() - rest.trim_start_matches(['+', '-']).len();
            (
                signs,
                rest[signs..].starts_with(|next: char| next.is_ascii_digit()),
            )
        });
        if let Some((signs, true)) = exponent {
            end = self.while_true(end + 1 + signs, |next| next.is_ascii_digit());
        }
        Token::Number(self.cut(end).to_owned())
    }
}

fn is_name(next: char) -> bool {
    next.is_alphanumeric() || "_$#".contains(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_texts_and_signs() {
        let found =
            tokens("SELECT a.\"B c\", 'it''s', q'[x'y]', N'n' /* no */ -- no\n FROM t WHERE x<=:1||1.5e-3");
        let expected = [
            word("SELECT"),
            word("a"),
            sign("."),
            Token::Quoted("B c".into()),
            sign(","),
            Token::Text("it's".into()),
            sign(","),
            Token::Text("x'y".into()),
            sign(","),
            Token::Text("n".into()),
            word("FROM"),
            word("t"),
            word("WHERE"),
            word("x"),
            sign("<="),
            Token::Bind("1".into()),
            sign("||"),
            Token::Number("1.5e-3".into()),
        ];
        assert_eq!(found, expected);
    }
}
