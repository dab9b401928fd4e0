//! Handles and descriptors: what they hold, how they come and go.

use std::ffi::{c_int, c_void};

use super::journal;
use super::lobs::{Lob, Rowid};
use super::moments::{Interval, Moment};
use super::network::Connection;
use super::script::{Column, Fault};
use super::statements::Statement;
use super::{ERROR, SUCCESS};

const HTYPE_ENV: u32 = 1;
const HTYPE_ERROR: u32 = 2;
/// A session, and what is to become one.
const HTYPE_AUTHINFO: u32 = 9;
const DTYPE_LOB: u32 = 50;
const DTYPE_PARAM: u32 = 53;
const DTYPE_ROWID: u32 = 54;
const DTYPE_INTERVAL_YM: u32 = 62;
const DTYPE_INTERVAL_DS: u32 = 63;
const DTYPE_TIMESTAMPS: std::ops::RangeInclusive<u32> = 68..=70;

/// An environment.
pub(crate) struct Environment;

/// Where the last error of a call is kept.
#[derive(Default)]
pub(crate) struct Errors(pub(crate) Option<Fault>);

/// Who wants to log in.
#[derive(Default)]
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: String,
}

/// A session, with its connection.
#[derive(Default)]
pub(crate) struct Service {
    /// In milliseconds; zero for none.
    pub(crate) call_timeout: u32,
    pub(crate) lost: bool,
    pub(crate) database: String,
    pub(crate) connection: Option<Connection>,
}

impl Service {
    /// Notes what is done on this session, by the port that it leads to if that is known.
    pub(crate) fn note(&self, entry: &str) {
        let port = self
            .database
            .split_once("(PORT=")
            .and_then(|(_, rest)| rest.split_once(')'));
        let label = port.map_or(&*self.database, |(port, _)| port);
        journal::note(&format!("{label} {entry}"));
    }
}

/// Makes a handle of `value`.
pub(crate) fn give<T>(value: T) -> *mut c_void {
    journal::allocated();
    Box::into_raw(Box::new(value)).cast()
}

/// What is behind a handle.
///
/// # Safety
///
/// `handle` came from [`give`] with the same type, has not been freed, and nothing else looks at it meanwhile.
pub(crate) unsafe fn at<'a, T>(handle: *const c_void) -> &'a mut T {
    // SAFETY: as promised by the caller.
    unsafe { &mut *handle.cast_mut().cast() }
}

/// Writes `value` to a place whose type only the caller knows.
///
/// # Safety
///
/// At `place` there is room for a `T`, aligned as it needs to be.
pub(crate) unsafe fn put<T>(place: *mut c_void, value: T) {
    // SAFETY: as promised by the caller.
    unsafe { place.cast::<T>().write(value) };
}

/// Frees what [`give`] made.
///
/// # Safety
///
/// As for [`at`]; the handle is gone after this.
pub(crate) unsafe fn free<T>(handle: *mut c_void) {
    journal::freed();
    // SAFETY: as promised by the caller.
    drop(unsafe { Box::from_raw(handle.cast::<T>()) });
}

/// Keeps `fault` where `errors` points to, and says that there is one.
///
/// # Safety
///
/// `errors` is an error handle.
pub(crate) unsafe fn fail(errors: *const c_void, fault: Fault) -> c_int {
    // SAFETY: as promised by the caller.
    unsafe { at::<Errors>(errors) }.0 = Some(fault);
    ERROR
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIEnvNlsCreate(
    environment: *mut *mut c_void,
    _mode: u32,
    _context: *const c_void,
    _malloc: *const c_void,
    _realloc: *const c_void,
    _free: *const c_void,
    _extra: usize,
    _memory: *const c_void,
    _charset: u16,
    _ncharset: u16,
) -> c_int {
    // SAFETY: the caller gives a place for the handle.
    unsafe { environment.write(give(Environment)) };
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIHandleAlloc(
    _environment: *const c_void,
    handle: *mut *mut c_void,
    kind: u32,
    _extra: usize,
    _memory: *const c_void,
) -> c_int {
    let made = match kind {
        HTYPE_ERROR => give(Errors::default()),
        HTYPE_AUTHINFO => give(Login::default()),
        _ => return ERROR,
    };
    // SAFETY: the caller gives a place for the handle.
    unsafe { handle.write(made) };
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIHandleFree(handle: *mut c_void, kind: u32) -> c_int {
    // SAFETY: the caller tells the kind that the handle was made with.
    unsafe {
        match kind {
            HTYPE_ENV => free::<Environment>(handle),
            HTYPE_ERROR => free::<Errors>(handle),
            HTYPE_AUTHINFO => free::<Login>(handle),
            _ => return ERROR,
        }
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIDescriptorAlloc(
    _environment: *const c_void,
    descriptor: *mut *mut c_void,
    kind: u32,
    _extra: usize,
    _memory: *const c_void,
) -> c_int {
    let made = match kind {
        DTYPE_LOB => give(Lob::default()),
        DTYPE_ROWID => give(Rowid::default()),
        DTYPE_INTERVAL_YM | DTYPE_INTERVAL_DS => give(Interval::default()),
        _ if DTYPE_TIMESTAMPS.contains(&kind) => give(Moment::default()),
        _ => return ERROR,
    };
    // SAFETY: the caller gives a place for the descriptor.
    unsafe { descriptor.write(made) };
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIDescriptorFree(descriptor: *mut c_void, kind: u32) -> c_int {
    // SAFETY: the caller tells the kind that the descriptor was made with.
    unsafe {
        match kind {
            DTYPE_LOB => free::<Lob>(descriptor),
            DTYPE_PARAM => free::<Column>(descriptor),
            DTYPE_ROWID => free::<Rowid>(descriptor),
            DTYPE_INTERVAL_YM | DTYPE_INTERVAL_DS => free::<Interval>(descriptor),
            _ if DTYPE_TIMESTAMPS.contains(&kind) => free::<Moment>(descriptor),
            _ => return ERROR,
        }
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIParamGet(
    statement: *const c_void,
    _kind: u32,
    _errors: *const c_void,
    parameter: *mut *mut c_void,
    position: u32,
) -> c_int {
    // SAFETY: the only parameters asked for are the columns of a statement.
    let statement = unsafe { at::<Statement>(statement) };
    let Some(column) = statement.column(position) else {
        return ERROR;
    };
    // SAFETY: the caller gives a place for the descriptor.
    unsafe { parameter.write(give(column.clone())) };
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIErrorGet(
    handle: *const c_void,
    _record: u32,
    _state: *const c_void,
    code: *mut i32,
    buffer: *mut u8,
    size: u32,
    kind: u32,
) -> c_int {
    if kind != HTYPE_ERROR {
        return ERROR;
    }
    // SAFETY: the caller says that it is an error handle.
    let Some(fault) = unsafe { at::<Errors>(handle) }.0.as_ref() else {
        return super::NO_DATA;
    };
    // With the line feed that Oracle ends its messages with.
    let message = format!("ORA-{:05}: {}\n", fault.code, fault.message);
    let length = message.len().min(size as usize - 1);
    // SAFETY: the buffer has room for `size` bytes.
    unsafe {
        code.write(fault.code);
        buffer.copy_from_nonoverlapping(message.as_ptr(), length);
        buffer.add(length).write(0);
    }
    SUCCESS
}
