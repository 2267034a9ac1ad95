//! One WebSocket: frames in, frames out, and its end. It knows no agent and no hub; what it refuses to do
//! is to wait for ever for a client that does not read.

use super::frame::{CloseReason, Protocol};
use super::limits::{CLOSE_DRAIN_BYTES_MAX, CLOSE_GRACE, FRAME_BYTES_MAX, READ_BUFFER_BYTES};
use super::outbox::Outbox;
use futures_util::StreamExt;
use futures_util::sink::SinkExt;
use serde::Serialize;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{Error, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Message};

/// Longest text of a close frame that every client takes, in bytes (RFC 6455: 123).
const CLOSE_TEXT_BYTES_MAX: usize = 120;

/// How a link ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// The client left, or the network did.
    Gone,
    /// We end it, and say why.
    By(CloseReason, Cow<'static, str>),
}

impl Ended {
    pub(super) fn by(why: CloseReason) -> Self {
        Self::By(why, why.text().into())
    }
}

pub(super) struct Wire<S> {
    socket: WebSocketStream<S>,
    pub(super) protocol: Protocol,
    pub(super) outbox: Arc<Outbox>,
    write_stall: Duration,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// Speaks on a stream whose handshake is done.
    pub(super) async fn new(
        stream: S,
        protocol: Protocol,
        outbox: Arc<Outbox>,
        write_stall: Duration,
    ) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_message_size(Some(FRAME_BYTES_MAX))
            .max_frame_size(Some(FRAME_BYTES_MAX));
        let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
        Self { socket, protocol, outbox, write_stall }
    }

    /// The next text or binary message. Every message, pongs too, counts as a sign of life. Can be dropped
    /// and asked again at any time.
    pub(super) async fn read(&mut self) -> Result<Message, Ended> {
        loop {
            let message = match self.socket.next().await {
                Some(Ok(message)) => message,
                Some(Err(fault)) => return Err(unreadable(&fault)),
                None => return Err(Ended::Gone),
            };
            self.outbox.heard();
            match message {
                Message::Text(_) | Message::Binary(_) => return Ok(message),
                Message::Close(_) => return Err(Ended::Gone),
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        }
    }

    /// Writes a frame, as long as the client takes it in some time.
    pub(super) async fn send<T: Serialize>(&mut self, frame: &T) -> Result<(), Ended> {
        match self.protocol.encode(frame) {
            Ok(message) => self.write(message).await,
            Err(fault) => {
                // A frame that cannot be written is ours to mend; the client goes on without it.
                tracing::error!(fault, "a frame could not be written");
                Ok(())
            }
        }
    }

    pub(super) async fn ping(&mut self) -> Result<(), Ended> {
        self.write(Message::Ping(Bytes::new())).await
    }

    async fn write(&mut self, message: Message) -> Result<(), Ended> {
        let outbox = self.outbox.clone();
        tokio::select! {
            biased;
            written = tokio::time::timeout(self.write_stall, self.socket.send(message)) => match written {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) => Err(Ended::Gone),
                Err(_) => Err(Ended::by(CloseReason::TooSlow)),
            },
            () = outbox.cut() => Err(Ended::by(outbox.is_cut().unwrap_or(CloseReason::TooSlow))),
        }
    }

    /// Says why, and waits a little for the client to hear it.
    pub(super) async fn close(mut self, why: CloseReason, text: &str) {
        let end = (0..=text.len().min(CLOSE_TEXT_BYTES_MAX)).rev().find(|end| text.is_char_boundary(*end));
        let reason = text[..end.unwrap_or(0)].into();
        let frame = CloseFrame { code: why.code().into(), reason };
        // A client that does not listen is left behind.
        let _ = tokio::time::timeout(CLOSE_GRACE, self.say_goodbye(frame)).await;
    }

    async fn say_goodbye(&mut self, frame: CloseFrame) {
        if self.socket.close(Some(frame)).await.is_err() {
            return;
        }
        loop {
            match self.socket.next().await {
                Some(Ok(_)) => {}
                Some(Err(Error::Capacity(_) | Error::Protocol(_) | Error::Utf8(_))) => break,
                Some(Err(_)) | None => return,
            }
        }
        // What it still sends cannot be told apart any more, but closing now would drop our last word.
        let (stream, mut rest) = (self.socket.get_mut(), vec![0; READ_BUFFER_BYTES]);
        let mut left = CLOSE_DRAIN_BYTES_MAX;
        while let Ok(read @ 1..) = stream.read(&mut rest).await {
            left = left.saturating_sub(read);
            if left == 0 {
                return;
            }
        }
    }
}

fn unreadable(fault: &Error) -> Ended {
    match fault {
        Error::Capacity(_) => Ended::By(
            CloseReason::Malformed,
            format!("too large: a frame has at most {FRAME_BYTES_MAX} bytes").into(),
        ),
        Error::Protocol(
            ProtocolError::ResetWithoutClosingHandshake
            | ProtocolError::ReceivedAfterClosing
            | ProtocolError::SendAfterClosing,
        ) => Ended::Gone,
        Error::Protocol(_) | Error::Utf8(_) => Ended::By(CloseReason::Malformed, fault.to_string().into()),
        _ => Ended::Gone,
    }
}
