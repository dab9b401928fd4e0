//! Being let in (<https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html>).

use std::collections::HashMap;
use std::net::SocketAddr;

use bytes::BufMut;
use gateway_core::Secret;
use mysql_common::constants::{CapabilityFlags, UTF8MB4_GENERAL_CI};
use mysql_common::packets::{AuthPlugin, HandshakeResponse, SslRequest};
use mysql_common::proto::MySerialize;
use tokio_util::either::Either;

use super::greeting::Greeting;
use super::secrets::{Method, NONCE, Nonce, sealed, with_its_end};
use super::{Wire, mark};
use crate::mysql::lengths::take_until_zero;
use crate::mysql::refusal::Failure;
use crate::transport::{Socket, Tls};

/// Where a session's server takes connections, its own and those that end it. The name is for certificates, the address is where
/// connections go.
pub(in super::super) struct Line {
    pub(in super::super) address: SocketAddr,
    pub(in super::super) host: String,
    pub(in super::super) tls: Tls,
}

/// Who asks to be let in.
pub(in super::super) struct Account {
    pub(in super::super) user: String,
    pub(in super::super) password: Option<Secret>,
    pub(in super::super) database: Option<String>,
}

impl Account {
    fn password(&self) -> &str {
        self.password.as_ref().map_or("", Secret::expose)
    }
}

/// What we want of a server, and use if it has it. A server may take it from what asks for TLS, and look no more at what comes
/// after that: it must be all there.
fn wanted(account: &Account) -> CapabilityFlags {
    match account.database {
        Some(_) => WANTED | CapabilityFlags::CLIENT_CONNECT_WITH_DB,
        None => WANTED,
    }
}

const WANTED: CapabilityFlags = CapabilityFlags::CLIENT_LONG_PASSWORD
    .union(CapabilityFlags::CLIENT_TRANSACTIONS)
    .union(CapabilityFlags::CLIENT_MULTI_STATEMENTS)
    .union(CapabilityFlags::CLIENT_MULTI_RESULTS)
    .union(CapabilityFlags::CLIENT_PS_MULTI_RESULTS)
    .union(CapabilityFlags::CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA)
    .union(CapabilityFlags::CLIENT_CONNECT_ATTRS)
    .union(CapabilityFlags::CLIENT_DEPRECATE_EOF)
    .union(NEEDED);

/// What every server has had for more than ten years, and we do not go without.
const NEEDED: CapabilityFlags = CapabilityFlags::CLIENT_PROTOCOL_41
    .union(CapabilityFlags::CLIENT_SECURE_CONNECTION)
    .union(CapabilityFlags::CLIENT_PLUGIN_AUTH);

/// The longest packet that we take, for servers that want to know.
const LONGEST: u32 = super::LONGEST as u32;

/// How our connections are called in the server's own tables.
const PROGRAM: (&str, &str) = ("program_name", "nexus-gateway");

/// What a server says to a proof.
enum Verdict {
    Accepted,
    /// The proof is to be made in another way.
    Switch {
        method: Method,
        nonce: Nonce,
    },
    /// The server remembers the account, and says in the next packet whether it is let in.
    Remembered,
    /// The server has forgotten the account, and wants the password itself.
    Forgotten,
}

impl Verdict {
    fn parse(packet: &[u8]) -> Result<Self, Failure> {
        match packet {
            [mark::OK, ..] => Ok(Self::Accepted),
            [mark::MORE_DATA, 3] => Ok(Self::Remembered),
            [mark::MORE_DATA, 4] => Ok(Self::Forgotten),
            [mark::END] => Err(Failure::UnknownMethod("mysql_old_password".to_owned())),
            [mark::END, rest @ ..] => Self::switch(rest),
            _ => Err(Failure::OutOfStep),
        }
    }

    fn switch(rest: &[u8]) -> Result<Self, Failure> {
        let mut rest = rest;
        let name = take_until_zero(&mut rest).ok_or(Failure::OutOfStep)?;
        let Some(method) = Method::named(name) else {
            let shown = &name[..name.len().min(64)];
            return Err(Failure::UnknownMethod(
                String::from_utf8_lossy(shown).into_owned(),
            ));
        };
        let nonce = rest.strip_suffix(&[0]).filter(|nonce| nonce.len() == NONCE);
        let nonce = nonce.unwrap_or(rest).try_into().map_err(|_| Failure::OutOfStep)?;
        Ok(Self::Switch { method, nonce })
    }
}

impl Wire {
    /// Connects and logs in.
    pub(in super::super) async fn open(line: &Line, account: &Account) -> Result<Self, Failure> {
        let mut wire = Self::new(Either::Left(Socket::tcp(line.address).await?));
        let greeting = Greeting::parse(wire.next().await?).ok_or(Failure::OutOfStep)?;
        if !greeting.capabilities.contains(NEEDED) {
            return Err(Failure::OutOfStep);
        }
        wire.id = greeting.id;
        wire.capabilities = wanted(account) & greeting.capabilities;
        if line.tls.is_wanted() {
            if greeting.capabilities.contains(CapabilityFlags::CLIENT_SSL) {
                wire = wire.secured(line).await?;
            } else if line.tls.is_demanded() {
                return Err(Failure::TlsNotOffered);
            }
        }
        wire.introduce(account, &greeting);
        wire.authenticate(account, greeting.method, greeting.nonce)
            .await?;
        wire.rest();
        Ok(wire)
    }

    /// Goes over to TLS. What came in the clear must not be taken for something that was encrypted.
    async fn secured(mut self, line: &Line) -> Result<Self, Failure> {
        self.capabilities |= CapabilityFlags::CLIENT_SSL;
        let collation = UTF8MB4_GENERAL_CI as u8;
        let request = SslRequest::new(self.capabilities, LONGEST, collation);
        self.write_serialized(&request);
        std::future::poll_fn(|context| self.stream.poll_write(context)).await?;
        let Self {
            stream,
            capabilities,
            id,
            sequence,
            ..
        } = self;
        let socket = stream.into_plain().ok_or(Failure::OutOfStep)?;
        Ok(Self {
            capabilities,
            id,
            sequence,
            ..Self::new(line.tls.over(socket, &line.host).await?)
        })
    }

    /// Says who we are, with a proof of the password.
    fn introduce(&mut self, account: &Account, greeting: &Greeting) {
        let takes_attributes = self.capabilities.contains(CapabilityFlags::CLIENT_CONNECT_ATTRS);
        let attributes =
            takes_attributes.then(|| HashMap::from([(PROGRAM.0.to_owned(), PROGRAM.1.to_owned())]));
        let proof = greeting.method.proof(account.password(), &greeting.nonce);
        let response = HandshakeResponse::new(
            Some(proof),
            // Of this it wants to know only whether the server has the character set.
            (8, 0, 0),
            Some(account.user.as_bytes()),
            account.database.as_deref().map(str::as_bytes),
            Some(AuthPlugin::from_bytes(greeting.method.name().as_bytes())),
            self.capabilities,
            attributes,
            LONGEST,
        );
        self.write_serialized(&response);
    }

    async fn authenticate(&mut self, account: &Account, method: Method, nonce: Nonce) -> Result<(), Failure> {
        let (mut method, mut nonce) = (method, nonce);
        let mut verdict = self.verdict().await?;
        if let Verdict::Switch {
            method: other,
            nonce: again,
        } = verdict
        {
            (method, nonce) = (other, again);
            let proof = method.proof(account.password(), &nonce);
            self.write_packet(|out| out.extend_from_slice(&proof));
            verdict = self.verdict().await?;
        }
        match verdict {
            Verdict::Accepted => return Ok(()),
            Verdict::Remembered if method == Method::Sha2 => {}
            Verdict::Forgotten if method == Method::Sha2 => self.tell(account.password(), &nonce).await?,
            Verdict::Remembered | Verdict::Forgotten | Verdict::Switch { .. } => {
                return Err(Failure::OutOfStep);
            }
        }
        match self.verdict().await? {
            Verdict::Accepted => Ok(()),
            _ => Err(Failure::OutOfStep),
        }
    }

    async fn verdict(&mut self) -> Result<Verdict, Failure> {
        Verdict::parse(self.next().await?)
    }

    /// Tells the password: within TLS as it is, and never so without.
    async fn tell(&mut self, password: &str, nonce: &Nonce) -> Result<(), Failure> {
        const ASK_FOR_KEY: u8 = 2;
        if let Either::Right(_) = self.stream.transport() {
            let told = with_its_end(password);
            self.write_packet(|out| out.extend_from_slice(&told));
            return Ok(());
        }
        self.write_packet(|out| out.put_u8(ASK_FOR_KEY));
        let [mark::MORE_DATA, key @ ..] = self.next().await? else {
            return Err(Failure::OutOfStep);
        };
        let told = sealed(password, nonce, key).ok_or(Failure::UnusableKey)?;
        self.write_packet(|out| out.extend_from_slice(&told));
        Ok(())
    }

    fn write_serialized(&mut self, message: &impl MySerialize) {
        let mut written = Vec::new();
        message.serialize(&mut written);
        self.write_packet(|out| out.extend_from_slice(&written));
    }
}
