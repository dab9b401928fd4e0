//! Oracle's functions, as far as tests use them, for SQLite.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{Connection, Error, Result};

use super::facts::{Board, Profile, lock};
use super::inbox::Inbox;
use super::temporal::Moment;
use super::{Mode, OraError, dictionary};

/// Who asks: nobody for a look behind the scenes.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) mode: Mode,
    pub(super) board: Arc<Board>,
    pub(super) session: Option<(Profile, Arc<Inbox>)>,
}

/// Makes the functions known to a connection.
pub(super) fn register(connection: &Connection, asker: &Asker) -> Result<()> {
    const FIXED: FunctionFlags = FunctionFlags::SQLITE_UTF8.union(FunctionFlags::SQLITE_DETERMINISTIC);
    const NOW: FunctionFlags = FunctionFlags::SQLITE_UTF8;
    connection.create_scalar_function("nvl", 2, FIXED, |context| {
        let first: Sql = context.get(0)?;
        if first == Sql::Null {
            context.get::<Sql>(1)
        } else {
            Ok(first)
        }
    })?;
    connection.create_scalar_function("nvl2", 3, FIXED, |context| {
        let first: Sql = context.get(0)?;
        context.get::<Sql>(if first == Sql::Null { 2 } else { 1 })
    })?;
    connection.create_scalar_function("mod", 2, FIXED, |context| {
        match (context.get_raw(0), context.get_raw(1)) {
            (ValueRef::Null, _) | (_, ValueRef::Null) => Ok(Sql::Null),
            (ValueRef::Integer(value), ValueRef::Integer(0)) => Ok(Sql::Integer(value)),
            (ValueRef::Integer(value), ValueRef::Integer(by)) => Ok(Sql::Integer(value.wrapping_rem(by))),
            _ => Ok(Sql::Real(context.get::<f64>(0)? % context.get::<f64>(1)?)),
        }
    })?;
    connection.create_scalar_function("to_number", 1, FIXED, to_number)?;
    for name in ["to_char", "to_clob", "to_nclob"] {
        connection.create_scalar_function(name, -1, FIXED, to_char)?;
    }
    for name in ["to_date", "to_timestamp", "to_timestamp_tz"] {
        connection.create_scalar_function(name, -1, FIXED, to_moment)?;
    }
    for name in ["to_binary_double", "to_binary_float"] {
        connection.create_scalar_function(name, 1, FIXED, |context| {
            let text = as_text(context.get_raw(0));
            text.map(|text| text.trim().parse::<f64>().map_err(|_| invalid_number()))
                .transpose()
        })?;
    }
    // Sessions are in UTC, and so is what they are given.
    connection.create_scalar_function("from_tz", 2, FIXED, |context| context.get::<Sql>(0))?;
    connection.create_scalar_function("to_blob", 1, FIXED, |context| context.get::<Sql>(0))?;
    connection.create_scalar_function("hextoraw", 1, FIXED, |context| {
        let Some(text) = as_text(context.get_raw(0)) else {
            return Ok(Sql::Null);
        };
        let pair = |at: usize| {
            text.get(at..at + 2)
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
        };
        let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(pair).collect();
        bytes
            .map(Sql::Blob)
            .ok_or_else(|| raise(&OraError::new(1465, "invalid hex number")))
    })?;
    connection.create_scalar_function("rawtohex", 1, FIXED, |context| match context.get_raw(0) {
        ValueRef::Blob(bytes) => Ok(Some(
            bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>(),
        )),
        _ => Ok(None),
    })?;
    for name in ["sysdate", "systimestamp", "localtimestamp"] {
        connection.create_scalar_function(name, 0, NOW, |_| Ok(Moment::now().to_string()))?;
    }
    dictionary::register(connection)?;
    register_session(connection, asker, NOW)
}

/// Functions that depend on the session.
fn register_session(connection: &Connection, asker: &Asker, flags: FunctionFlags) -> Result<()> {
    let session = asker.session.clone();
    connection.create_scalar_function("sys_context", -1, flags, move |context| {
        let parameter = as_text(context.get_raw(1)).unwrap_or_default().to_uppercase();
        let Some((profile, _)) = &session else {
            return Ok(None);
        };
        Ok(environment(profile, &parameter))
    })?;
    for (name, parameter) in [("user", "SESSION_USER"), ("sessiontimezone", "TIME_ZONE")] {
        let session = asker.session.clone();
        connection.create_scalar_function(name, 0, flags, move |_| {
            let profile = session.as_ref().map(|(profile, _)| profile);
            Ok(profile.and_then(|profile| environment(profile, parameter)))
        })?;
    }
    connection.create_scalar_function("dbtimezone", 0, flags, |_| Ok("+00:00"))?;
    let session = asker.session.clone();
    connection.create_scalar_function("session_settings", 0, flags, move |_| {
        let settings = session
            .as_ref()
            .map(|(profile, _)| lock(profile).settings.clone());
        serde_json::to_string(&settings.unwrap_or_default())
            .map_err(|failure| Error::UserFunctionError(failure.into()))
    })?;
    let session = asker.session.clone();
    connection.create_scalar_function("slow", 1, flags, move |context| {
        let seconds: f64 = context.get(0)?;
        if let Some((_, inbox)) = &session {
            inbox.sleep(Duration::try_from_secs_f64(seconds).unwrap_or_default());
            if inbox.is_disturbed() {
                return Err(raise(&OraError::cancelled()));
            }
        }
        Ok(seconds)
    })?;
    let board = Arc::clone(&asker.board);
    connection.create_scalar_function("session_list", 0, flags, move |_| {
        let list = board.sessions().into_iter().map(|facts| {
            serde_json::json!({
                "sid": facts.id,
                "username": facts.user,
                "status": if facts.active { "ACTIVE" } else { "INACTIVE" },
                "module": facts.module,
                "action": facts.action,
                "client_identifier": facts.client_identifier,
                "client_info": facts.client_info,
                "program": facts.about.get("AUTH_PROGRAM_NM"),
                "machine": facts.about.get("AUTH_MACHINE"),
                "service_name": facts.service,
                "sql_text": facts.statement,
            })
        });
        Ok(serde_json::Value::Array(list.collect()).to_string())
    })?;
    let mode = asker.mode;
    connection.create_scalar_function("banner", 0, flags, move |_| Ok(mode.banner()))?;
    connection.create_scalar_function("version", 0, flags, move |_| Ok(mode.version()))
}

fn environment(profile: &Profile, parameter: &str) -> Option<String> {
    let facts = lock(profile);
    let text = match parameter {
        "MODULE" => facts.module.clone(),
        "ACTION" => facts.action.clone(),
        "CLIENT_IDENTIFIER" => facts.client_identifier.clone(),
        "CLIENT_INFO" => facts.client_info.clone(),
        "SESSION_USER" | "CURRENT_USER" | "CURRENT_SCHEMA" => facts.user.clone(),
        "SERVICE_NAME" => facts.service.clone(),
        "SID" | "SESSIONID" => facts.id.to_string(),
        "DB_NAME" | "INSTANCE_NAME" => "TEST".to_owned(),
        "DATABASE_ROLE" => "PRIMARY".to_owned(),
        "READ_ONLY" => (facts.transaction == super::Transaction::ReadOnly).to_string(),
        other => facts.settings.get(other)?.clone(),
    };
    (!text.is_empty()).then_some(text)
}

/// An error in Oracle's words, which is found again in what SQLite says.
fn raise(failure: &OraError) -> Error {
    Error::UserFunctionError(failure.to_string().into())
}

fn invalid_number() -> Error {
    raise(&OraError::new(1722, "invalid number"))
}

fn as_text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
    }
}

fn to_number(context: &mut Context<'_>) -> Result<ToSqlOutput<'static>> {
    let Some(text) = as_text(context.get_raw(0)) else {
        return Ok(ToSqlOutput::Owned(Sql::Null));
    };
    let text = text.trim();
    let value = match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(whole), _) => Sql::Integer(whole),
        // What a double does not hold exactly stays text, of which the column makes a number.
        (_, Ok(real)) if real.to_string() == text => Sql::Real(real),
        (_, Ok(_)) => Sql::Text(text.to_owned()),
        _ => return Err(invalid_number()),
    };
    Ok(ToSqlOutput::Owned(value))
}

/// Formats of dates are understood word by word; numbers are written as they are.
fn to_char(context: &mut Context<'_>) -> Result<Option<String>> {
    let Some(text) = as_text(context.get_raw(0)) else {
        return Ok(None);
    };
    let format = (context.len() > 1).then(|| as_text(context.get_raw(1))).flatten();
    let (Some(format), Some(moment)) = (format, Moment::parse(&text)) else {
        return Ok(Some(text));
    };
    let parts = [
        ("YYYY", format!("{:04}", moment.year)),
        ("HH24", format!("{:02}", moment.hour)),
        ("MI", format!("{:02}", moment.minute)),
        ("SS", format!("{:02}", moment.second)),
        ("MM", format!("{:02}", moment.month)),
        ("DD", format!("{:02}", moment.day)),
        ("FF9", format!("{:09}", moment.nanos)),
        ("FF6", format!("{:06}", moment.nanos / 1000)),
        ("FF3", format!("{:03}", moment.nanos / 1_000_000)),
        ("FF", format!("{:06}", moment.nanos / 1000)),
        ("\"T\"", "T".to_owned()),
    ];
    let written = parts.iter().fold(format.to_uppercase(), |text, (part, value)| {
        text.replace(part, value)
    });
    Ok(Some(written))
}

fn to_moment(context: &mut Context<'_>) -> Result<Option<String>> {
    let Some(text) = as_text(context.get_raw(0)) else {
        return Ok(None);
    };
    match Moment::parse(&text) {
        Some(moment) => Ok(Some(moment.to_string())),
        None => Err(raise(&OraError::new(
            1861,
            "literal does not match format string",
        ))),
    }
}
