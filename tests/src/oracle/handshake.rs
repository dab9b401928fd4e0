//! From the first packet to the end of the login: the listener's part, the negotiation, and both phases of the login.

use std::collections::BTreeMap;
use std::io;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;

use super::faults::{Fault, RedirectForm};
use super::login::{Login, Verifier};
use super::packet::{self, Link};
use super::wire::{In, Out, malformed};
use super::{Flow, Halt, Mode, OraError, answer};

/// Largest packet that the double offers.
pub(super) const SDU: usize = 8192;
/// Where the lengths in a client's first packet stand.
const CONNECT_LENGTH: usize = 16;
const CONNECT_OFFSET: usize = 18;
/// Flags of an acceptance.
const FAST_AUTHENTICATION: u32 = 0x1000_0000;
const END_OF_RESPONSE: u32 = 0x0200_0000;
/// Network authentication: not wanted, or insisted upon.
const PLAIN: u8 = 0xc5;
const ENCRYPTED: u8 = 0xc1 | 0x10;
/// Messages.
const PROTOCOL: u8 = 1;
const DATA_TYPES: u8 = 2;
const FUNCTION: u8 = 3;
const FAST: u8 = 34;
const PARAMETERS: u8 = 8;
/// Functions.
const PHASE_ONE: u8 = 118;
const PHASE_TWO: u8 = 115;
/// UTF-8, and UTF-16.
const CHARSET: u16 = 873;
const NATIONAL_CHARSET: u16 = 2000;

/// What a client asked a listener for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Target {
    /// The text as it came.
    raw: String,
    /// The same in capitals, without spaces.
    text: String,
}

impl Target {
    fn value(&self, key: &str) -> Option<&str> {
        let (_, rest) = self.text.split_once(&format!("({key}="))?;
        Some(rest.split_once(')')?.0)
    }

    /// The service or the SID, and whether it is a SID.
    fn wanted(&self) -> Option<(&str, bool)> {
        match self.value("SERVICE_NAME") {
            Some(service) => Some((service, false)),
            None => Some((self.value("SID")?, true)),
        }
    }
}

/// Who logged in, and how.
#[derive(Debug, Clone, Default)]
pub(super) struct Arrival {
    pub(super) user: String,
    pub(super) service: String,
    /// What the client said about itself.
    pub(super) about: BTreeMap<String, String>,
    /// Which fields messages have.
    pub(super) version: u8,
}

/// What the handshake is judged by.
pub(super) struct House<'a> {
    pub(super) mode: Mode,
    pub(super) service: &'a str,
    pub(super) user: &'a str,
    pub(super) password: &'a str,
    pub(super) fault: Fault,
    /// Of the session.
    pub(super) number: u64,
}

impl House<'_> {
    /// Does it all. Nothing if the client was sent elsewhere or refused.
    pub(super) fn receive(&self, link: &mut Link) -> Flow<Option<Arrival>> {
        let target = self.read_connect(link)?;
        let Some(service) = self.listen(link, &target)? else {
            return Ok(None);
        };
        self.accept(link)?;
        let inbox = link.inbox.clone();
        let mut out = Out::default();
        let (mut message, mut version);
        match self.mode {
            Mode::Fast => {
                message = In::new(inbox.data()?, &inbox);
                expect(message.u8()?, FAST, "fast authentication")?;
                message.skip(3)?;
                skip_protocol(&mut message)?;
                message.skip(2 + 1 + 2)?;
                version = message.u8()?;
                skip_data_types(&mut message)?;
                self.write_protocol(&mut out);
                out.u8(DATA_TYPES).u16(0);
                link.marks_end = true;
            }
            Mode::Classic => {
                message = In::new(inbox.data()?, &inbox);
                skip_protocol(&mut message)?;
                self.write_protocol(&mut out);
                link.send_last(&mut out)?;
                message = In::new(inbox.data()?, &inbox);
                skip_data_types(&mut message)?;
                out.u8(DATA_TYPES).u16(0);
                link.send_last(&mut out)?;
                message = In::new(inbox.data()?, &inbox);
                version = self.mode.field_version();
            }
        }
        let (user, mut about) = read_login(&mut message, PHASE_ONE, version)?;
        let verifier = match self.fault {
            Fault::OldVerifier => Verifier::Sha1,
            _ => Verifier::Sha512,
        };
        let known = user.eq_ignore_ascii_case(self.user);
        // An account that does not exist gets a challenge as well, which nobody can answer.
        let login = Login::new(verifier, if known { self.password } else { "\u{0}" }).map_err(random)?;
        write_pairs(&mut out, &login.challenge().map_err(random)?);
        link.send_last(&mut out)?;
        version = self.mode.field_version();
        message = In::new(inbox.data()?, &inbox);
        let (_, second) = read_login(&mut message, PHASE_TWO, version)?;
        about.extend(second);
        let given = |key: &str| about.get(key).map_or("", String::as_str);
        let proof = login.check(given("AUTH_SESSKEY"), given("AUTH_PASSWORD"), self.password);
        let Some(proof) = proof.filter(|_| known) else {
            let failure = OraError::new(1017, "invalid username/password; logon denied");
            answer::write_error(&mut out, version, &failure, 0, 0);
            link.send_last(&mut out)?;
            return Ok(None);
        };
        write_pairs(&mut out, &self.facts(&service, proof));
        link.send_last(&mut out)?;
        about.retain(|key, _| {
            !matches!(
                key.as_str(),
                "AUTH_SESSKEY" | "AUTH_PASSWORD" | "AUTH_PBKDF2_SPEEDY_KEY"
            )
        });
        Ok(Some(Arrival {
            user: user.to_uppercase(),
            service,
            about,
            version,
        }))
    }

    /// What the client asks for. A listener of before 23ai has it said twice if it does not fit into the first packet.
    fn read_connect(&self, link: &mut Link) -> Flow<Target> {
        let mut text = read_first(link)?;
        if text.is_none() && self.mode == Mode::Classic {
            link.inbox.data()?;
            link.send(packet::RESEND, &[])?;
            text = read_first(link)?;
        }
        let text = match text {
            Some(text) => text,
            None => link.inbox.data()?,
        };
        let raw = String::from_utf8_lossy(&text).into_owned();
        let text = raw.to_uppercase().replace(' ', "");
        Ok(Target { raw, text })
    }

    /// The listener's decision: the service's name, if it is to be let in.
    fn listen(&self, link: &mut Link, target: &Target) -> Flow<Option<String>> {
        if let Fault::Redirect { to, form } = &self.fault {
            let address = format!("(ADDRESS=(PROTOCOL=tcp)(HOST={})(PORT={}))", to.ip(), to.port());
            let text = format!("{address}\u{0}{}", target.raw);
            let length = (text.len() as u16).to_be_bytes();
            match form {
                RedirectForm::Inside => {
                    link.send(packet::REDIRECT, &[&length[..], text.as_bytes()].concat())?;
                }
                RedirectForm::Following => {
                    link.send(packet::REDIRECT, &length)?;
                    link.send(packet::DATA, &[&[0, 0], text.as_bytes()].concat())?;
                }
            }
            return Ok(None);
        }
        let refusal = match (&self.fault, target.wanted()) {
            (Fault::Refuse(code), _) => *code,
            (_, Some((wanted, is_sid))) => {
                // A service has the database's domain after its name, a SID has none.
                let name = wanted.split('.').next().unwrap_or(wanted);
                if name.eq_ignore_ascii_case(self.service) {
                    return Ok(Some(wanted.to_lowercase()));
                }
                if is_sid { 12505 } else { 12514 }
            }
            (_, None) => 12504,
        };
        let text = format!(
            "(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR={refusal})(ERROR_STACK=(ERROR=(CODE={refusal})(EMFI=4))))"
        );
        let length = (text.len() as u16).to_be_bytes();
        link.send(
            packet::REFUSE,
            &[&[0x22, 0], &length[..], text.as_bytes()].concat(),
        )?;
        Ok(None)
    }

    fn accept(&self, link: &mut Link) -> Flow<()> {
        let mut out = Out::default();
        let (version, flags) = match self.mode {
            Mode::Fast => (319, FAST_AUTHENTICATION | END_OF_RESPONSE),
            Mode::Classic => (317, 0),
        };
        let security = match self.fault {
            Fault::Encryption => ENCRYPTED,
            _ => PLAIN,
        };
        out.u16(version).u16(1).zeros(4).raw(&[1, 0, 0, 0]);
        out.u16(if self.mode == Mode::Fast { 0x3d } else { 0x29 });
        out.u8(security).zeros(9);
        out.u32(SDU as u32).u32(SDU as u32).u8(0);
        if self.mode == Mode::Fast {
            let mut identity = [0; 16];
            rand::fill(&mut identity).map_err(random)?;
            out.u32(flags).raw(&identity);
        }
        link.inbox.expect_large_packets();
        link.send(packet::ACCEPT, &out.0)?;
        link.large = true;
        Ok(())
    }

    fn write_protocol(&self, out: &mut Out) {
        out.u8(PROTOCOL).raw(&[6, 0]).raw(b"x86_64/Linux 2.4.xx\0");
        out.u16_little(CHARSET).u8(1).u16_little(0);
        let mut description = [0; 11];
        description[9..].copy_from_slice(&NATIONAL_CHARSET.to_be_bytes());
        out.u16(description.len() as u16).raw(&description);
        let mut compiled = [0; 55];
        compiled[0] = 6;
        compiled[7] = self.mode.field_version();
        let mut running = [0; 13];
        running[0] = 2;
        // Texts of 32,767 bytes.
        running[6] = 4;
        out.bytes(&compiled).bytes(&running);
    }

    fn facts(&self, service: &str, proof: String) -> Vec<(&'static str, String, u64)> {
        let version = self.mode.version_number();
        vec![
            ("AUTH_VERSION_STRING", "- Production".to_owned(), 0),
            ("AUTH_VERSION_NO", version.to_string(), 0),
            ("AUTH_SESSION_ID", self.number.to_string(), 0),
            ("AUTH_SERIAL_NUM", (self.number % 65_000 + 1).to_string(), 0),
            ("AUTH_INSTANCENAME", "TEST".to_owned(), 0),
            ("AUTH_SC_SERVICE_NAME", service.to_owned(), 0),
            ("AUTH_SC_DBUNIQUE_NAME", "TEST".to_owned(), 0),
            ("AUTH_DBNAME", "TEST".to_owned(), 0),
            ("AUTH_SC_DB_DOMAIN", String::new(), 0),
            ("AUTH_MAX_OPEN_CURSORS", "300".to_owned(), 0),
            ("AUTH_MAX_IDEN_LENGTH", "128".to_owned(), 0),
            ("AUTH_SVR_RESPONSE", proof, 0),
        ]
    }
}

fn random(_: Unspecified) -> Halt {
    Halt::Gone(io::Error::other("no random numbers"))
}

/// A client's first packet; nothing for its text if that comes in a packet of its own.
fn read_first(link: &Link) -> Flow<Option<Vec<u8>>> {
    let first = link.inbox.packet()?;
    expect(first.kind, packet::CONNECT, "a connect packet")?;
    let at = |place: usize| {
        let bytes = first.body.get(place..place + 2);
        bytes.map_or(0, |bytes| usize::from(u16::from_be_bytes([bytes[0], bytes[1]])))
    };
    let (length, offset) = (at(CONNECT_LENGTH), at(CONNECT_OFFSET));
    let inside = first.body.get(offset.saturating_sub(packet::HEADER)..);
    Ok(inside.and_then(|inside| inside.get(..length)).map(<[u8]>::to_vec))
}

fn expect(found: u8, wanted: u8, what: &str) -> Flow<()> {
    if found == wanted {
        return Ok(());
    }
    Err(malformed(format!("{found} where {what} was expected")))
}

fn skip_protocol(message: &mut In<'_>) -> Flow<()> {
    expect(message.u8()?, PROTOCOL, "the protocol message")?;
    // Versions and the driver's name, each ended by a zero.
    for _ in 0..2 {
        while message.u8()? != 0 {}
    }
    Ok(())
}

fn skip_data_types(message: &mut In<'_>) -> Flow<()> {
    expect(message.u8()?, DATA_TYPES, "the data types")?;
    message.skip(5)?;
    message.bytes()?;
    let running = message.bytes()?.unwrap_or_default();
    if running.get(1) == Some(&1) {
        // The client's time zone.
        message.skip(11)?;
    }
    while message.u16()? != 0 {
        if message.u16()? != 0 {
            message.skip(4)?;
        }
    }
    Ok(())
}

/// The account's name, and what the client says about itself.
fn read_login(message: &mut In<'_>, phase: u8, version: u8) -> Flow<(String, BTreeMap<String, String>)> {
    expect(message.u8()?, FUNCTION, "a function")?;
    expect(message.u8()?, phase, "the login")?;
    message.skip(1)?;
    if version >= 18 {
        message.ub()?;
    }
    let has_user = message.u8()? != 0;
    message.skip_ub(2)?;
    message.skip(1)?;
    let count = message.ub()?;
    message.skip(2)?;
    let user = if has_user { message.text()? } else { String::new() };
    let mut about = BTreeMap::new();
    for _ in 0..count {
        let (key, value) = (message.sized_text()?, message.sized_text()?);
        message.ub()?;
        about.insert(key, value);
    }
    Ok((user, about))
}

fn write_pairs(out: &mut Out, pairs: &[(&'static str, String, u64)]) {
    out.u8(PARAMETERS).size(pairs.len());
    for (key, value, flags) in pairs {
        out.sized(key).sized(value).ub(*flags);
    }
    answer::write_status(out, false);
}
