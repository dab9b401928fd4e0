//! Logging in and out, and transactions.

use std::ffi::{c_char, c_int, c_void};

use super::SUCCESS;
use super::handles::{Login, Service, at, fail, free, give};
use super::journal::note;
use super::network::Connection;
use super::script::{self, Fault};
use super::statements::text;

#[unsafe(no_mangle)]
unsafe extern "C" fn OCISessionGet(
    _environment: *const c_void,
    errors: *const c_void,
    service: *mut *mut c_void,
    login: *const c_void,
    database: *const u8,
    database_length: u32,
    _tag: *const c_char,
    _tag_length: u32,
    _tags: *mut *const c_char,
    _tags_length: *mut u32,
    _found: *const u8,
    _mode: u32,
) -> c_int {
    // SAFETY: the handles are what they are called, and the text has the length that is given.
    let (login, database) = unsafe { (at::<Login>(login), text(database, database_length as usize)) };
    note(&format!("connect {database} as {}", login.user));
    let connection = Connection::open(&database).transpose();
    let welcome = script::log_in(&database, &login.user, &login.password);
    match connection.and_then(|connection| welcome.map(|()| connection)) {
        Ok(connection) => {
            let made = Service {
                database,
                connection,
                ..Service::default()
            };
            // SAFETY: the caller gives a place for the handle.
            unsafe { service.write(give(made)) };
            SUCCESS
        }
        // SAFETY: it is an error handle.
        Err(fault) => unsafe { fail(errors, fault) },
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCISessionRelease(
    service: *mut c_void,
    _errors: *const c_void,
    _tag: *const u8,
    _tag_length: u32,
    _mode: u32,
) -> c_int {
    // SAFETY: it is a service handle, and the caller has no use for it after this.
    unsafe {
        at::<Service>(service).note("release");
        free::<Service>(service);
    }
    SUCCESS
}

/// A call to the server that does what it is named, unless the connection was lost.
unsafe fn call(name: &str, service: *const c_void, errors: *const c_void) -> c_int {
    // SAFETY: the handles are what they are called.
    unsafe {
        at::<Service>(service).note(name);
        if at::<Service>(service).lost {
            return fail(errors, Fault::LOST);
        }
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCITransCommit(service: *const c_void, errors: *const c_void, _flags: u32) -> c_int {
    // SAFETY: as of the caller.
    unsafe { call("commit", service, errors) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCITransRollback(service: *const c_void, errors: *const c_void, _flags: u32) -> c_int {
    // SAFETY: as of the caller.
    unsafe { call("rollback", service, errors) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIPing(service: *const c_void, errors: *const c_void, _mode: u32) -> c_int {
    // SAFETY: as of the caller.
    unsafe { call("ping", service, errors) }
}
