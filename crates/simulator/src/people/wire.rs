//! The two doors as people use them: a request over HTTP, and a link frame by frame in the JSON subprotocol.

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async};

/// Longest wait for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// Longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// The server could not be reached, or said what makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WireFault(String);

fn fault(why: impl ToString) -> WireFault {
    WireFault(why.to_string())
}

/// Asks once, on a connection of its own; answers status and body.
pub(super) async fn ask(
    authority: &str,
    token: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<(u16, Value), WireFault> {
    let request = http::Request::builder()
        .method(method)
        .uri(path)
        .header("host", authority)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(Full::new(body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()))))
        .map_err(fault)?;
    let exchange = async {
        let stream = TcpStream::connect(authority).await.map_err(fault)?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(fault)?;
        // What goes wrong with it shows in the answer.
        tokio::spawn(async move { drop(connection.await) });
        let answer = sender.send_request(request).await.map_err(fault)?;
        let status = answer.status().as_u16();
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await.map_err(fault)?;
        Ok((status, serde_json::from_slice(&body.to_bytes()).unwrap_or(Value::Null)))
    };
    tokio::time::timeout(ANSWER_WITHIN, exchange).await.map_err(fault)?
}

/// How a link ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// By the server, with this code.
    Closed(u16),
    /// Lost.
    Lost,
}

/// An open link.
pub(super) struct Link(WebSocketStream<TcpStream>);

impl Link {
    /// Opens it and says hello.
    pub(super) async fn open(authority: &str, token: &str) -> Result<Self, WireFault> {
        let mut request = format!("ws://{authority}/link").into_client_request().map_err(fault)?;
        let bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(fault)?;
        request.headers_mut().insert("authorization", bearer);
        let protocol = HeaderValue::from_static("cordboard.v1.json");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let stream = TcpStream::connect(authority).await.map_err(fault)?;
        stream.set_nodelay(true).map_err(fault)?;
        let (socket, _) = client_async(request, stream).await.map_err(fault)?;
        let mut link = Self(socket);
        link.say(&json!({"t": "hello", "id": "hello"})).await.map_err(|_| fault("no hello"))?;
        Ok(link)
    }

    /// Sends a frame.
    pub(super) async fn say(&mut self, frame: &Value) -> Result<(), Ended> {
        self.0.send(Message::text(frame.to_string())).await.map_err(|_| Ended::Lost)
    }

    /// The next frame. May be dropped while it waits.
    pub(super) async fn hear(&mut self) -> Result<Value, Ended> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).map_err(|_| Ended::Lost),
                Some(Ok(Message::Close(Some(frame)))) => return Err(Ended::Closed(frame.code.into())),
                // Pings are answered beneath.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Err(Ended::Lost),
            }
        }
    }
}
