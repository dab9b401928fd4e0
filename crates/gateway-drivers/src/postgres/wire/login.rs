//! Being let in (<https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP>).

use gateway_core::Secret;
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::authentication::sasl::{
    ChannelBinding, SCRAM_SHA_256, SCRAM_SHA_256_PLUS, ScramSha256,
};
use postgres_protocol::message::frontend;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::line::end_point;
use super::{Line, Wire, tag};
use crate::postgres::refusal::Failure;

/// Who asks to be let in.
pub(in super::super) struct Account<'a> {
    pub(in super::super) user: &'a str,
    pub(in super::super) database: &'a str,
    pub(in super::super) password: Option<&'a Secret>,
}

/// Names a session, and proves that whoever shows it may cancel what runs there.
#[derive(Clone, Copy, Default)]
pub(in super::super) struct BackendKey {
    process: i32,
    secret: i32,
}

/// What a server wants to see (<https://www.postgresql.org/docs/current/protocol-message-formats.html>, `Authentication…`).
enum Challenge {
    Accepted,
    Password,
    Md5 { salt: [u8; 4] },
    Scram { with_binding: bool },
    ScramContinue(Vec<u8>),
    ScramFinal(Vec<u8>),
}

impl Challenge {
    fn parse(body: &[u8]) -> Result<Self, Failure> {
        let (kind, data) = body.split_first_chunk::<4>().ok_or(Failure::OutOfStep)?;
        match u32::from_be_bytes(*kind) {
            0 => Ok(Self::Accepted),
            3 => Ok(Self::Password),
            5 => Ok(Self::Md5 {
                salt: data.try_into().map_err(|_| Failure::OutOfStep)?,
            }),
            10 => Self::scram(data),
            11 => Ok(Self::ScramContinue(data.to_vec())),
            12 => Ok(Self::ScramFinal(data.to_vec())),
            _ => Err(Failure::Unsupported(
                "The database wants a way of logging in that the gateway does not have: password, MD5 and SCRAM-SHA-256 work",
            )),
        }
    }

    /// The server lists what it knows.
    fn scram(mechanisms: &[u8]) -> Result<Self, Failure> {
        let knows = |name: &str| {
            mechanisms
                .split(|byte| *byte == 0)
                .any(|known| known == name.as_bytes())
        };
        let with_binding = knows(SCRAM_SHA_256_PLUS);
        if !with_binding && !knows(SCRAM_SHA_256) {
            return Err(Failure::Unsupported(
                "The database wants a SASL mechanism that the gateway does not have: SCRAM-SHA-256 works",
            ));
        }
        Ok(Self::Scram { with_binding })
    }
}

impl Wire {
    /// Connects and logs in.
    pub(in super::super) async fn open(
        line: &Line,
        account: &Account<'_>,
    ) -> Result<(Self, BackendKey), Failure> {
        let mut wire = Self::new(line.connect().await?);
        let parameters = [
            ("client_encoding", "UTF8"),
            ("user", account.user),
            ("database", account.database),
            ("application_name", "nexus-gateway"),
        ];
        let given = parameters.into_iter().filter(|(_, value)| !value.is_empty());
        frontend::startup_message(given, wire.outgoing())?;
        wire.authenticate(account).await?;
        let key = wire.greeting().await?;
        Ok((wire, key))
    }

    async fn authenticate(&mut self, account: &Account<'_>) -> Result<(), Failure> {
        let password = || account.password.map(Secret::expose).ok_or(Failure::NoPassword);
        match self.challenge().await? {
            Challenge::Accepted => return Ok(()),
            Challenge::Password => {
                frontend::password_message(password()?.as_bytes(), self.outgoing())?;
            }
            Challenge::Md5 { salt } => {
                let proof = md5_hash(account.user.as_bytes(), password()?.as_bytes(), salt);
                frontend::password_message(proof.as_bytes(), self.outgoing())?;
            }
            Challenge::Scram { with_binding } => self.prove(password()?, with_binding).await?,
            Challenge::ScramContinue(_) | Challenge::ScramFinal(_) => return Err(Failure::OutOfStep),
        }
        match self.challenge().await? {
            Challenge::Accepted => Ok(()),
            _ => Err(Failure::OutOfStep),
        }
    }

    /// SCRAM (RFC 5802): both sides prove that they know the password, and neither tells it.
    async fn prove(&mut self, password: &str, with_binding: bool) -> Result<(), Failure> {
        let (binding, mechanism) = match end_point(self.stream.transport()) {
            Some(end_point) if with_binding => (
                ChannelBinding::tls_server_end_point(end_point),
                SCRAM_SHA_256_PLUS,
            ),
            // The server is told that we could have: one that could, too, knows then that somebody in between hides it.
            Some(_) => (ChannelBinding::unrequested(), SCRAM_SHA_256),
            None => (ChannelBinding::unsupported(), SCRAM_SHA_256),
        };
        let mut scram = ScramSha256::new(password.as_bytes(), binding);
        frontend::sasl_initial_response(mechanism, scram.message(), self.outgoing())?;
        let Challenge::ScramContinue(data) = self.challenge().await? else {
            return Err(Failure::OutOfStep);
        };
        scram.update(&data)?;
        frontend::sasl_response(scram.message(), self.outgoing())?;
        let Challenge::ScramFinal(data) = self.challenge().await? else {
            return Err(Failure::OutOfStep);
        };
        Ok(scram.finish(&data)?)
    }

    async fn challenge(&mut self) -> Result<Challenge, Failure> {
        let message = self.next().await?;
        match message.tag {
            tag::AUTHENTICATION => Challenge::parse(message.body),
            _ => Err(Failure::OutOfStep),
        }
    }

    /// What the server says of itself before it takes statements.
    async fn greeting(&mut self) -> Result<BackendKey, Failure> {
        let mut key = BackendKey::default();
        loop {
            let message = self.next().await?;
            match message.tag {
                tag::BACKEND_KEY => key = BackendKey::parse(message.body).ok_or(Failure::OutOfStep)?,
                tag::READY => return Ok(key),
                _ => return Err(Failure::OutOfStep),
            }
        }
    }
}

impl BackendKey {
    fn parse(body: &[u8]) -> Option<Self> {
        let (process, secret) = body.split_first_chunk::<4>()?;
        Some(Self {
            process: i32::from_be_bytes(*process),
            secret: i32::from_be_bytes(secret.try_into().ok()?),
        })
    }

    /// Asks the server to cancel what runs on the session, and waits until it has taken note: its only answer is that it closes
    /// the connection, without which the request may be lost on the way.
    pub(in super::super) async fn cancel(self, line: &Line) -> Result<(), Failure> {
        let mut stream = line.connect().await?;
        let mut request = bytes::BytesMut::new();
        frontend::cancel_request(self.process, self.secret, &mut request);
        stream.write_all(&request).await?;
        stream.flush().await?;
        let mut passed_over = [0; 256];
        while let Ok(1..) = stream.read(&mut passed_over).await {}
        Ok(())
    }
}
