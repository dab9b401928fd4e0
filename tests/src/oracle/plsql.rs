//! Blocks of PL/SQL, as far as drivers and tests use them: statements one after another, and calls of known packages.

use std::time::Duration;

use super::binds::Bind;
use super::facts::lock;
use super::session::Session;
use super::token::{Token, join, tokens};
use super::{Flow, Halt, OraError, Value};

/// Runs a block.
pub(super) fn run(session: &mut Session<'_>, sql: &str, binds: &[Bind]) -> Flow<()> {
    let all = tokens(sql);
    let mut names: Vec<&str> = Vec::new();
    for token in &all {
        if let Token::Bind(name) = token
            && !names.contains(&name.as_str())
        {
            names.push(name);
        }
    }
    let value = |token: &Token| match token {
        Token::Bind(name) => {
            let at = names.iter().position(|known| known == name);
            match at.and_then(|at| binds.get(at)).map(|bind| &bind.value) {
                Some(Value::Text(text) | Value::Number(text)) => text.clone(),
                _ => String::new(),
            }
        }
        Token::Text(text) | Token::Number(text) => text.clone(),
        Token::Word(_) | Token::Quoted(_) | Token::Sign(_) => String::new(),
    };
    for statement in all.split(|token| token.is_sign(";")) {
        let start = statement
            .iter()
            .position(|token| !token.is("BEGIN") && !token.is("CALL"));
        let Some(statement) = start.and_then(|start| statement.get(start..)) else {
            continue;
        };
        if statement[0].is("NULL") || statement[0].is("END") {
            continue;
        }
        if statement[0].is("EXECUTE") && statement.get(1).is_some_and(|next| next.is("IMMEDIATE")) {
            let inner = statement.get(2).map(&value).unwrap_or_default();
            session.perform_text(&inner)?;
            continue;
        }
        if statement[0].is("DECLARE") || statement[0].is("IF") {
            return Err(undeclared(&join(&statement[..1])));
        }
        let is_call = statement.get(1).is_some_and(|next| next.is_sign("."));
        if !is_call {
            session.perform_text(&join(statement))?;
            continue;
        }
        let arguments: Vec<String> = statement
            .iter()
            .skip(3)
            .filter(|token| !matches!(token, Token::Sign(_)))
            .map(&value)
            .collect();
        call(session, &join(&statement[..3]), &arguments)?;
    }
    Ok(())
}

/// Calls a procedure of a package.
fn call(session: &Session<'_>, name: &str, arguments: &[String]) -> Flow<()> {
    let argument = |at: usize| arguments.get(at).cloned().unwrap_or_default();
    let name = name.to_uppercase().replace(' ', "");
    match name.as_str() {
        "DBMS_SESSION.SLEEP" | "DBMS_LOCK.SLEEP" => {
            let seconds = argument(0).parse().unwrap_or(0.0);
            let time = Duration::try_from_secs_f64(seconds).unwrap_or_default();
            session.inbox.sleep(time);
            session.inbox.disturbance()?;
        }
        "DBMS_APPLICATION_INFO.SET_MODULE" => {
            let mut facts = lock(&session.profile);
            (facts.module, facts.action) = (argument(0), argument(1));
        }
        "DBMS_APPLICATION_INFO.SET_ACTION" => lock(&session.profile).action = argument(0),
        "DBMS_APPLICATION_INFO.SET_CLIENT_INFO" => lock(&session.profile).client_info = argument(0),
        "DBMS_SESSION.SET_IDENTIFIER" => lock(&session.profile).client_identifier = argument(0),
        "DBMS_SESSION.CLEAR_IDENTIFIER" => lock(&session.profile).client_identifier.clear(),
        _ => return Err(undeclared(&name)),
    }
    Ok(())
}

fn undeclared(name: &str) -> Halt {
    Halt::Ora(OraError::new(
        6550,
        &format!("line 1, column 7:\nPLS-00201: identifier '{name}' must be declared"),
    ))
}
