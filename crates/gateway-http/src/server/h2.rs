//! HTTP/2 (RFC 9113). A stream that its client resets, or whose connection ends, drops its handler at once.

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use actix_http::{BoxedPayloadStream, HttpMessage, Payload, Request, Response};
use actix_server::GracefulShutdownSignal;
use actix_service::Service;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::error::PayloadError;
use actix_web::http::header::HttpDate;
use bytes::Bytes;
use futures_core::Stream;
use h2::server::{Connection, SendResponse};
use h2::{PingPong, RecvStream, SendStream};

use super::connection::Times;
use super::io::Watched;
use super::translate;

/// Requests that one connection may have under way.
const MAX_STREAMS: u32 = 128;

/// Most bytes of a request's header fields.
const MAX_HEADER_BYTES: u32 = 64 * 1024;

/// Bytes of an answer that may wait in one stream for the client.
const SEND_BUFFER_BYTES: usize = 256 * 1024;

/// Most bytes handed to a stream at once.
const CHUNK: usize = 16 * 1024;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Serves a connection until it ends.
pub(super) async fn serve<S>(
    io: Watched,
    app: Rc<S>,
    peer: SocketAddr,
    stopping: &GracefulShutdownSignal,
    times: Times,
) -> Result<(), Failure>
where
    S: Service<Request> + 'static,
    S::Response: Into<Response<BoxBody>>,
    S::Error: Into<Response<BoxBody>>,
    S::Future: 'static,
{
    let certificate = io.client_certificate();
    let handshake = h2::server::Builder::new()
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(MAX_HEADER_BYTES)
        .max_send_buffer_size(SEND_BUFFER_BYTES)
        .handshake(io);
    let mut connection: Connection<Watched, Bytes> = tokio::time::timeout(times.request, handshake).await??;
    let mut alive = pin!(keep_alive(connection.ping_pong(), times.keep_alive));
    let mut told = pin!(stopping.notified());
    let mut is_closing = false;
    loop {
        let request = tokio::select! {
            request = connection.accept() => request,
            () = &mut told, if !is_closing => {
                is_closing = true;
                connection.graceful_shutdown();
                continue;
            }
            () = &mut alive => return Err(io::Error::from(io::ErrorKind::TimedOut).into()),
        };
        let Some(request) = request else {
            return Ok(());
        };
        let (request, answer) = request?;
        let (request, is_head) = to_actix(request, peer)?;
        if let Some(certificate) = &certificate {
            request.extensions_mut().insert(certificate.clone());
        }
        let handling = app.call(request);
        actix_web::rt::spawn(async move {
            // A stream that fails is the client's loss; there is nobody to tell.
            let _ = handle(handling, answer, is_head, times.stall).await;
        });
    }
}

/// Ends when the client no longer answers.
async fn keep_alive(ping_pong: Option<PingPong>, every: Duration) {
    let Some(mut ping_pong) = ping_pong else {
        return std::future::pending().await;
    };
    loop {
        tokio::time::sleep(every).await;
        match tokio::time::timeout(every, ping_pong.ping(h2::Ping::opaque())).await {
            Ok(Ok(_)) => {}
            Ok(Err(_)) | Err(_) => return,
        }
    }
}

fn to_actix(request: http::Request<RecvStream>, peer: SocketAddr) -> io::Result<(Request, bool)> {
    let (parts, body) = request.into_parts();
    let payload: BoxedPayloadStream = Box::pin(Incoming(body));
    let mut request = Request::with_payload(Payload::Stream { payload });
    translate::request_head(&parts, &mut request)?;
    request.head_mut().peer_addr = Some(peer);
    Ok((request, parts.method == http::Method::HEAD))
}

/// A request's body.
struct Incoming(RecvStream);

impl Stream for Incoming {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(chunk) = ready!(self.0.poll_data(context)) else {
            return Poll::Ready(None);
        };
        let taken = chunk.and_then(|bytes| {
            self.0.flow_control().release_capacity(bytes.len())?;
            Ok(bytes)
        });
        Poll::Ready(Some(
            taken.map_err(|error| PayloadError::Io(io::Error::other(error))),
        ))
    }
}

async fn handle<F, R, E>(
    handling: F,
    mut answer: SendResponse<Bytes>,
    is_head: bool,
    patience: Duration,
) -> Result<(), Failure>
where
    F: Future<Output = Result<R, E>>,
    R: Into<Response<BoxBody>>,
    E: Into<Response<BoxBody>>,
{
    let response = tokio::select! {
        response = handling => response.map_or_else(Into::into, Into::into),
        reset = std::future::poll_fn(|context| answer.poll_reset(context)) => {
            reset?;
            return Ok(());
        }
    };
    let (response, body) = response.into_parts();
    let size = body.size();
    let is_empty = size.is_eof() || is_head;
    let mut stream = answer.send_response(head(&response, size)?, is_empty)?;
    if is_empty {
        return Ok(());
    }
    let sent = send(&mut stream, body, patience).await;
    if sent.is_err() {
        // The body broke off or nobody reads: the client must not take the part for the whole.
        stream.send_reset(h2::Reason::INTERNAL_ERROR);
    }
    sent
}

fn head(response: &Response<()>, size: BodySize) -> io::Result<http::Response<()>> {
    let mut head = translate::response_head(response)?;
    let fields = head.headers_mut();
    if let BodySize::Sized(length) = size {
        fields.insert(http::header::CONTENT_LENGTH, length.into());
    }
    let now = HttpDate::from(SystemTime::now()).to_string();
    if let Ok(now) = now.parse() {
        fields.entry(http::header::DATE).or_insert(now);
    }
    Ok(head)
}

async fn send(stream: &mut SendStream<Bytes>, body: BoxBody, patience: Duration) -> Result<(), Failure> {
    let mut body = pin!(body);
    loop {
        let next = tokio::select! {
            next = std::future::poll_fn(|context| body.as_mut().poll_next(context)) => next,
            reset = std::future::poll_fn(|context| stream.poll_reset(context)) => {
                reset?;
                return Ok(());
            }
        };
        let Some(chunk) = next else {
            stream.send_data(Bytes::new(), true)?;
            return Ok(());
        };
        send_chunk(stream, chunk.map_err(|error| error.to_string())?, patience).await?;
    }
}

async fn send_chunk(
    stream: &mut SendStream<Bytes>,
    mut chunk: Bytes,
    patience: Duration,
) -> Result<(), Failure> {
    while !chunk.is_empty() {
        stream.reserve_capacity(chunk.len().min(CHUNK));
        let granted = std::future::poll_fn(|context| stream.poll_capacity(context));
        let granted = tokio::time::timeout(patience, granted).await?;
        let room = granted
            .ok_or(io::ErrorKind::ConnectionReset)
            .map_err(io::Error::from)??;
        stream.send_data(chunk.split_to(room.min(chunk.len())), false)?;
    }
    Ok(())
}
