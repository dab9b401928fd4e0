//! Turns a statement in Oracle's words into one that SQLite understands.

use super::Kind;
use super::declared;
use super::temporal::Moment;
use super::token::{Token, join, sign, tokens, word};

/// A statement for SQLite.
#[derive(Debug, Clone)]
pub(super) struct Rewritten {
    /// Its text. Placeholders are `?1` and so on, one for each occurrence.
    pub(super) text: String,
    /// The names of the placeholders.
    pub(super) binds: Vec<String>,
    /// It locks the rows it reads.
    pub(super) locks: bool,
}

/// Functions that are written without parentheses, and what they are called here: SQLite has words of its own for some.
const BARE_FUNCTIONS: [(&str, &str); 8] = [
    ("SYSDATE", "sysdate"),
    ("CURRENT_DATE", "sysdate"),
    ("SYSTIMESTAMP", "systimestamp"),
    ("CURRENT_TIMESTAMP", "systimestamp"),
    ("LOCALTIMESTAMP", "localtimestamp"),
    ("SESSIONTIMEZONE", "sessiontimezone"),
    ("DBTIMEZONE", "dbtimezone"),
    ("USER", "user"),
];

/// What the database tells about itself, as tables made on the spot.
const VIEWS: [(&str, &str); 5] = [
    (
        "NLS_SESSION_PARAMETERS",
        "(SELECT key AS parameter, value FROM json_each(session_settings()))",
    ),
    (
        "NLS_DATABASE_PARAMETERS",
        "(SELECT key AS parameter, value FROM json_each(session_settings()))",
    ),
    (
        "V$SESSION",
        "(SELECT value ->> 'sid' AS sid, (value ->> 'sid') % 65000 + 1 AS \"SERIAL#\", value ->> 'username' AS username, \
         value ->> 'status' AS status, value ->> 'module' AS module, value ->> 'action' AS action, \
         value ->> 'client_identifier' AS client_identifier, value ->> 'client_info' AS client_info, \
         value ->> 'program' AS program, value ->> 'machine' AS machine, value ->> 'service_name' AS service_name, \
         value ->> 'sql_text' AS sql_text FROM json_each(session_list()))",
    ),
    (
        "V$VERSION",
        "(SELECT banner() AS banner, banner() AS banner_full)",
    ),
    (
        "PRODUCT_COMPONENT_VERSION",
        "(SELECT 'Oracle Database' AS product, version() AS version, version() AS version_full, 'Production' AS status)",
    ),
];

/// Rewrites a statement.
pub(super) fn rewrite(sql: &str) -> Rewritten {
    let mut all = tokens(sql);
    while all.last().is_some_and(|token| token.is_sign(";")) {
        all.pop();
    }
    let locks = cut_lock(&mut all);
    if all
        .first()
        .is_some_and(|first| first.is("CREATE") || first.is("ALTER"))
    {
        all = rewrite_types(&all);
    }
    rewrite_hierarchy(&mut all);
    rewrite_limits(&mut all);
    let mut out = Vec::new();
    let mut at = 0;
    while at < all.len() {
        at += rewrite_at(&all, at, &mut out);
    }
    let mut binds = Vec::new();
    for token in &mut out {
        if let Token::Bind(name) = token {
            binds.push(std::mem::take(name));
            *token = Token::Word(format!("?{}", binds.len()));
        }
    }
    Rewritten {
        text: join(&out),
        binds,
        locks,
    }
}

/// Writes what stands for the tokens at a place, and tells how many they were.
fn rewrite_at(all: &[Token], at: usize, out: &mut Vec<Token>) -> usize {
    let token = &all[at];
    let before = at.checked_sub(1).map(|at| &all[at]);
    let after = all.get(at + 1);
    if let Token::Text(text) = token {
        // The empty text is NULL.
        out.push(if text.is_empty() {
            word("NULL")
        } else {
            token.clone()
        });
        return 1;
    }
    let Token::Word(text) = token else {
        out.push(token.clone());
        return 1;
    };
    if let (true, Some(Token::Text(literal))) = (token.is("DATE") || token.is("TIMESTAMP"), after) {
        let moment = Moment::parse(literal).map(|moment| moment.to_string());
        out.push(Token::Text(moment.unwrap_or_else(|| literal.clone())));
        return 2;
    }
    if let (true, Some(Token::Text(literal))) = (token.is("INTERVAL"), after) {
        out.push(Token::Text(literal.clone()));
        return 2 + interval_unit(&all[at + 2..]);
    }
    if token.is("MINUS") {
        out.push(word("EXCEPT"));
        return 1;
    }
    if token.is("CAST")
        && after.is_some_and(|after| after.is_sign("("))
        && let Some((inner, kind, end)) = parse_cast(all, at + 2)
    {
        out.extend([word("CAST"), sign("(")]);
        let mut place = 0;
        while place < inner.len() {
            place += rewrite_at(inner, place, out);
        }
        out.extend([word("AS"), word(affinity(kind)), sign(")")]);
        return end - at;
    }
    let is_name = before.is_some_and(|before| before.is_sign(".") || before.is("AS"))
        || after.is_some_and(|after| after.is_sign("."));
    let upper = text.to_uppercase();
    let bare = BARE_FUNCTIONS.iter().find(|(name, _)| *name == upper);
    if let Some((_, function)) = bare.filter(|_| !is_name) {
        out.extend([word(function), sign("("), sign(")")]);
        return 1;
    }
    if let Some((_, view)) = VIEWS.iter().find(|(name, _)| *name == upper) {
        out.push(word(view));
        return 1;
    }
    if text.contains('#') {
        out.push(Token::Quoted(upper));
        return 1;
    }
    out.push(token.clone());
    1
}

/// How many tokens name the unit of an interval.
fn interval_unit(rest: &[Token]) -> usize {
    const UNITS: [&str; 7] = ["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"];
    let mut count = 0;
    let mut depth = 0;
    for token in rest {
        let inside = depth > 0;
        if token.is_sign("(") {
            depth += 1;
        } else if token.is_sign(")") && inside {
            depth -= 1;
        } else if !inside && !UNITS.iter().any(|unit| token.is(unit)) {
            break;
        }
        count += 1;
    }
    count
}

/// What is cast, to which type, and where the expression ends.
pub(super) fn parse_cast(all: &[Token], from: usize) -> Option<(&[Token], Kind, usize)> {
    let (mut depth, mut turn) = (1, None);
    for (at, token) in all.iter().enumerate().skip(from) {
        if token.is_sign("(") {
            depth += 1;
        } else if token.is_sign(")") {
            depth -= 1;
            if depth == 0 {
                let turn: usize = turn?;
                let kind = declared::parse_tokens(&all[turn + 1..at])?;
                return Some((&all[from..turn], kind, at + 1));
            }
        } else if depth == 1 && token.is("AS") {
            turn = Some(at);
        }
    }
    None
}

fn affinity(kind: Kind) -> &'static str {
    match kind {
        Kind::Number { scale: 0, .. } => "INTEGER",
        Kind::Number { .. } | Kind::Float(_) | Kind::Boolean => "NUMERIC",
        Kind::BinaryDouble | Kind::BinaryFloat => "REAL",
        Kind::Raw(_) | Kind::LongRaw | Kind::Blob => "BLOB",
        _ => "TEXT",
    }
}

/// Takes `FOR UPDATE` and all after it off.
fn cut_lock(all: &mut Vec<Token>) -> bool {
    let place = all
        .windows(2)
        .position(|pair| pair[0].is("FOR") && pair[1].is("UPDATE"));
    if let Some(at) = place {
        all.truncate(at);
    }
    place.is_some()
}

/// `FROM dual CONNECT BY LEVEL <= n` counts.
fn rewrite_hierarchy(all: &mut Vec<Token>) {
    let place = all.windows(6).position(|window| {
        window[0].is("FROM")
            && window[1].is("dual")
            && window[2].is("CONNECT")
            && window[3].is("BY")
            && window[4].is("LEVEL")
            && (window[5].is_sign("<=") || window[5].is_sign("<"))
    });
    let Some(at) = place else {
        return;
    };
    let Some(most) = all.get(at + 6).cloned() else {
        return;
    };
    let step = all[at + 5].clone();
    let mut table =
        tokens("FROM (WITH RECURSIVE s(level) AS (SELECT 1 UNION ALL SELECT level + 1 FROM s WHERE level");
    table.push(sign("<"));
    table.push(most);
    if step.is_sign("<") {
        table.extend([sign("-"), Token::Number("1".to_owned())]);
    }
    table.extend(tokens(") SELECT level FROM s)"));
    all.splice(at..at + 7, table);
}

/// `FETCH FIRST n ROWS ONLY`, `OFFSET n ROWS` and `WHERE ROWNUM <= n` become limits.
fn rewrite_limits(all: &mut Vec<Token>) {
    let is_row = |token: Option<&Token>| token.is_some_and(|token| token.is("ROW") || token.is("ROWS"));
    while let Some(at) = (0..all.len()).find(|at| {
        all[*at].is("FETCH")
            && all
                .get(at + 1)
                .is_some_and(|next| next.is("FIRST") || next.is("NEXT"))
            && is_row(all.get(at + 3))
            && all.get(at + 4).is_some_and(|next| next.is("ONLY"))
    }) {
        let count = all[at + 2].clone();
        // The offset comes first in Oracle, and last in SQLite.
        let offset =
            (at >= 3 && all[at - 3].is("OFFSET") && is_row(all.get(at - 1))).then(|| all[at - 2].clone());
        let mut limit = vec![word("LIMIT"), count];
        let from = match offset {
            Some(offset) => {
                limit.extend([word("OFFSET"), offset]);
                at - 3
            }
            None => at,
        };
        all.splice(from..at + 5, limit);
    }
    while let Some(at) = (0..all.len()).find(|at| all[*at].is("OFFSET") && is_row(all.get(at + 2))) {
        let offset = all[at + 1].clone();
        let limit = [word("LIMIT"), word("-1"), word("OFFSET"), offset];
        all.splice(at..at + 3, limit);
    }
    while let Some(at) = all
        .windows(3)
        .position(|window| window[0].is("WHERE") && window[1].is("ROWNUM") && window[2].is_sign("<="))
    {
        all.splice(at..at + 3, [word("LIMIT")]);
    }
}

/// Types of several words become quoted names, which SQLite keeps as they are.
fn rewrite_types(all: &[Token]) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let token = &all[at];
        if token.is("TIMESTAMP") || token.is("INTERVAL") {
            let length = type_length(&all[at..]);
            out.push(Token::Quoted(join(&all[at..at + length])));
            at += length;
            continue;
        }
        let sized = matches!(out.last(), Some(Token::Number(_)));
        if sized && (token.is("CHAR") || token.is("BYTE")) {
            at += 1;
            continue;
        }
        if token.is("PURGE") {
            break;
        }
        out.push(token.clone());
        at += 1;
    }
    out
}

fn type_length(all: &[Token]) -> usize {
    const PARTS: [&str; 12] = [
        "TIMESTAMP",
        "INTERVAL",
        "WITH",
        "LOCAL",
        "TIME",
        "ZONE",
        "YEAR",
        "MONTH",
        "DAY",
        "SECOND",
        "TO",
        "DAYS",
    ];
    let mut depth = 0;
    let end = all.iter().position(|token| {
        if token.is_sign("(") {
            depth += 1;
        } else if token.is_sign(")") {
            depth -= 1;
            return depth < 0;
        } else if depth == 0 {
            return !PARTS.iter().any(|part| token.is(part));
        }
        false
    });
    end.unwrap_or(all.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(sql: &str) -> String {
        rewrite(sql).text
    }

    #[test]
    fn words_of_oracle() {
        assert_eq!(
            text("SELECT :a, :b FROM t WHERE d = DATE '2026-01-31' AND x = ''"),
            "SELECT ?1 , ?2 FROM t WHERE d = '2026-01-31 00:00:00' AND x = NULL"
        );
        assert_eq!(
            text("SELECT n FROM t OFFSET 2 ROWS FETCH NEXT 3 ROWS ONLY"),
            "SELECT n FROM t LIMIT 3 OFFSET 2"
        );
        assert_eq!(text("SELECT SYSDATE FROM dual"), "SELECT sysdate ( ) FROM dual");
        assert_eq!(
            text("SELECT CAST('x' AS VARCHAR2(3)) FROM dual"),
            "SELECT CAST ( 'x' AS TEXT ) FROM dual"
        );
        assert_eq!(
            text("CREATE TABLE t (a VARCHAR2(4 CHAR), b TIMESTAMP(6) WITH TIME ZONE)"),
            "CREATE TABLE t ( a VARCHAR2 ( 4 ) , b \"TIMESTAMP ( 6 ) WITH TIME ZONE\" )"
        );
    }

    #[test]
    fn locks_are_noticed() {
        let locking = rewrite("SELECT id FROM things FOR UPDATE NOWAIT;");
        assert!(locking.locks);
        assert_eq!(locking.text, "SELECT id FROM things");
    }
}
