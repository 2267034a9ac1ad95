//! The loop that accepts connections: every wait has a limit, and one bad client costs nobody else.

use crate::Door;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// After a failed accept (no file handle left) this long is waited, lest the loop spins.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `shutdown`, then lets open requests finish up to a limit.
pub async fn serve(
    door: Arc<Door>,
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let house = Arc::new(House {
        router: super::router(door.clone()),
        tls: tls.map(TlsAcceptor::from),
        handshakes: Semaphore::new(door.limits.handshakes_at_once_max),
        closing: watch::Sender::new(false),
        door,
    });
    let connections_max = house.door.limits.connections_max;
    let places = Arc::new(Semaphore::new(connections_max));
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        match places.clone().try_acquire_owned() {
            Ok(place) => drop(tokio::spawn(house.clone().welcome(stream, place))),
            Err(_) => _ = house.door.meters.connections_refused.inc(),
        }
    }
    drop(listener);
    house.door.end_streams();
    house.closing.send_replace(true);
    let all = u32::try_from(connections_max).unwrap_or(u32::MAX);
    if timeout(house.door.limits.drain_time_max, places.acquire_many(all)).await.is_err() {
        tracing::warn!("some connections had not finished when the time given them was over");
    }
    Ok(())
}

/// Waits until it says yes, or nobody is left to say so.
pub(super) async fn turned(says: &mut watch::Receiver<bool>) {
    // Gone counts as yes.
    let _ = says.wait_for(|yes| *yes).await;
}

struct House {
    door: Arc<Door>,
    router: Router,
    tls: Option<TlsAcceptor>,
    handshakes: Semaphore,
    closing: watch::Sender<bool>,
}

impl House {
    async fn welcome(self: Arc<Self>, stream: TcpStream, place: OwnedSemaphorePermit) {
        self.door.meters.connections.inc();
        // Frames are small and wait for nobody.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection was gone before it was served");
        }
        match &self.tls {
            None => self.converse(stream).await,
            Some(tls) => {
                let handshake = async {
                    let _turn = self.handshakes.acquire().await.ok()?;
                    timeout(self.door.limits.handshake_time_max, tls.accept(stream)).await.ok()?.ok()
                };
                if let Some(stream) = handshake.await {
                    self.converse(stream).await;
                }
            }
        }
        self.door.meters.connections.dec();
        drop(place);
    }

    async fn converse(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let mut closing = self.closing.subscribe();
        let service = TowerToHyperService::new(self.router.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.door.limits.header_time_max)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = turned(&mut closing) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            // Slow, broken or gone: the client's doing, and there may be many.
            tracing::debug!(%error, "a connection ended early");
        }
    }
}
