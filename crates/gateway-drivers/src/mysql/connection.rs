//! A connection whose end costs nothing.
//!
//! The client library ends a connection that is dropped with a result pending by reading that result to its end, in a task of its
//! own, however long that takes: after a broken network, for ever. A session is dropped exactly when nobody wants the rest.

use std::ops::{Deref, DerefMut};
use std::pin::pin;
use std::task::{Context, Waker};

use mysql_async::Conn;

/// A connection that is closed at once when it is dropped.
pub(super) struct Connection(Option<Conn>);

impl Connection {
    pub(super) fn new(connection: Conn) -> Self {
        Self(Some(connection))
    }

    /// Says goodbye to the server.
    pub(super) async fn close(mut self) {
        if let Some(connection) = self.0.take() {
            // A server that does not take the goodbye loses the connection all the same.
            let _ = connection.disconnect().await;
        }
    }
}

impl Deref for Connection {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        match &self.0 {
            Some(connection) => connection,
            None => unreachable!("taken only at its end"),
        }
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut Conn {
        match &mut self.0 {
            Some(connection) => connection,
            None => unreachable!("taken only at its end"),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            // Polled once, the goodbye is sent if there is room for it; from then on the library takes the connection for
            // closed, and lets it go.
            let _ = pin!(connection.disconnect()).poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}
