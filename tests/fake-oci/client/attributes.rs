//! Attributes of handles and descriptors.

use std::ffi::{c_int, c_void};

use super::handles::{Login, Service, at, put};
use super::journal::note;
use super::script::Column;
use super::statements::{Statement, text};
use super::{ERROR, SUCCESS};

const SERVICE: u32 = 3;
const STATEMENT: u32 = 4;
const BIND: u32 = 5;
const DEFINE: u32 = 6;
const SERVER: u32 = 8;
const SESSION: u32 = 9;
const PARAMETER: u32 = 53;

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIAttrGet(
    handle: *const c_void,
    kind: u32,
    value: *mut c_void,
    size: *mut u32,
    attribute: u32,
    _errors: *const c_void,
) -> c_int {
    // SAFETY: the caller tells the handle's kind, and has room for the value that the attribute has.
    unsafe {
        match (kind, attribute) {
            // The session and the server of a service are the service itself here.
            (SERVICE, 6 | 7) => put(value, handle),
            (SERVICE, 531) => put(value, at::<Service>(handle).call_timeout),
            (SERVER, 143) => put(value, u32::from(!at::<Service>(handle).lost)),
            (STATEMENT, 18) => put(value, at::<Statement>(handle).columns().len() as u32),
            (STATEMENT, 24) => put(value, at::<Statement>(handle).kind()),
            (STATEMENT, 190) => put(value, at::<Statement>(handle).placeholders().len() as u32),
            (STATEMENT, 457) => put(value, at::<Statement>(handle).fetched() as u64),
            (PARAMETER, _) => return column(at::<Column>(handle), value, size, attribute),
            _ => return ERROR,
        }
    }
    SUCCESS
}

/// An attribute of a column.
///
/// # Safety
///
/// There is room for the value that the attribute has, and for its size.
unsafe fn column(column: &Column, value: *mut c_void, size: *mut u32, attribute: u32) -> c_int {
    // SAFETY: as promised by the caller.
    unsafe {
        match attribute {
            1 => put(value, column.size),
            2 => put(value, column.kind),
            4 => {
                put(value, column.name.as_ptr());
                size.write(column.name.len() as u32);
            }
            5 => put(value, column.precision),
            6 => put(value, column.scale),
            7 => put(value, u8::from(column.nullable)),
            32 => put(value, column.form),
            286 => put(value, column.size / 4),
            _ => return ERROR,
        }
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIAttrSet(
    handle: *const c_void,
    kind: u32,
    value: *const c_void,
    size: u32,
    attribute: u32,
    _errors: *const c_void,
) -> c_int {
    // SAFETY: the caller tells the handle's kind, and the value is what the attribute takes.
    unsafe {
        match (kind, attribute) {
            (SESSION, 22) => at::<Login>(handle).user = text(value.cast(), size as usize),
            (SESSION, 23) => at::<Login>(handle).password = text(value.cast(), size as usize),
            (SERVICE, 531) => {
                let timeout = value.cast::<u32>().read();
                let service = at::<Service>(handle);
                service.note(&format!("call timeout {timeout}"));
                service.call_timeout = timeout;
            }
            (STATEMENT, 11) => note(&format!("prefetch {}", value.cast::<u32>().read())),
            // The driver's name, a session's module and action, the form of characters: taken and not looked at.
            (SESSION | SERVICE | BIND | DEFINE, _) => {}
            _ => return ERROR,
        }
    }
    SUCCESS
}
