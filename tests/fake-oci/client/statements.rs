//! Statements: preparing, binding, executing, fetching.

use std::ffi::{c_int, c_void};
use std::time::Duration;

use super::handles::{Service, at, fail, free, give};
use super::script::{self, Answer, Column, End, Fault, Value};
use super::write::{self, Define};
use super::{ERROR, NO_DATA, SUCCESS, SUCCESS_WITH_INFO, placeholders, types};

const SELECT: u16 = 1;
const OTHER: u16 = 0;

/// A value that was bound: where it is, until the statement is executed.
#[derive(Clone, Copy)]
struct Bind {
    value: *const c_void,
    kind: u16,
    indicator: *const i16,
    length: *const u32,
}

/// A statement.
#[derive(Default)]
pub(crate) struct Statement {
    sql: String,
    placeholders: Vec<String>,
    binds: Vec<Option<Bind>>,
    columns: Vec<Column>,
    defines: Vec<Option<Define>>,
    rows: Vec<Vec<Value>>,
    end: Option<End>,
    fetched: usize,
}

impl Statement {
    pub(crate) fn kind(&self) -> u16 {
        let word = self.sql.split_whitespace().next().unwrap_or_default();
        if ["SELECT", "WITH"]
            .iter()
            .any(|query| word.eq_ignore_ascii_case(query))
        {
            SELECT
        } else {
            OTHER
        }
    }

    pub(crate) fn placeholders(&self) -> &[String] {
        &self.placeholders
    }

    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column at a position, counted from one.
    pub(crate) fn column(&self, position: u32) -> Option<&Column> {
        self.columns.get(position.checked_sub(1)? as usize)
    }

    pub(crate) fn fetched(&self) -> usize {
        self.fetched
    }
}

/// A text that is given by its beginning and its length.
///
/// # Safety
///
/// There are `length` bytes at `bytes`.
pub(crate) unsafe fn text(bytes: *const u8, length: usize) -> String {
    // SAFETY: as promised by the caller.
    String::from_utf8_lossy(unsafe { std::slice::from_raw_parts(bytes, length) }).into_owned()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIStmtPrepare2(
    _service: *const c_void,
    statement: *mut *mut c_void,
    _errors: *const c_void,
    sql: *const u8,
    length: u32,
    _key: *const u8,
    _key_length: u32,
    _language: u32,
    _mode: u32,
) -> c_int {
    // SAFETY: the text has the length that is given.
    let sql = unsafe { text(sql, length as usize) };
    let placeholders = placeholders::find(&sql);
    let made = Statement {
        binds: vec![None; placeholders.len()],
        placeholders,
        sql,
        ..Statement::default()
    };
    // SAFETY: the caller gives a place for the handle.
    unsafe { statement.write(give(made)) };
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIStmtRelease(
    statement: *mut c_void,
    _errors: *const c_void,
    _key: *const u8,
    _key_length: u32,
    _mode: u32,
) -> c_int {
    // SAFETY: it is a statement, and the caller has no use for it after this.
    unsafe { free::<Statement>(statement) };
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIStmtGetBindInfo(
    statement: *const c_void,
    _errors: *const c_void,
    size: u32,
    _start: u32,
    found: *mut i32,
    names: *mut *const u8,
    name_lengths: *mut u8,
    _indicators: *mut *const u8,
    _indicator_lengths: *mut u8,
    duplicates: *mut u8,
    binds: *mut *const c_void,
) -> c_int {
    // SAFETY: it is a statement, and each of the arrays has room for `size` entries.
    unsafe {
        let names_of = at::<Statement>(statement).placeholders();
        for (index, name) in names_of.iter().enumerate().take(size as usize) {
            names.add(index).write(name.as_ptr());
            name_lengths.add(index).write(name.len() as u8);
            duplicates
                .add(index)
                .write(u8::from(names_of[..index].contains(name)));
            binds.add(index).write(statement);
        }
        found.write(names_of.len() as i32);
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIBindByPos2(
    statement: *const c_void,
    bind: *mut *const c_void,
    errors: *const c_void,
    position: u32,
    value: *const c_void,
    _size: i64,
    kind: u16,
    indicator: *const i16,
    length: *const u32,
    _code: *const u16,
    _most: u32,
    _current: *const u32,
    _mode: u32,
) -> c_int {
    // SAFETY: the handles are what they are called.
    unsafe {
        bind.write(statement);
        let binds = &mut at::<Statement>(statement).binds;
        let Some(place) = binds.get_mut((position as usize).wrapping_sub(1)) else {
            return fail(
                errors,
                Fault {
                    code: 1036,
                    message: "illegal variable name/number",
                },
            );
        };
        *place = Some(Bind {
            value,
            kind,
            indicator,
            length,
        });
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIDefineByPos2(
    statement: *const c_void,
    define: *mut *const c_void,
    _errors: *const c_void,
    position: u32,
    place: *mut c_void,
    size: i64,
    kind: u16,
    indicator: *mut i16,
    length: *mut u32,
    _code: *mut u16,
    _mode: u32,
) -> c_int {
    // SAFETY: it is a statement.
    let statement = unsafe {
        define.write(statement);
        at::<Statement>(statement)
    };
    let Some(slot) = statement.defines.get_mut((position as usize).wrapping_sub(1)) else {
        return ERROR;
    };
    *slot = Some(Define {
        place,
        size: usize::try_from(size).unwrap_or_default(),
        kind,
        indicator,
        length,
    });
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIStmtExecute(
    service: *const c_void,
    statement: *const c_void,
    errors: *const c_void,
    _iterations: u32,
    _offset: u32,
    _snapshot_in: *const c_void,
    _snapshot_out: *mut c_void,
    _mode: u32,
) -> c_int {
    // SAFETY: the handles are what they are called.
    unsafe {
        let (service, statement) = (at::<Service>(service), at::<Statement>(statement));
        service.note(&format!("execute {}", statement.sql));
        if service.lost {
            return fail(errors, Fault::LOST);
        }
        if statement.kind() != SELECT {
            return SUCCESS;
        }
        statement.fetched = 0;
        match script::answer(&statement.sql, &service.database) {
            Answer::Rows { columns, rows, end } => {
                (statement.columns, statement.rows, statement.end) = (columns, rows, Some(end));
            }
            Answer::Binds => {
                let texts: Vec<String> = statement.binds.iter().map(|bind| show(*bind)).collect();
                statement.columns = (1..=texts.len())
                    .map(|position| script::column(&format!("B{position}"), types::VARCHAR2, 4000))
                    .collect();
                statement.rows = vec![texts.into_iter().map(Value::Text).collect()];
                statement.end = Some(End::Done);
            }
            Answer::Fails(fault) => return fail(errors, fault),
            Answer::Silence => {
                let limit = Duration::from_millis(service.call_timeout.into());
                let limit = (!limit.is_zero()).then_some(limit);
                let fault = match &mut service.connection {
                    Some(connection) => connection.wait(limit),
                    None => Fault::TIMED_OUT,
                };
                service.lost = fault.code == Fault::LOST.code;
                return fail(errors, fault);
            }
            Answer::Lost => {
                service.lost = true;
                return fail(errors, Fault::LOST);
            }
        }
        statement.defines = vec![None; statement.columns.len()];
    }
    SUCCESS
}

/// A bound value, with its type.
///
/// # Safety
///
/// What was bound is still where it was.
unsafe fn show(bind: Option<Bind>) -> String {
    let Some(bind) = bind else {
        return "unbound".to_owned();
    };
    // SAFETY: as promised by the caller.
    unsafe {
        if bind.indicator.read() < 0 {
            return format!("{} null", bind.kind);
        }
        write::show(bind.value, bind.kind, bind.length.read() as usize)
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIStmtFetch2(
    statement: *const c_void,
    errors: *const c_void,
    _rows: u32,
    _orientation: u16,
    _offset: i16,
    _mode: u32,
) -> c_int {
    // SAFETY: the handles are what they are called, and the places that were defined are still there.
    unsafe {
        let statement = at::<Statement>(statement);
        let row = match (statement.rows.get(statement.fetched), statement.end) {
            (Some(row), _) => row,
            (None, Some(End::Never)) => &statement.rows[statement.fetched % statement.rows.len()],
            (None, Some(End::Fails(fault))) => return fail(errors, fault),
            (None, Some(End::Done)) => return NO_DATA,
            (None, None) => return ERROR,
        };
        statement.fetched += 1;
        let mut truncated = false;
        for (value, define) in row.iter().zip(&statement.defines) {
            if let Some(define) = define {
                match define.put(value) {
                    Ok(whole) => truncated |= !whole,
                    Err(fault) => return fail(errors, fault),
                }
            }
        }
        if truncated {
            fail(errors, Fault::TRUNCATED);
            return SUCCESS_WITH_INFO;
        }
    }
    SUCCESS
}
