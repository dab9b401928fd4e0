//! The way of bytes to and from one server, for the engines whose protocol we speak ourselves.

mod buffered;
mod socket;
mod tls;

use tokio_rustls::client::TlsStream;
use tokio_util::either::Either;

pub(crate) use buffered::Buffered;
pub(crate) use socket::Socket;
pub(crate) use tls::Tls;

/// A connection, encrypted or not.
pub(crate) type Transport = Either<Socket, Box<TlsStream<Socket>>>;
