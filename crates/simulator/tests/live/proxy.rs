//! A cable between drive and server that can be pulled.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub(crate) struct Proxy {
    pub(crate) addr: SocketAddr,
    breaks: watch::Sender<u32>,
}

impl Proxy {
    pub(crate) async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let breaks = watch::Sender::new(0);
        let told = breaks.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(join(client, server, told.subscribe()));
            }
        });
        Self { addr, breaks }
    }

    /// Breaks every connection there is.
    pub(crate) fn break_all(&self) {
        self.breaks.send_modify(|breaks| *breaks += 1);
    }
}

async fn join(mut client: TcpStream, server: SocketAddr, mut breaks: watch::Receiver<u32>) {
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
        _ = breaks.changed() => {}
    }
}
