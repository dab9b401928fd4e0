//! The functions of OCI that sibyl calls: each is one jump through a table that is filled when the library is loaded.
//!
//! A jump leaves registers and stack as they were, so that the library's function sees its caller's arguments whatever they
//! are; nothing here has to know the signatures.

#![expect(unsafe_code, reason = "defines foreign functions and finds others by name")]

use std::ffi::{c_int, c_void};
use std::path::Path;
use std::sync::atomic::{AtomicPtr, Ordering};

use libloading::Library;

use crate::error::LoadError;

/// `OCI_ERROR`.
const ERROR: c_int = -1;

/// What a function that returns a status does as long as there is no library.
extern "C" fn refuse() -> c_int {
    ERROR
}

/// What a function that returns a pointer or a length does as long as there is no library.
extern "C" fn nothing() -> usize {
    0
}

/// `OCIClientVersion` as long as there is no library: its callers hand over places that hold nothing yet, and read them
/// whatever the answer is.
unsafe extern "C" fn no_version(
    release: *mut c_int,
    update: *mut c_int,
    revision: *mut c_int,
    increment: *mut c_int,
    extension: *mut c_int,
) -> c_int {
    for part in [release, update, revision, increment, extension] {
        // SAFETY: OCI's own function takes five pointers to integers to be written.
        unsafe { part.write(0) };
    }
    ERROR
}

macro_rules! functions {
    ($($absent:ident: { $($name:ident)* })*) => {
        #[allow(clippy::upper_case_acronyms, clippy::enum_variant_names)]
        enum Slot { $($($name,)*)* }

        /// The names, in the order of [`Slot`] and of the table.
        const NAMES: &[&str] = &[$($(stringify!($name),)*)*];

        // Relaxed accesses suffice: whoever calls a function has first seen `load` return, which comes after the stores.
        static TABLE: [AtomicPtr<c_void>; NAMES.len()] = [$($({
            let _ = Slot::$name;
            AtomicPtr::new($absent as *mut c_void)
        },)*)*];

        $($(
            #[unsafe(no_mangle)]
            #[unsafe(naked)]
            #[allow(non_snake_case)]
            unsafe extern "C" fn $name() {
                #[cfg(target_arch = "x86_64")]
                core::arch::naked_asm!(
                    "jmp qword ptr [rip + {table} + {offset}]",
                    table = sym TABLE,
                    offset = const Slot::$name as usize * size_of::<AtomicPtr<c_void>>(),
                );
                // x16 is the register that the procedure call standard sets aside for this.
                #[cfg(target_arch = "aarch64")]
                core::arch::naked_asm!(
                    "adrp x16, {table}",
                    "add x16, x16, :lo12:{table}",
                    "ldr x16, [x16, #{offset}]",
                    "br x16",
                    table = sym TABLE,
                    offset = const Slot::$name as usize * size_of::<AtomicPtr<c_void>>(),
                );
            }
        )*)*
    };
}

// Every function that sibyl 0.7 declares, so that a call more in a patch of it still links.
functions! {
    refuse: {
        OCIAttrGet OCIAttrSet OCIBindByPos2 OCIConnectionPoolCreate
        OCIConnectionPoolDestroy OCIDateAddDays OCIDateAddMonths OCIDateAssign OCIDateCompare
        OCIDateDaysBetween OCIDateFromText OCIDateLastDay OCIDateNextDay OCIDateSysDate
        OCIDateTimeAssign OCIDateTimeCompare OCIDateTimeConstruct OCIDateTimeConvert OCIDateTimeFromText
        OCIDateTimeGetDate OCIDateTimeGetTime OCIDateTimeGetTimeZoneName OCIDateTimeGetTimeZoneOffset
        OCIDateTimeIntervalAdd OCIDateTimeIntervalSub OCIDateTimeSubtract OCIDateTimeSysTimeStamp
        OCIDateTimeToText OCIDateToText OCIDefineByPos2 OCIDescriptorAlloc OCIDescriptorFree
        OCIEnvNlsCreate OCIErrorGet OCIHandleAlloc OCIHandleFree OCIIntervalAdd OCIIntervalAssign
        OCIIntervalCompare OCIIntervalDivide OCIIntervalFromNumber OCIIntervalFromTZ OCIIntervalFromText
        OCIIntervalGetDaySecond OCIIntervalGetYearMonth OCIIntervalMultiply OCIIntervalSetDaySecond
        OCIIntervalSetYearMonth OCIIntervalSubtract OCIIntervalToNumber OCIIntervalToText OCILobAppend
        OCILobCharSetForm OCILobCharSetId OCILobClose OCILobCopy2 OCILobCreateTemporary OCILobErase2
        OCILobFileClose OCILobFileExists OCILobFileGetName OCILobFileIsOpen OCILobFileOpen
        OCILobFileSetName OCILobFreeTemporary OCILobGetChunkSize OCILobGetContentType OCILobGetLength2
        OCILobIsEqual OCILobIsOpen OCILobIsTemporary OCILobLoadFromFile2 OCILobLocatorAssign
        OCILobLocatorIsInit OCILobOpen OCILobRead OCILobRead2 OCILobSetContentType OCILobTrim2
        OCILobWrite2 OCILobWriteAppend2 OCINumberAbs OCINumberAdd OCINumberArcCos OCINumberArcSin
        OCINumberArcTan OCINumberArcTan2 OCINumberAssign OCINumberCeil OCINumberCmp OCINumberCos
        OCINumberDec OCINumberDiv OCINumberExp OCINumberFloor OCINumberFromReal OCINumberFromText
        OCINumberHypCos OCINumberHypSin OCINumberHypTan OCINumberInc OCINumberIntPower OCINumberIsInt
        OCINumberIsZero OCINumberLn OCINumberLog OCINumberMod OCINumberMul OCINumberNeg OCINumberPower
        OCINumberPrec OCINumberRound OCINumberSetPi OCINumberSetZero OCINumberShift OCINumberSign
        OCINumberSin OCINumberSqrt OCINumberSub OCINumberTan OCINumberToReal OCINumberToText
        OCINumberTrunc OCIParamGet OCIPing OCIRawAllocSize OCIRawAssignBytes OCIRawAssignRaw
        OCIRawResize OCIRowidToChar OCIServerAttach OCIServerDetach OCISessionBegin OCISessionEnd
        OCISessionGet OCISessionPoolCreate OCISessionPoolDestroy OCISessionRelease OCIStmtExecute
        OCIStmtFetch2 OCIStmtGetBindInfo OCIStmtGetNextResult OCIStmtPrepare2 OCIStmtRelease
        OCIStringAllocSize OCIStringAssign OCIStringAssignText OCIStringResize OCITransCommit
        OCITransRollback
    }
    no_version: { OCIClientVersion }
    nothing: {
        OCIRawPtr OCIRawSize OCIStringPtr OCIStringSize
    }
}

/// Fills the table with the functions of `library`, or leaves it alone if one is missing.
///
/// # Errors
///
/// [`LoadError::FunctionsMissing`] names all that are missing; `file` is what the message calls the library.
pub(crate) fn bind(library: &Library, file: &Path) -> Result<(), LoadError> {
    let mut found = Vec::with_capacity(NAMES.len());
    let mut missing = Vec::new();
    for name in NAMES {
        // SAFETY: the symbol is only taken as an address here. That what is at this address is the function of OCI by that
        // name is what loading a library called libclntsh amounts to.
        match unsafe { library.get::<*mut c_void>(name.as_bytes()) } {
            Ok(address) => found.push(*address),
            Err(_) => missing.push(*name),
        }
    }
    if !missing.is_empty() {
        return Err(LoadError::FunctionsMissing {
            file: file.to_owned(),
            functions: missing,
        });
    }
    for (slot, address) in TABLE.iter().zip(found) {
        slot.store(address, Ordering::Relaxed);
    }
    Ok(())
}
