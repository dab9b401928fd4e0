//! Packets as they are framed, and servers that send rubbish.

use std::net::SocketAddr;

use gateway_core::{Secret, SourceConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_util::either::Either;

use super::*;
use crate::mysql::shape::Shape;
use crate::mysql::value::Malformed;
use crate::transport::{Socket, Tls};
use crate::{NetworkPolicy, Place, Target};

/// A server that says this, whatever it is told, and then nothing more.
async fn server(says: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        // A client that has seen enough may have gone.
        let _ = socket.write_all(&says).await;
        let _ = socket.shutdown().await;
        let mut heard = [0; 1024];
        while let Ok(1..) = socket.read(&mut heard).await {}
    });
    address
}

/// A connection to such a server, as after the login.
async fn wire(says: Vec<u8>, capabilities: CapabilityFlags) -> Wire {
    let socket = Socket::tcp(server(says).await).await.unwrap();
    let mut wire = Wire::new(Either::Left(socket));
    wire.capabilities = capabilities;
    wire
}

const NEW: CapabilityFlags = CapabilityFlags::CLIENT_DEPRECATE_EOF;
const OLD: CapabilityFlags = CapabilityFlags::empty();

/// A packet of an answer.
fn packet(number: u8, body: &[u8]) -> Vec<u8> {
    [&head(body.len(), number)[..], body].concat()
}

fn packets(first: u8, bodies: &[&[u8]]) -> Vec<u8> {
    let numbered = bodies.iter().zip(first..);
    numbered.flat_map(|(body, number)| packet(number, body)).collect()
}

#[tokio::test]
async fn long_packets_survive_the_way_there_and_back() {
    for length in [0, 1, 0xff_fffe, 0xff_ffff, 0x100_0000, 2 * 0xff_ffff] {
        let body: Vec<u8> = (0..=250).cycle().take(length).collect();
        let mut out = BytesMut::new();
        out.put_bytes(0, HEAD);
        out.extend_from_slice(&body);
        let after = frame(&mut out, 0, 255);
        assert_eq!(
            usize::from(after),
            length / MAX_PAYLOAD_LEN,
            "the number after 255 is 0"
        );
        let mut wire = wire(out.to_vec(), NEW).await;
        wire.sequence = 255;
        let taken = poll_fn(|context| wire.poll_packet(context)).await;
        taken.unwrap();
        assert!(wire.packet() == body, "{length}");
        assert_eq!(wire.sequence, after);
        wire.rest();
        assert!(wire.joined.capacity() <= KEPT);
    }
}

#[tokio::test]
async fn answers_of_old_and_new_servers_are_read() {
    let definition = b"\x03def\x00\x00\x00\x01a\x00\x0c\x2d\x00\x04\x00\x00\x00\xfd\x00\x00\x00\x00\x00";
    let eof = b"\xfe\x00\x00\x02\x00";
    let new: [&[u8]; 4] = [b"\x01", definition, b"\x02hi", b"\xfe\x00\x00\x02\x00\x00\x00"];
    let old: [&[u8]; 5] = [b"\x01", definition, eof, b"\xfb", eof];
    let answer = wire(packets(1, &new), NEW).await.ask("").await.unwrap();
    assert_eq!(answer, [[Some("hi".to_owned())]]);
    let answer = wire(packets(1, &old), OLD).await.ask("").await.unwrap();
    assert_eq!(answer, [[None]]);
}

#[tokio::test]
async fn what_ended_a_statement_is_read_by_the_next() {
    let done = b"\x00\x00\x00\x02\x00\x00\x00";
    let more = b"\x00\x00\x00\x0a\x00\x00\x00";
    let refused = b"\xff\x25\x04#08S01server shutdown";
    for (bodies, is_well) in [
        (&[&more[..], done][..], true),
        (&[&done[..]], true),
        (&[&more[..], refused], false),
        (&[&more[..]], false),
        (&[&done[..], done], false),
        (&[&b"\x01"[..]], false),
        (&[], false),
    ] {
        let mut wire = wire(packets(1, bodies), NEW).await;
        wire.settle("ROLLBACK").await.unwrap();
        let begun = wire.begin().await;
        // An end of the connection that has not come yet is for the statement to find.
        let is_dead = begun.is_err() || wire.ping().await.is_err();
        assert_eq!(
            begun.is_ok(),
            is_well || bodies.len() == 2 && bodies[1] == done,
            "{bodies:?}"
        );
        assert!(is_dead, "{bodies:?}");
    }
}

#[tokio::test]
async fn a_farewell_is_told_from_an_answer() {
    let farewell = b"\xff\xbf\x0f#HY000The client was disconnected by the server because of inactivity.";
    let late = wire(packet(0, farewell), NEW).await.ping().await;
    assert!(
        matches!(&late, Err(Failure::Farewell(why)) if why.code == 4031),
        "{late:?}"
    );
    let refused = wire(packet(1, farewell), NEW).await.ping().await;
    assert!(
        matches!(&refused, Err(Failure::Refused(why)) if why.code == 4031),
        "{refused:?}"
    );
    let misplaced = wire(packet(2, b"\x00\x00\x00\x02\x00\x00\x00"), NEW)
        .await
        .ping()
        .await;
    assert!(matches!(misplaced, Err(Failure::OutOfStep)), "{misplaced:?}");
}

/// Numbers by xorshift, the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Bytes among which those that mean something are frequent.
    fn bytes(&mut self) -> Vec<u8> {
        const LIKELY: [u8; 10] = [0, 1, 2, 3, 4, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];
        let length = self.next() % 40;
        (0..length)
            .map(|_| match self.next() % 3 {
                0 => self.next().to_le_bytes()[0],
                _ => LIKELY[self.next() as usize % LIKELY.len()],
            })
            .collect()
    }
}

/// Whatever comes is an answer or an error, never a panic, and never awaited for ever.
#[tokio::test]
async fn rubbish_is_an_error() {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for _ in 0..300 {
        let bodies: Vec<Vec<u8>> = (0..chance.next() % 8).map(|_| chance.bytes()).collect();
        let framed = packets(1, &bodies.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let unframed = chance.bytes();
        for says in [framed, unframed] {
            for capabilities in [NEW, OLD] {
                let _ = wire(says.clone(), capabilities).await.ask("").await;
                let _ = wire(says.clone(), capabilities).await.run("").await;
                let _ = wire(says.clone(), capabilities).await.prepare("").await;
                let _ = rows(says.clone(), capabilities).await;
                let mut settling = wire(says.clone(), capabilities).await;
                settling.settle("").await.unwrap();
                let _ = settling.begin().await;
            }
        }
    }
}

/// Reads rows of whatever columns are announced.
async fn rows(says: Vec<u8>, capabilities: CapabilityFlags) -> Result<(), Failure> {
    let mut wire = wire(says, capabilities).await;
    wire.write_query("");
    let columns = wire.result().await?;
    let mut shape = Shape::default();
    shape.refresh(&mut wire, columns, None).await?;
    while columns > 0
        && let Some(row) = wire.row().await?
    {
        for push in [
            crate::mysql::value::push_row,
            crate::mysql::value::push_row_of_words,
        ] {
            let mut cells = gateway_core::BatchBuilder::new(columns);
            let (Ok(()) | Err(Malformed)) = push(&mut cells, &shape.readers, row);
        }
    }
    Ok(())
}

async fn login(says: Vec<u8>) -> Result<Wire, Failure> {
    let address = server(says).await;
    let config = SourceConfig {
        tls: gateway_core::TlsMode::Disable,
        ..SourceConfig::default()
    };
    let target = Target {
        config: &config,
        host: None,
        place: &Place::Tcp(address),
        network: &NetworkPolicy::default(),
        password: None,
        tls_key: None,
    };
    let line = Line {
        address,
        host: "localhost".to_owned(),
        tls: Tls::of(&target).await.unwrap(),
    };
    let account = Account {
        user: "somebody".to_owned(),
        password: Some(Secret::new("something")),
        database: None,
    };
    Wire::open(&line, &account).await
}

/// Version, number, nonce, what it can, collation, status, nonce, method.
const GREETING: &[u8] =
    b"\x0a9.7.0\0\x07\0\0\0abcdefgh\0\xff\xff\x2d\x02\0\xff\xdf\x15\0\0\0\0\0\0\0\0\0\0ijklmnopqrst\0\
      caching_sha2_password\0";

const DONE: &[u8] = b"\x00\x00\x00\x02\x00\x00\x00";

#[tokio::test]
async fn logins_come_to_an_end() {
    let opened = login([packet(0, GREETING), packet(2, DONE)].concat()).await;
    assert_eq!(opened.map(|wire| wire.id()).unwrap(), 7);
    let remembered = [packet(0, GREETING), packets(2, &[b"\x01\x03", DONE])].concat();
    assert!(login(remembered).await.is_ok());
    let switched = [
        packet(0, GREETING),
        packet(2, b"\xfemysql_native_password\0abcdefghijklmnopqrst\0"),
        packet(4, DONE),
    ];
    assert!(login(switched.concat()).await.is_ok());
}

#[tokio::test]
async fn a_password_is_never_sent_in_the_clear() {
    for key in [&b"\x01no key"[..], b"\x00", b"\xfe"] {
        let says = [packet(0, GREETING), packet(2, b"\x01\x04"), packet(4, key)].concat();
        let failure = login(says).await.err().unwrap();
        assert!(
            matches!(failure, Failure::UnusableKey | Failure::OutOfStep),
            "{failure:?}"
        );
    }
    for method in [
        "mysql_clear_password",
        "mysql_old_password",
        "sha256_password",
        "client_ed25519",
        "dialog",
    ] {
        let asked = [b"\xfe", method.as_bytes(), b"\0abcdefghijklmnopqrst\0"].concat();
        let failure = login([packet(0, GREETING), packet(2, &asked)].concat())
            .await
            .err()
            .unwrap();
        assert!(
            matches!(&failure, Failure::UnknownMethod(name) if name == method),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn rubbish_lets_nobody_in() {
    let mut chance = Chance(0x0123_4567_89ab_cdef);
    for _ in 0..300 {
        let mut greeting = GREETING.to_vec();
        let cut = chance.next() as usize % greeting.len();
        greeting[cut] = chance.next().to_le_bytes()[0];
        let _ = login([packet(0, &greeting), packet(2, &chance.bytes())].concat()).await;
        greeting.truncate(cut);
        let _ = login([packet(0, &greeting), packet(2, DONE)].concat()).await;
        let _ = login(packet(0, &chance.bytes())).await;
        let after = [packet(0, GREETING), packets(2, &[b"\x01\x04", &chance.bytes()])].concat();
        assert!(login(after).await.is_err());
    }
    let crowded = login(packet(0, b"\xff\x10\x04Too many connections"))
        .await
        .err()
        .unwrap();
    assert!(
        matches!(&crowded, Failure::Refused(why) if why.code == 1040),
        "{crowded:?}"
    );
}
