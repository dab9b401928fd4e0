//! Large objects and row ids.

use std::ffi::{c_int, c_void};

use super::SUCCESS;
use super::handles::at;

/// A locator with what it leads to. A new one leads nowhere.
#[derive(Default)]
pub(crate) struct Lob(Option<Content>);

enum Content {
    Text(String),
    Bytes(Vec<u8>),
}

impl Lob {
    pub(crate) fn text(text: &str) -> Self {
        Self(Some(Content::Text(text.to_owned())))
    }

    pub(crate) fn bytes(bytes: &[u8]) -> Self {
        Self(Some(Content::Bytes(bytes.to_owned())))
    }
}

/// A row id. The text is where sibyl looks for signs that there is one.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Rowid {
    _unused: [u8; 16],
    text: [u8; 18],
}

impl Rowid {
    pub(crate) fn new(text: &str) -> Self {
        let mut rowid = Self::default();
        for (place, byte) in rowid.text.iter_mut().zip(text.bytes()) {
            *place = byte;
        }
        rowid
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCIRowidToChar(
    rowid: *const c_void,
    text: *mut u8,
    size: *mut u16,
    _errors: *const c_void,
) -> c_int {
    // SAFETY: it is a row id, and there is room for as much as the size says.
    unsafe {
        let rowid = at::<Rowid>(rowid);
        let length = rowid.text.len().min(size.read().into());
        text.copy_from_nonoverlapping(rowid.text.as_ptr(), length);
        size.write(length as u16);
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCILobLocatorIsInit(
    _environment: *const c_void,
    _errors: *const c_void,
    lob: *const c_void,
    flag: *mut u8,
) -> c_int {
    // SAFETY: it is a locator.
    unsafe { flag.write(u8::from(at::<Lob>(lob).0.is_some())) };
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCILobIsTemporary(
    _environment: *const c_void,
    _errors: *const c_void,
    _lob: *const c_void,
    flag: *mut u8,
) -> c_int {
    // SAFETY: there is room for the flag.
    unsafe { flag.write(0) };
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCILobCharSetForm(
    _environment: *const c_void,
    _errors: *const c_void,
    _lob: *const c_void,
    form: *mut u8,
) -> c_int {
    // SAFETY: there is room for the form.
    unsafe { form.write(1) };
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCILobGetLength2(
    _service: *const c_void,
    _errors: *const c_void,
    lob: *const c_void,
    length: *mut u64,
) -> c_int {
    // SAFETY: it is a locator.
    unsafe {
        length.write(match &at::<Lob>(lob).0 {
            None => 0,
            // In characters of two bytes each, as the server counts.
            Some(Content::Text(text)) => text.encode_utf16().count() as u64,
            Some(Content::Bytes(bytes)) => bytes.len() as u64,
        });
    }
    SUCCESS
}

#[unsafe(no_mangle)]
unsafe extern "C" fn OCILobRead2(
    _service: *const c_void,
    _errors: *const c_void,
    lob: *const c_void,
    bytes: *mut u64,
    characters: *mut u64,
    offset: u64,
    buffer: *mut u8,
    size: u64,
    _piece: u8,
    _context: *mut c_void,
    _callback: *const c_void,
    _charset: u16,
    _form: u8,
) -> c_int {
    // SAFETY: it is a locator, and the buffer has the size that is given.
    unsafe {
        let start = offset as usize - 1;
        let part = match &at::<Lob>(lob).0 {
            None => Vec::new(),
            Some(Content::Text(text)) => {
                let most = characters.read() as usize;
                let part: String = text.chars().skip(start).take(most).collect();
                characters.write(part.chars().count() as u64);
                part.into_bytes()
            }
            Some(Content::Bytes(all)) => {
                let most = bytes.read() as usize;
                all.iter().copied().skip(start).take(most).collect()
            }
        };
        let length = part.len().min(size as usize);
        buffer.copy_from_nonoverlapping(part.as_ptr(), length);
        bytes.write(length as u64);
    }
    SUCCESS
}
