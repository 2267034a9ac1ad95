//! A link: opened, resumed, read frame by frame, in the JSON subprotocol. It knows frames and nothing of what agents do about them.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::target::{Stream, Target};
use crate::drive::DriveError;

const SUBPROTOCOL: &str = "cordboard.v1.json";

pub(super) struct Link {
    socket: WebSocketStream<Stream>,
}

/// What comes over a link.
#[derive(Debug, PartialEq)]
pub(super) enum Told {
    Welcome {
        seq: u64,
        resumed: bool,
        heartbeat_ms: u64,
    },
    Snapshot {
        seq: u64,
        agent: Value,
    },
    Event {
        seq: u64,
        prev: u64,
        name: String,
        data: Value,
    },
    Ack {
        id: String,
        seq: u64,
    },
    Nack {
        id: Option<String>,
        code: String,
        message: String,
        retryable: bool,
    },
    /// Nothing that she needs.
    Other,
}

/// How a link ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// By the server, for this reason.
    Closed { code: u16, why: String },
    /// The connection was lost.
    Lost(String),
    /// The server said what is no frame.
    Unreadable(String),
}

impl Link {
    /// Opens a link and says hello.
    pub(super) async fn open(target: &Target, token: &str, resume: Option<u64>) -> Result<Self, DriveError> {
        let bad = |what: String| DriveError::BadServer { what, mend: "is the token a single line?" };
        let mut request = target.link_url().into_client_request().map_err(|why| bad(why.to_string()))?;
        let bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|why| bad(why.to_string()))?;
        request.headers_mut().insert("authorization", bearer);
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
        let stream = target.connect().await?;
        let (socket, _) = client_async(request, stream).await.map_err(|why| target.unreachable(why))?;
        let mut link = Self { socket };
        let hello = match resume {
            Some(seq) => json!({"t": "hello", "id": "hello", "resume": seq}),
            None => json!({"t": "hello", "id": "hello"}),
        };
        match link.say(&hello).await {
            Ok(()) => Ok(link),
            Err(ended) => Err(target.unreachable(format!("{ended:?}"))),
        }
    }

    pub(super) async fn command(&mut self, id: &str, name: &str, args: &Value) -> Result<(), Ended> {
        self.say(&json!({"t": "cmd", "id": id, "cmd": name, "args": args})).await
    }

    pub(super) async fn ping(&mut self) -> Result<(), Ended> {
        self.say(&json!({"t": "ping"})).await
    }

    async fn say(&mut self, frame: &Value) -> Result<(), Ended> {
        let sent = self.socket.send(Message::text(frame.to_string())).await;
        sent.map_err(|why| lost(&why))
    }

    /// The next frame. May be dropped while it waits.
    pub(super) async fn told(&mut self) -> Result<Told, Ended> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return read(&text),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Err(Ended::Closed { code: frame.code.into(), why: frame.reason.to_string() });
                }
                Some(Ok(Message::Close(None))) | None => return Err(Ended::Lost("closed".to_owned())),
                // Pings are answered beneath.
                Some(Ok(_)) => {}
                Some(Err(why)) => return Err(lost(&why)),
            }
        }
    }
}

fn lost(why: &tungstenite::Error) -> Ended {
    Ended::Lost(why.to_string())
}

fn read(text: &str) -> Result<Told, Ended> {
    let frame: Value = serde_json::from_str(text).map_err(|why| Ended::Unreadable(why.to_string()))?;
    told(frame).ok_or_else(|| Ended::Unreadable(text.chars().take(200).collect()))
}

fn told(mut frame: Value) -> Option<Told> {
    let number = |frame: &Value, name: &str| frame.get(name)?.as_u64();
    let text = |frame: &Value, name: &str| Some(frame.get(name)?.as_str()?.to_owned());
    Some(match frame.get("t")?.as_str()? {
        "welcome" => Told::Welcome {
            seq: number(&frame, "seq")?,
            resumed: frame.get("resumed")?.as_bool()?,
            heartbeat_ms: number(&frame, "heartbeat_ms")?,
        },
        "snapshot" => Told::Snapshot { seq: number(&frame, "seq")?, agent: frame.get_mut("agent")?.take() },
        "ev" => Told::Event {
            seq: number(&frame, "seq")?,
            prev: number(&frame, "prev")?,
            name: text(&frame, "ev")?,
            data: frame.get_mut("data")?.take(),
        },
        "ack" => Told::Ack { id: text(&frame, "id")?, seq: number(&frame, "seq")? },
        "nack" => Told::Nack {
            id: text(&frame, "id"),
            code: text(&frame, "code")?,
            message: text(&frame, "message")?,
            retryable: frame.get("retryable")?.as_bool()?,
        },
        _ => Told::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_by_their_documentation() {
        let event = r#"{"t":"ev","seq":1054,"prev":1050,"at":"2026-11-22T00:00:01.204Z","ev":"contact.connected","data":{}}"#;
        let name = "contact.connected".to_owned();
        assert_eq!(read(event), Ok(Told::Event { seq: 1054, prev: 1050, name, data: json!({}) }));
        let welcome = r#"{"t":"welcome","id":"h1","session":"s","seq":1050,"resumed":true,"lease_ms":15000,"heartbeat_ms":5000}"#;
        assert_eq!(read(welcome), Ok(Told::Welcome { seq: 1050, resumed: true, heartbeat_ms: 5_000 }));
        assert_eq!(read(r#"{"t":"pong","at":"2026-11-22T00:00:01Z"}"#), Ok(Told::Other));
        for bad in ["", "[]", r#"{"t":"ev"}"#, r#"{"seq":1}"#] {
            assert!(matches!(read(bad), Err(Ended::Unreadable(_))), "{bad}");
        }
    }
}
