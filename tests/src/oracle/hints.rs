//! What a statement's text tells about the types of its columns, where no table declares them.

use super::Kind;
use super::binds::Bind;
use super::rewrite::parse_cast;
use super::token::{Token, tokens};

/// The type of each column that can be told, and its name if it is quoted.
#[derive(Debug, Clone, Default)]
pub(super) struct Hint {
    pub(super) kind: Option<Kind>,
    pub(super) quoted: Option<String>,
}

/// Looks at a statement's first list of columns.
pub(super) fn hints(sql: &str, binds: &[Bind]) -> Vec<Hint> {
    let all = tokens(sql);
    let Some(list) = select_list(&all) else {
        return Vec::new();
    };
    let mut used = binds.iter();
    let mut hints = Vec::new();
    for item in split(list) {
        let here = item
            .iter()
            .filter(|token| matches!(token, Token::Bind(_)))
            .count();
        let bound: Vec<&Bind> = used.by_ref().take(here).collect();
        hints.push(Hint {
            kind: kind(item, &bound),
            quoted: match item.last() {
                Some(Token::Quoted(name)) => Some(name.clone()),
                _ => None,
            },
        });
    }
    hints
}

/// Between the first SELECT that is not in parentheses, and its FROM.
fn select_list(all: &[Token]) -> Option<&[Token]> {
    let mut depth = 0;
    let mut start = None;
    for (at, token) in all.iter().enumerate() {
        if token.is_sign("(") {
            depth += 1;
        } else if token.is_sign(")") {
            depth -= 1;
        } else if depth == 0 && start.is_none() && token.is("SELECT") {
            let skip = all
                .get(at + 1)
                .is_some_and(|next| next.is("DISTINCT") || next.is("ALL"));
            start = Some(at + 1 + usize::from(skip));
        } else if depth == 0 && token.is("FROM") && start.is_some() {
            return all.get(start?..at);
        }
    }
    all.get(start?..)
}

fn split(list: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0;
    list.split(|token| {
        if token.is_sign("(") {
            depth += 1;
        } else if token.is_sign(")") {
            depth -= 1;
        }
        depth == 0 && token.is_sign(",")
    })
    .collect()
}

fn kind(item: &[Token], bound: &[&Bind]) -> Option<Kind> {
    let first = item.first()?;
    let second = item.get(1);
    if matches!(first, Token::Bind(_)) {
        let alone = item.len() == 1
            || second.is_some_and(|second| second.is("AS"))
            || (item.len() == 2 && !matches!(second, Some(Token::Sign(_))));
        return bound.first().filter(|_| alone).map(|bind| bind.kind);
    }
    if second.is_some_and(|second| second.is_sign("(")) && first.is("CAST") {
        return parse_cast(item, 2).map(|(_, kind, _)| kind);
    }
    if matches!(second, Some(Token::Text(_))) {
        if first.is("DATE") {
            return Some(Kind::Date);
        }
        if first.is("TIMESTAMP") {
            let Some(Token::Text(text)) = second else {
                return None;
            };
            let zoned = text.contains(['+', 'Z']) || text.matches('-').count() > 2;
            return Some(if zoned {
                Kind::TimestampTz(9)
            } else {
                Kind::Timestamp(9)
            });
        }
        if first.is("INTERVAL") {
            let months = item.iter().any(|token| token.is("YEAR") || token.is("MONTH"));
            return Some(if months {
                Kind::YearMonth(2)
            } else {
                Kind::DaySecond(2, 6)
            });
        }
    }
    let Token::Word(name) = first else {
        return None;
    };
    Some(match name.to_uppercase().as_str() {
        "SYSDATE" | "CURRENT_DATE" | "TO_DATE" => Kind::Date,
        "SYSTIMESTAMP" | "CURRENT_TIMESTAMP" | "TO_TIMESTAMP_TZ" => Kind::TimestampTz(6),
        "LOCALTIMESTAMP" | "TO_TIMESTAMP" => Kind::Timestamp(9),
        "TO_CLOB" => Kind::Clob,
        "TO_NCLOB" => Kind::Nclob,
        "TO_BLOB" => Kind::Blob,
        "TO_BINARY_DOUBLE" => Kind::BinaryDouble,
        "TO_BINARY_FLOAT" => Kind::BinaryFloat,
        "COUNT" | "SUM" | "AVG" | "TO_NUMBER" | "MOD" | "LENGTH" => Kind::NUMBER,
        "TO_CHAR" | "SYS_CONTEXT" | "UPPER" | "LOWER" | "SUBSTR" => Kind::Varchar(4000),
        "TRUE" | "FALSE" => Kind::Boolean,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::Value;

    #[test]
    fn binds_and_casts() {
        let bind = Bind {
            kind: Kind::Date,
            value: Value::Null,
        };
        let found = hints(
            "SELECT :1 AS v, CAST(x AS NUMBER(5)), n AS \"Mixed\", 'a,b' FROM t",
            &[bind],
        );
        let kinds: Vec<Option<Kind>> = found.iter().map(|hint| hint.kind).collect();
        let five = Kind::Number {
            precision: 5,
            scale: 0,
        };
        assert_eq!(kinds, [Some(Kind::Date), Some(five), None, None]);
        assert_eq!(found[2].quoted.as_deref(), Some("Mixed"));
    }
}
