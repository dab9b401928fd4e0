//! From an accepted socket to the protocol it speaks.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_http::{HttpService, Protocol, Request, Response};
use actix_server::GracefulShutdownSignal;
use actix_service::{Service, ServiceFactory, ServiceFactoryExt, map_config};
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, ServiceResponse};
use tokio::net::TcpStream;
use tokio_util::either::Either;

use super::io::{Transport, Watched};
use super::tls::ListenerTls;
use super::{h2, tls};
use crate::{AppState, build_app};

/// What a client of HTTP/2 sends first (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    pub(super) request: Duration,
    pub(super) stall: Duration,
    pub(super) keep_alive: Duration,
    pub(super) disconnect: Duration,
}

/// The connections of one worker.
pub(super) struct Connections<H, S> {
    shared: Rc<Shared<H, S>>,
}

struct Shared<H, S> {
    http1: H,
    app: Rc<S>,
    tls: Option<Arc<ListenerTls>>,
    stopping: GracefulShutdownSignal,
    times: Times,
}

/// The application as a service of plain requests.
fn application(
    state: AppState,
) -> impl ServiceFactory<
    Request,
    Config = (),
    Response: Into<Response<BoxBody>> + 'static,
    Error: Into<Response<BoxBody>> + 'static,
    InitError = (),
    Service: Service<Request, Future: 'static>,
    Future: 'static,
> {
    let app = actix_service::IntoServiceFactory::into_factory(build_app(state))
        .map(ServiceResponse::map_into_boxed_body)
        .map_err(|error: actix_web::Error| error.error_response());
    map_config(app, |()| AppConfig::default())
}

type Running = Pin<Box<dyn Future<Output = Result<(), ()>>>>;

impl Connections<(), ()> {
    /// Makes the application for a worker.
    pub(super) async fn start(
        state: AppState,
        tls: Option<Arc<ListenerTls>>,
        stopping: GracefulShutdownSignal,
        address: SocketAddr,
        times: Times,
    ) -> Result<impl Service<TcpStream, Response = (), Error = (), Future = Running>, ()> {
        let signal = stopping.clone();
        let http1 = HttpService::build()
            .graceful_shutdown_signal(move || {
                let signal = signal.clone();
                async move { signal.notified().await }
            })
            .keep_alive(times.keep_alive)
            .client_request_timeout(times.request)
            .client_disconnect_timeout(times.disconnect)
            // A client that has gone is noticed at once, and its query cancelled.
            .h1_allow_half_closed(false)
            .on_connect_ext(|io: &Watched, data| {
                if let Some(certificate) = io.client_certificate() {
                    data.insert(certificate);
                }
            })
            .local_addr(address)
            .finish(application(state.clone()))
            .new_service(())
            .await?;
        let app = Rc::new(application(state).new_service(()).await?);
        Ok(Connections {
            shared: Rc::new(Shared {
                http1,
                app,
                tls,
                stopping,
                times,
            }),
        })
    }
}

impl<H, S, E> Service<TcpStream> for Connections<H, S>
where
    H: Service<(Watched, Protocol, Option<SocketAddr>), Response = (), Error = E> + 'static,
    S: Service<Request> + 'static,
    S::Response: Into<Response<BoxBody>>,
    S::Error: Into<Response<BoxBody>>,
    S::Future: 'static,
{
    type Response = ();
    type Error = ();
    type Future = Running;

    fn poll_ready(&self, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&self, stream: TcpStream) -> Running {
        let shared = Rc::clone(&self.shared);
        Box::pin(async move {
            // A connection that fails is the client's loss; there is nobody to tell.
            let _ = shared.serve(stream).await;
            Ok(())
        })
    }
}

impl<H, S, E> Shared<H, S>
where
    H: Service<(Watched, Protocol, Option<SocketAddr>), Response = (), Error = E>,
    S: Service<Request> + 'static,
    S::Response: Into<Response<BoxBody>>,
    S::Error: Into<Response<BoxBody>>,
    S::Future: 'static,
{
    async fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let peer = stream.peer_addr()?;
        stream.set_nodelay(true)?;
        let late = |_| io::Error::from(io::ErrorKind::TimedOut);
        let (transport, is_h2) = tokio::time::timeout(self.times.request, self.transport(stream))
            .await
            .map_err(late)??;
        let io = Watched::new(transport, self.times.stall);
        if is_h2 {
            let times = self.times;
            return h2::serve(io, Rc::clone(&self.app), peer, &self.stopping, times)
                .await
                .map_err(io::Error::other);
        }
        let served = self.http1.call((io, Protocol::Http1, Some(peer))).await;
        served.map_err(|_| io::Error::from(io::ErrorKind::ConnectionAborted))
    }

    /// The connection's bytes, and whether they are HTTP/2.
    async fn transport(&self, stream: TcpStream) -> io::Result<(Transport, bool)> {
        if let Some(tls) = &self.tls {
            let stream = tls.acceptor().accept(stream).await?;
            let is_h2 = stream.get_ref().1.alpn_protocol() == Some(tls::H2);
            return Ok((Either::Right(Box::new(stream)), is_h2));
        }
        let is_h2 = begins_with_preface(&stream).await?;
        Ok((Either::Left(stream), is_h2))
    }
}

/// Looks at the first bytes without taking them. Three tell: no method of HTTP/1.1 begins with `PRI`.
async fn begins_with_preface(stream: &TcpStream) -> io::Result<bool> {
    let mut seen = [0; PREFACE.len()];
    let count = stream.peek(&mut seen).await?;
    Ok(count >= 3 && PREFACE.starts_with(&seen[..count]))
}
