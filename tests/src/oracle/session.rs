//! A session: one call after another, and breaks between or within them.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rusqlite::Connection;

use super::answer::{self, End};
use super::cursor::Cursor;
use super::facts::{Profile, SessionFacts, Transaction, lock};
use super::inbox::Inbox;
use super::lob::Lobs;
use super::packet::{self, Link};
use super::wire::{In, Out, malformed};
use super::{Flow, Halt, OraError, Shared};

/// Messages.
const FUNCTION: u8 = 3;
const PIGGYBACK: u8 = 17;
const FLUSH_OUT_BINDS: u8 = 19;
/// Functions.
const REEXECUTE: u8 = 4;
const FETCH: u8 = 5;
const LOGOFF: u8 = 9;
const COMMIT: u8 = 14;
const ROLLBACK: u8 = 15;
const REEXECUTE_AND_FETCH: u8 = 78;
const EXECUTE: u8 = 94;
const LOB: u8 = 96;
const CLOSE_CURSORS: u8 = 105;
const CANCEL_CURSORS: u8 = 120;
const ATTRIBUTES: u8 = 135;
const PING: u8 = 147;
const SET_SCHEMA: u8 = 152;
const KEY_VALUES: u8 = 154;
const STATE: u8 = 176;

/// Whether a session goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Call,
    End,
}

/// A session that is logged in.
pub(super) struct Session<'c> {
    pub(super) shared: Arc<Shared>,
    pub(super) profile: Profile,
    pub(super) link: Link,
    pub(super) inbox: Arc<Inbox>,
    pub(super) connection: &'c Connection,
    pub(super) version: u8,
    pub(super) cursors: HashMap<u16, Cursor<'c>>,
    pub(super) next_cursor: u16,
    /// What the call is about.
    pub(super) current: Option<u16>,
    pub(super) lobs: Lobs,
    pub(super) out: Out,
}

impl Session<'_> {
    /// Serves until the client leaves or the session is ended.
    pub(super) fn serve(&mut self) -> io::Result<()> {
        loop {
            let outcome = self.call();
            lock(&self.profile).active = false;
            match outcome {
                Ok(Next::Call) => {}
                Ok(Next::End) => return Ok(()),
                Err(Halt::Ora(failure)) => self.refuse(&failure)?,
                Err(Halt::Broken(marker)) => match self.reset(marker) {
                    Ok(()) => {}
                    Err(Halt::Gone(failure)) => return Err(failure),
                    Err(_) => return Ok(()),
                },
                Err(Halt::Killed(failure)) => return self.refuse(&failure),
                Err(Halt::Gone(failure)) => return Err(failure),
                Err(Halt::Reset) => return self.link.reset(),
            }
        }
    }

    fn refuse(&mut self, failure: &OraError) -> io::Result<()> {
        self.out.0.clear();
        answer::write_error(&mut self.out, self.version, failure, 0, 0);
        self.link.send_last(&mut self.out)
    }

    /// A break: both sides say that they have stopped, and the client gets the error.
    fn reset(&mut self, marker: u8) -> Flow<()> {
        self.shared.board.breaks.fetch_add(1, Ordering::SeqCst);
        if let Some(cursor) = self.current.and_then(|id| self.cursors.get_mut(&id)) {
            cursor.finish();
        }
        if marker != packet::RESET {
            self.link.send_marker(packet::BREAK)?;
            // Whatever was under way from the client is void.
            loop {
                let packet = self.inbox.packet()?;
                if packet.kind == packet::MARKER && packet.body.get(2) == Some(&packet::RESET) {
                    break;
                }
            }
        }
        self.inbox.calm();
        self.link.send_marker(packet::RESET)?;
        Ok(self.refuse(&OraError::cancelled())?)
    }

    fn call(&mut self) -> Flow<Next> {
        let inbox = Arc::clone(&self.inbox);
        let mut message = In::new(inbox.data()?, &inbox);
        self.out.0.clear();
        self.current = None;
        loop {
            let kind = message.u8()?;
            let function = message.u8()?;
            if kind == FLUSH_OUT_BINDS {
                self.link.send_last(&mut self.out)?;
                return Ok(Next::Call);
            }
            message.skip(1)?;
            if self.version >= 18 {
                message.ub()?;
            }
            match kind {
                PIGGYBACK => self.piggyback(&mut message, function)?,
                FUNCTION => {
                    lock(&self.profile).active = true;
                    break self.function(&mut message, function);
                }
                other => return Err(malformed(format!("a message of type {other}"))),
            }
        }
    }

    fn function(&mut self, message: &mut In<'_>, function: u8) -> Flow<Next> {
        match function {
            EXECUTE => self.execute(message)?,
            FETCH => {
                let (cursor, count) = (message.ub()?, message.ub()?);
                self.inbox.disturbance()?;
                self.fetch(cursor as u16, count, false)?;
            }
            REEXECUTE | REEXECUTE_AND_FETCH => self.reexecute(message, function == REEXECUTE_AND_FETCH)?,
            LOB => {
                self.lobs.operate(message, &mut self.out)?;
                self.inbox.disturbance()?;
                self.end(0, 0).write(&mut self.out, None);
                self.link.send_last(&mut self.out)?;
            }
            COMMIT | ROLLBACK | PING => {
                self.inbox.disturbance()?;
                if function != PING {
                    self.finish_transaction(function == COMMIT)?;
                }
                self.send_status()?;
            }
            LOGOFF => {
                self.finish_transaction(false)?;
                self.send_status()?;
                return Ok(Next::End);
            }
            other => {
                return Err(Halt::Ora(OraError::new(
                    3115,
                    &format!("unsupported network datatype or representation (function {other})"),
                )));
            }
        }
        Ok(Next::Call)
    }

    fn send_status(&mut self) -> Flow<()> {
        let in_transaction = self.writes();
        answer::write_status(&mut self.out, in_transaction);
        Ok(self.link.send_last(&mut self.out)?)
    }

    fn writes(&self) -> bool {
        lock(&self.profile).transaction == Transaction::ReadWrite
    }

    pub(super) fn end(&self, cursor: u16, rows: u64) -> End {
        End {
            version: self.version,
            cursor,
            rows,
            in_transaction: self.writes(),
        }
    }

    /// What travels in front of a call.
    fn piggyback(&mut self, message: &mut In<'_>, function: u8) -> Flow<()> {
        match function {
            CLOSE_CURSORS | CANCEL_CURSORS => {
                message.skip(1)?;
                for _ in 0..message.ub()? {
                    let id = message.ub()? as u16;
                    if function == CLOSE_CURSORS {
                        self.cursors.remove(&id);
                    } else if let Some(cursor) = self.cursors.get_mut(&id) {
                        cursor.finish();
                    }
                }
            }
            STATE => message.skip_ub(2)?,
            SET_SCHEMA => {
                message.skip(1)?;
                message.ub()?;
                let schema = message.text()?;
                lock(&self.profile)
                    .settings
                    .insert("CURRENT_SCHEMA".to_owned(), schema);
            }
            KEY_VALUES => skip_key_values(message)?,
            LOB => skip_freed_lobs(message)?,
            ATTRIBUTES => read_attributes(message, &self.profile)?,
            other => return Err(malformed(format!("piggyback {other}"))),
        }
        Ok(())
    }
}

fn skip_key_values(message: &mut In<'_>) -> Flow<()> {
    message.skip(1)?;
    message.ub()?;
    message.skip(1)?;
    let count = message.ub()?;
    message.ub()?;
    message.skip(1)?;
    message.bytes()?;
    for _ in 0..count {
        message.sized()?;
        message.sized()?;
        message.ub()?;
    }
    Ok(())
}

fn skip_freed_lobs(message: &mut In<'_>) -> Flow<()> {
    message.skip(1)?;
    let length = message.size()?;
    message.skip(1)?;
    message.skip_ub(3)?;
    message.skip(3)?;
    message.ub()?;
    message.skip(1)?;
    message.skip_ub(3)?;
    message.skip(1)?;
    for _ in 0..3 {
        message.skip(1)?;
        message.ub()?;
    }
    message.skip(length)
}

/// On whose behalf the client acts, and what it is doing.
fn read_attributes(message: &mut In<'_>, profile: &Profile) -> Flow<()> {
    message.skip(2)?;
    message.ub()?;
    let mut present = [false; 5];
    let mut sizes = [0; 5];
    for at in [0, 1, 2] {
        present[at] = message.u8()? != 0;
        sizes[at] = message.ub()?;
    }
    for _ in 0..2 {
        message.skip(1)?;
        message.ub()?;
    }
    present[3] = message.u8()? != 0;
    sizes[3] = message.ub()?;
    for _ in 0..2 {
        message.skip(1)?;
        message.ub()?;
    }
    present[4] = message.u8()? != 0;
    sizes[4] = message.ub()?;
    let mut texts = [const { String::new() }; 5];
    for (text, size) in texts.iter_mut().zip(sizes) {
        if size > 0 {
            *text = message.text()?;
        }
    }
    let [identifier, module, action, info, _] = texts;
    let mut facts = lock(profile);
    let SessionFacts {
        client_identifier,
        module: module_now,
        action: action_now,
        client_info,
        ..
    } = &mut *facts;
    let places = [client_identifier, module_now, action_now, client_info];
    for ((place, text), present) in places
        .into_iter()
        .zip([identifier, module, action, info])
        .zip(present)
    {
        if present {
            *place = text;
        }
    }
    Ok(())
}
