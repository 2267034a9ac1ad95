//! An agent on a link of her own: answers what rings, talks for a moment, ends it. When the link breaks she
//! resumes it, and asks again, under the same ids, for what was not acknowledged.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub(crate) struct Agent {
    agent: String,
    address: SocketAddr,
    token: String,
    last: Option<u64>,
    told: Vec<u64>,
    asked: BTreeMap<u64, (String, Value)>,
    next_id: u64,
    signed_in: bool,
}

impl Agent {
    pub(crate) fn new(agent: &str, address: SocketAddr, token: String) -> Self {
        let agent = agent.to_owned();
        let (told, asked) = (Vec::new(), BTreeMap::new());
        Self { agent, address, token, last: None, told, asked, next_id: 0, signed_in: false }
    }

    /// Works until told to go; answers the numbers of all events that she was told, in order.
    pub(crate) async fn work(mut self, gone: Arc<AtomicBool>) -> Vec<u64> {
        while !gone.load(Ordering::Acquire) {
            if self.one_link(&gone).await.is_err() {
                tokio::time::sleep(Duration::from_millis(5)).await; // polls until the server is back
            }
        }
        self.told
    }

    async fn one_link(&mut self, gone: &AtomicBool) -> Result<(), Error> {
        let mut request = format!("ws://{}/link", self.address).into_client_request()?;
        request.headers_mut().insert("Authorization", format!("Bearer {}", self.token).parse().unwrap());
        let (mut socket, _) = connect_async(request).await?;
        let mut hello = json!({"t": "hello", "id": "h"});
        if let Some(last) = self.last {
            hello["resume"] = last.into();
        }
        say(&mut socket, hello).await?;
        let asked_before: Vec<u64> = self.asked.keys().copied().collect();
        let mut welcomed = false;
        while !gone.load(Ordering::Acquire) {
            let Ok(next) = tokio::time::timeout(Duration::from_millis(200), socket.next()).await else {
                continue;
            };
            let message = next.ok_or(Error::ConnectionClosed)??;
            let Message::Text(text) = message else { continue };
            let frame: Value = serde_json::from_str(&text).expect("frames are JSON");
            self.take(&mut socket, &frame).await?;
            if frame["t"] == "welcome" {
                assert_eq!(
                    frame["resumed"].as_bool(),
                    Some(self.last.is_some()),
                    "a link that resumes is resumed: {frame}"
                );
                welcomed = true;
                for id in &asked_before {
                    self.say_again(&mut socket, *id).await?;
                }
                if !self.signed_in {
                    self.signed_in = true;
                    self.ask(&mut socket, "agent.sign_in", json!({"seat": format!("seat-{}", self.agent)}))
                        .await?;
                    self.ask(&mut socket, "agent.set_state", json!({"state": "ready"})).await?;
                }
            }
            assert!(welcomed || frame["t"] != "ev", "nothing is told before the welcome");
        }
        Ok(())
    }

    async fn take(&mut self, socket: &mut Socket, frame: &Value) -> Result<(), Error> {
        match frame["t"].as_str().unwrap() {
            "snapshot" => {
                assert_eq!(self.last, None, "only a first link begins with a snapshot");
                self.last = frame["seq"].as_u64();
            }
            "ack" => {
                self.asked.remove(&number_of(frame));
            }
            "nack" if frame["retryable"] == true => {
                let id = number_of(frame);
                tokio::time::sleep(Duration::from_millis(5)).await; // the pace of asking again
                self.say_again(socket, id).await?;
            }
            "nack" => {
                // Too late for an offer or a contact is an answer; anything else is a fault.
                let late = ["offer_", "contact_ended", "unknown_offer", "unknown_contact", "not_on_contact"];
                let code = frame["code"].as_str().unwrap();
                assert!(late.iter().any(|late| code.starts_with(late)), "{frame}");
                self.asked.remove(&number_of(frame));
            }
            "ev" => self.hear(socket, frame).await?,
            _ => {}
        }
        Ok(())
    }

    async fn hear(&mut self, socket: &mut Socket, frame: &Value) -> Result<(), Error> {
        let seq = frame["seq"].as_u64().unwrap();
        assert_eq!(
            frame["prev"].as_u64(),
            self.last,
            "agent {}: the chain of events broke at {frame}",
            self.agent
        );
        self.last = Some(seq);
        self.told.push(seq);
        let data = &frame["data"];
        let hers = data["agent"] == self.agent.as_str();
        match frame["ev"].as_str().unwrap() {
            "offer.created" if hers => {
                self.ask(socket, "offer.accept", json!({"offer": data["offer"]})).await
            }
            "contact.connected" if hers => {
                self.ask(socket, "contact.end", json!({"contact": data["contact"]})).await
            }
            "agent.not_ready" if hers && self.signed_in && data["reason"]["slug"] != "signed_in" => {
                self.ask(socket, "agent.set_state", json!({"state": "ready"})).await
            }
            _ => Ok(()),
        }
    }

    async fn ask(&mut self, socket: &mut Socket, cmd: &str, args: Value) -> Result<(), Error> {
        self.next_id += 1;
        self.asked.insert(self.next_id, (cmd.to_owned(), args));
        self.say_again(socket, self.next_id).await
    }

    async fn say_again(&mut self, socket: &mut Socket, id: u64) -> Result<(), Error> {
        let Some((cmd, args)) = self.asked.get(&id) else { return Ok(()) };
        say(socket, json!({"t": "cmd", "id": format!("c{id}"), "cmd": cmd, "args": args})).await
    }
}

fn number_of(frame: &Value) -> u64 {
    frame["id"].as_str().and_then(|id| id.strip_prefix('c')?.parse().ok()).unwrap_or_default()
}

async fn say(socket: &mut Socket, frame: Value) -> Result<(), Error> {
    socket.send(Message::Text(frame.to_string().into())).await
}
