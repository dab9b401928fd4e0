//! `OCIString` and `OCIRaw`: a length, and as many bytes behind it as there is room for.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ffi::{c_int, c_void};

use super::{ERROR, SUCCESS, journal};

/// What is in front of the length: the room, for the time when it is freed.
const HEAD: usize = size_of::<u64>();
const LENGTH: usize = size_of::<u32>();

fn layout(room: usize) -> Option<Layout> {
    Layout::from_size_align(HEAD + LENGTH + room, HEAD).ok()
}

/// Replaces what `place` points to by an empty one with room for `size` bytes, or by none.
///
/// # Safety
///
/// `place` holds null or what this made.
unsafe fn resize(size: u32, place: *mut *mut c_void) -> c_int {
    // SAFETY: in front of what this made is its room, and with the room goes the layout.
    unsafe {
        let old = place.read().cast::<u8>();
        if !old.is_null() {
            let begin = old.sub(HEAD);
            let Some(layout) = layout(begin.cast::<u64>().read() as usize) else {
                return ERROR;
            };
            dealloc(begin, layout);
            journal::freed();
        }
        place.write(std::ptr::null_mut());
        if size == 0 {
            return SUCCESS;
        }
        let Some(layout) = layout(size as usize) else {
            return ERROR;
        };
        let begin = alloc_zeroed(layout);
        if begin.is_null() {
            return ERROR;
        }
        begin.cast::<u64>().write(u64::from(size));
        journal::allocated();
        place.write(begin.add(HEAD).cast());
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIStringResize(
    _environment: *const c_void,
    _errors: *const c_void,
    size: u32,
    text: *mut *mut c_void,
) -> c_int {
    // SAFETY: as of the caller.
    unsafe { resize(size, text) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIRawResize(
    _environment: *const c_void,
    _errors: *const c_void,
    size: u32,
    raw: *mut *mut c_void,
) -> c_int {
    // SAFETY: as of the caller.
    unsafe { resize(size, raw) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIStringPtr(_environment: *const c_void, text: *const c_void) -> *const u8 {
    // SAFETY: it is a text, which begins with its length.
    unsafe { text.cast::<u8>().add(LENGTH) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIRawPtr(_environment: *const c_void, raw: *const c_void) -> *const u8 {
    // SAFETY: it begins with its length.
    unsafe { raw.cast::<u8>().add(LENGTH) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIStringSize(_environment: *const c_void, text: *const c_void) -> u32 {
    // SAFETY: it is a text, which begins with its length.
    unsafe { text.cast::<u32>().read() }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIRawSize(_environment: *const c_void, raw: *const c_void) -> u32 {
    // SAFETY: it begins with its length.
    unsafe { raw.cast::<u32>().read() }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIRawAssignBytes(
    _environment: *const c_void,
    _errors: *const c_void,
    bytes: *const u8,
    length: u32,
    raw: *mut *mut c_void,
) -> c_int {
    // SAFETY: there are so many bytes, and the place is as `resize` wants it.
    unsafe {
        if resize(length.max(1), raw) != SUCCESS {
            return ERROR;
        }
        let new = raw.read();
        new.cast::<u32>().write(length);
        new.cast::<u8>()
            .add(LENGTH)
            .copy_from_nonoverlapping(bytes, length as usize);
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIRawAllocSize(
    _environment: *const c_void,
    _errors: *const c_void,
    raw: *const c_void,
    size: *mut u32,
) -> c_int {
    // SAFETY: in front of what `resize` made is its room.
    unsafe { size.write(raw.cast::<u8>().sub(HEAD).cast::<u64>().read() as u32) };
    SUCCESS
}
