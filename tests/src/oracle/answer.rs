//! The parts that most answers have.

use super::OraError;
use super::column::Column;
use super::temporal::Moment;
use super::wire::Out;

const DESCRIPTION: u8 = 16;
const ROW_HEADER: u8 = 6;
const PARAMETERS: u8 = 8;
const STATUS: u8 = 9;
const ERROR: u8 = 4;
/// In a call's status: a transaction is under way.
const IN_TRANSACTION: u64 = 2;

/// The end of a call that went well.
pub(super) fn write_status(out: &mut Out, in_transaction: bool) {
    out.u8(STATUS);
    write_call_status(out, in_transaction);
}

fn write_call_status(out: &mut Out, in_transaction: bool) {
    out.ub(if in_transaction { IN_TRANSACTION } else { 0 }).ub(0);
}

/// The end of a call on a cursor.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    /// Which fields messages have.
    pub(super) version: u8,
    pub(super) cursor: u16,
    /// Rows fetched or changed.
    pub(super) rows: u64,
    pub(super) in_transaction: bool,
}

impl End {
    pub(super) fn write(self, out: &mut Out, failure: Option<&OraError>) {
        let code = failure.map_or(0, |failure| failure.code);
        out.u8(ERROR);
        write_call_status(out, self.in_transaction);
        // The row, the number if it is short, and errors of an array.
        out.ub(0)
            .ub(if code <= 0xffff { code.into() } else { 0 })
            .ub(0)
            .ub(0);
        out.ub(self.cursor.into());
        out.size(failure.map_or(0, |failure| failure.position));
        // Type, severity, flags, options of the cursor.
        out.zeros(6);
        // A ROWID.
        out.ub(0).ub(0).u8(0).ub(0).ub(0);
        // The operating system's error, numbers of statement and call, padding, iterations, a logical ROWID.
        out.ub(0).u8(0).u8(0).ub(0).ub(0).ub(0);
        // Codes, offsets and messages of a batch's errors.
        out.ub(0).ub(0).ub(0);
        out.ub(code.into()).ub(self.rows);
        if self.version >= 14 {
            out.ub(0).ub(0);
        }
        if let Some(failure) = failure {
            out.bytes(format!("{failure}\n").as_bytes());
        }
    }
}

/// The end of a call that failed.
pub(super) fn write_error(out: &mut Out, version: u8, failure: &OraError, cursor: u16, rows: u64) {
    let end = End {
        version,
        cursor,
        rows,
        in_transaction: false,
    };
    end.write(out, Some(failure));
}

/// What the columns of a result are.
pub(super) fn write_description(out: &mut Out, columns: &[Column], version: u8) {
    out.u8(DESCRIPTION).bytes(&[0; 16]);
    // The longest row, which nobody relies on.
    out.ub(100).size(columns.len()).u8(1);
    for (position, column) in columns.iter().enumerate() {
        column.describe(out, position, version);
    }
    let mut now = Out::default();
    Moment::now().write_date(&mut now);
    out.ub(7).raw(&now.0);
    // Flags, the size of the cache, and a key for it.
    out.ub(0).ub(0).ub(0).ub(0).ub(0);
}

/// Announces rows.
pub(super) fn write_row_header(out: &mut Out, wanted: u64) {
    out.u8(ROW_HEADER).u8(2).ub(0).ub(0).ub(wanted);
    // The length of the buffer, the bits of repeated columns, a ROWID.
    out.ub(0).ub(0).ub(0);
}

/// What an execution returns beside rows: nothing.
pub(super) fn write_parameters(out: &mut Out) {
    out.u8(PARAMETERS).ub(0).ub(0).ub(0).ub(0);
}
