//! What a client must have and this one cannot do.

use std::ffi::c_int;

use super::ERROR;
use super::journal::note;

macro_rules! refused {
    ($($name:ident)*) => {
        $(
            #[unsafe(no_mangle)]
            extern "C" fn $name() -> c_int {
                note(concat!("refused ", stringify!($name)));
                ERROR
            }
        )*
    };
}

refused! {
    OCIConnectionPoolCreate OCIConnectionPoolDestroy OCIDateAddDays OCIDateAddMonths OCIDateAssign
    OCIDateCompare OCIDateDaysBetween OCIDateFromText OCIDateLastDay OCIDateNextDay OCIDateSysDate
    OCIDateTimeCompare OCIDateTimeFromText OCIDateTimeGetTimeZoneName
    OCIDateTimeIntervalAdd OCIDateTimeIntervalSub OCIDateTimeSubtract OCIDateTimeSysTimeStamp
    OCIDateTimeToText OCIDateToText OCIIntervalAdd OCIIntervalCompare OCIIntervalDivide
    OCIIntervalFromNumber OCIIntervalFromTZ OCIIntervalFromText OCIIntervalMultiply
    OCIIntervalSetDaySecond OCIIntervalSetYearMonth OCIIntervalSubtract OCIIntervalToNumber
    OCIIntervalToText OCILobAppend OCILobCharSetId OCILobClose OCILobCopy2 OCILobCreateTemporary
    OCILobErase2 OCILobFileClose OCILobFileExists OCILobFileGetName OCILobFileIsOpen OCILobFileOpen
    OCILobFileSetName OCILobFreeTemporary OCILobGetChunkSize OCILobGetContentType OCILobIsEqual
    OCILobIsOpen OCILobLoadFromFile2 OCILobLocatorAssign OCILobOpen OCILobRead OCILobSetContentType
    OCILobTrim2 OCILobWrite2 OCILobWriteAppend2 OCINumberAbs OCINumberAdd OCINumberArcCos
    OCINumberArcSin OCINumberArcTan OCINumberArcTan2 OCINumberAssign OCINumberCeil OCINumberCmp
    OCINumberCos OCINumberDec OCINumberDiv OCINumberExp OCINumberFloor OCINumberFromReal
    OCINumberFromText OCINumberHypCos OCINumberHypSin OCINumberHypTan OCINumberInc OCINumberIntPower
    OCINumberIsInt OCINumberIsZero OCINumberLn OCINumberLog OCINumberMod OCINumberMul OCINumberNeg
    OCINumberPower OCINumberPrec OCINumberRound OCINumberSetPi OCINumberSetZero OCINumberSign
    OCINumberSin OCINumberSqrt OCINumberSub OCINumberTan OCINumberToReal OCINumberTrunc
    OCIRawAssignRaw OCIServerAttach OCIServerDetach OCISessionBegin OCISessionEnd OCISessionPoolCreate
    OCISessionPoolDestroy OCIStmtGetNextResult OCIStringAllocSize OCIStringAssign OCIStringAssignText
}
