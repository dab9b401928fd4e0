//! The client: its version, its journal, and the parts it is made of.

#![allow(
    unsafe_code,
    reason = "a shared library with the interface of another, which is C's"
)]
#![allow(non_snake_case, reason = "the names are Oracle's")]
#![allow(clippy::too_many_arguments, reason = "so many has OCI")]

mod attributes;
mod handles;
mod journal;
mod lobs;
mod moments;
mod network;
mod numbers;
mod placeholders;
mod refused;
mod script;
mod sessions;
mod statements;
mod texts;
mod write;

use std::ffi::c_int;

/// `OCI_SUCCESS`.
const SUCCESS: c_int = 0;
/// `OCI_SUCCESS_WITH_INFO`.
const SUCCESS_WITH_INFO: c_int = 1;
/// `OCI_NO_DATA`.
const NO_DATA: c_int = 100;
/// `OCI_ERROR`.
const ERROR: c_int = -1;

/// The codes of types, as in Oracle's header ocidfn.h.
mod types {
    pub(crate) const VARCHAR2: u16 = 1;
    pub(crate) const NUMBER: u16 = 2;
    pub(crate) const INTEGER: u16 = 3;
    pub(crate) const VARNUM: u16 = 6;
    pub(crate) const LONG: u16 = 8;
    pub(crate) const DATE: u16 = 12;
    pub(crate) const NATIVE_FLOAT: u16 = 21;
    pub(crate) const NATIVE_DOUBLE: u16 = 22;
    pub(crate) const RAW: u16 = 23;
    pub(crate) const LONG_RAW: u16 = 24;
    pub(crate) const LONG_VARCHAR: u16 = 94;
    pub(crate) const LONG_VARRAW: u16 = 95;
    pub(crate) const CHAR: u16 = 96;
    pub(crate) const BINARY_FLOAT: u16 = 100;
    pub(crate) const BINARY_DOUBLE: u16 = 101;
    pub(crate) const ROWID: u16 = 104;
    pub(crate) const CLOB: u16 = 112;
    pub(crate) const BLOB: u16 = 113;
    pub(crate) const OCI_DATE: u16 = 156;
    pub(crate) const TIMESTAMP: u16 = 187;
    pub(crate) const TIMESTAMP_TZ: u16 = 188;
    pub(crate) const INTERVAL_YM: u16 = 189;
    pub(crate) const INTERVAL_DS: u16 = 190;
    pub(crate) const TIMESTAMP_LTZ: u16 = 232;
    pub(crate) const BOOLEAN: u16 = 252;
}

/// Says that this is release 99, which no real client is.
#[unsafe(no_mangle)]
unsafe extern "C" fn OCIClientVersion(
    release: *mut c_int,
    update: *mut c_int,
    revision: *mut c_int,
    increment: *mut c_int,
    extension: *mut c_int,
) -> c_int {
    for (place, value) in [
        (release, 99),
        (update, 1),
        (revision, 2),
        (increment, 3),
        (extension, 4),
    ] {
        // SAFETY: the caller gives five pointers to integers.
        unsafe { place.write(value) };
    }
    SUCCESS
}
