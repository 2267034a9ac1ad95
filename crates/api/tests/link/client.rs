//! A client as a careful integrator would write it: it checks the chain of `prev`, and keeps what it was
//! told until it is asked for.

use crate::house::{House, WITHIN};
use cordboard_api::link::frame::{
    Ack, ClientFrame, Cmd, Ev, Hello, Nack, Ping, Pong, Protocol, ServerFrame, Snapshot, Topic, Welcome,
};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::VecDeque;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::Request;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async, connect_async};

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens a WebSocket and says nothing.
pub(crate) async fn open(
    house: &House,
    protocols: Option<&str>,
    bearer: Option<&str>,
) -> Result<Socket, Error> {
    connect_async(request(house, protocols, bearer)).await.map(|(socket, _)| socket)
}

/// Opens one that takes in little before it is read.
pub(crate) async fn open_narrow(house: &House, bearer: &str) -> Socket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let stream = MaybeTlsStream::Plain(socket.connect(house.addr).await.unwrap());
    client_async(request(house, None, Some(bearer)), stream).await.unwrap().0
}

fn request(house: &House, protocols: Option<&str>, bearer: Option<&str>) -> Request<()> {
    let mut request = format!("ws://{}/link", house.addr).into_client_request().unwrap();
    let headers = request.headers_mut();
    if let Some(protocols) = protocols {
        headers.insert("Sec-WebSocket-Protocol", protocols.parse().unwrap());
    }
    if let Some(bearer) = bearer {
        headers.insert("Authorization", format!("Bearer {bearer}").parse().unwrap());
    }
    request
}

pub(crate) struct Client {
    pub(crate) socket: Socket,
    protocol: Protocol,
    account: String,
    told: VecDeque<ServerFrame>,
    /// The last event, or the number of the snapshot.
    pub(crate) last: u64,
    /// The same for the events topic.
    pub(crate) last_of_topic: Option<u64>,
    closed: Option<(u16, String)>,
    next_id: u32,
}

/// What the beginning of a link said.
pub(crate) struct Greeted {
    pub(crate) client: Client,
    pub(crate) welcome: Welcome,
    pub(crate) snapshot: Option<Snapshot>,
}

impl Client {
    pub(crate) async fn connect(house: &House, protocol: Protocol, account: &str) -> Self {
        let token = house.token(account);
        let socket = open(house, Some(protocol.name()), Some(&token)).await.unwrap();
        Self::on(socket, protocol, account)
    }

    pub(crate) fn on(socket: Socket, protocol: Protocol, account: &str) -> Self {
        Self {
            socket,
            protocol,
            account: account.to_owned(),
            told: VecDeque::new(),
            last: 0,
            last_of_topic: None,
            closed: None,
            next_id: 0,
        }
    }

    /// Connected and welcomed, as JSON.
    pub(crate) async fn greeted(house: &House, account: &str) -> Self {
        Self::greet(house, Protocol::Json, account, None).await.client
    }

    pub(crate) async fn greet(
        house: &House,
        protocol: Protocol,
        account: &str,
        resume: Option<u64>,
    ) -> Greeted {
        let mut client = Self::connect(house, protocol, account).await;
        client.say(&ClientFrame::Hello(Hello { id: Some("h1".into()), ticket: None, resume })).await;
        client.last = resume.unwrap_or(0);
        let welcome = client.welcome().await;
        assert_eq!(welcome.id.as_deref(), Some("h1"));
        let snapshot = match welcome.resumed {
            true => None,
            false => Some(client.snapshot().await),
        };
        Greeted { client, welcome, snapshot }
    }

    /// Signed in at a seat and ready.
    pub(crate) async fn ready(house: &House, account: &str) -> Self {
        let mut client = Self::greeted(house, account).await;
        client.does("agent.sign_in", json!({"seat": format!("seat-{account}")})).await;
        client.does("agent.set_state", json!({"state": "ready"})).await;
        client.event("agent.ready").await;
        client
    }

    pub(crate) async fn say(&mut self, frame: &ClientFrame) {
        let message = self.protocol.encode(frame).unwrap();
        self.socket.send(message).await.unwrap();
    }

    pub(crate) async fn say_text(&mut self, text: &str) {
        self.socket.send(Message::Text(text.into())).await.unwrap();
    }

    /// Sends a command, and says under which id.
    pub(crate) async fn cmd(&mut self, cmd: &str, args: Value) -> String {
        self.next_id += 1;
        // Ids belong to the account for ever, so each test's are its own.
        let id = format!("{}-{}-{}", self.account, std::process::id(), unique());
        self.cmd_as(&id, cmd, args).await;
        id
    }

    pub(crate) async fn cmd_as(&mut self, id: &str, cmd: &str, args: Value) {
        let args = args.as_object().unwrap().clone();
        self.say(&ClientFrame::Cmd(Cmd { id: id.to_owned(), cmd: cmd.to_owned(), args })).await;
    }

    /// Has a command carried out.
    pub(crate) async fn does(&mut self, cmd: &str, args: Value) -> u64 {
        match self.asks(cmd, args.clone()).await {
            Ok(ack) => ack.seq,
            Err(nack) => panic!("{cmd} {args}: {nack:?}"),
        }
    }

    pub(crate) async fn asks(&mut self, cmd: &str, args: Value) -> Result<Ack, Nack> {
        let id = self.cmd(cmd, args).await;
        self.answer(&id).await
    }

    pub(crate) async fn refused(&mut self, cmd: &str, args: Value) -> Nack {
        match self.asks(cmd, args.clone()).await {
            Ok(ack) => panic!("{cmd} {args}: {ack:?}"),
            Err(nack) => nack,
        }
    }

    pub(crate) async fn answer(&mut self, id: &str) -> Result<Ack, Nack> {
        self.find(&format!("the answer to {id}"), |frame| match frame {
            ServerFrame::Ack(ack) if ack.id == id => Some(Ok(ack.clone())),
            ServerFrame::Nack(nack) if nack.id.as_deref() == Some(id) => Some(Err(nack.clone())),
            _ => None,
        })
        .await
    }

    /// The next nack, whatever its id.
    pub(crate) async fn nack(&mut self) -> Nack {
        self.find("a nack", |frame| match frame {
            ServerFrame::Nack(nack) => Some(nack.clone()),
            _ => None,
        })
        .await
    }

    pub(crate) async fn welcome(&mut self) -> Welcome {
        self.find("a welcome", |frame| match frame {
            ServerFrame::Welcome(welcome) => Some(welcome.clone()),
            _ => None,
        })
        .await
    }

    pub(crate) async fn snapshot(&mut self) -> Snapshot {
        self.find("a snapshot", |frame| match frame {
            ServerFrame::Snapshot(snapshot) => Some(snapshot.clone()),
            _ => None,
        })
        .await
    }

    pub(crate) async fn pong(&mut self, id: &str) -> Pong {
        self.say(&ClientFrame::Ping(Ping { id: Some(id.to_owned()) })).await;
        self.find("a pong", |frame| match frame {
            ServerFrame::Pong(pong) if pong.id.as_deref() == Some(id) => Some(pong.clone()),
            _ => None,
        })
        .await
    }

    /// The next event of that name about the link's agent; those told before it are kept.
    pub(crate) async fn event(&mut self, name: &str) -> Ev {
        self.find(name, |frame| match frame {
            ServerFrame::Ev(ev) if ev.ev == name && ev.topic.is_none() => Some((**ev).clone()),
            _ => None,
        })
        .await
    }

    /// The next events of the topic.
    pub(crate) async fn topic_event(&mut self) -> Ev {
        self.find("an event of the topic", |frame| match frame {
            ServerFrame::Ev(ev) if ev.topic == Some(Topic::Events) => Some((**ev).clone()),
            _ => None,
        })
        .await
    }

    /// Looks through what was told, and waits for more.
    pub(crate) async fn find<T>(&mut self, what: &str, fits: impl Fn(&ServerFrame) -> Option<T>) -> T {
        let mut at = 0;
        loop {
            while at < self.told.len() {
                if let Some(found) = fits(&self.told[at]) {
                    self.told.remove(at);
                    return found;
                }
                at += 1;
            }
            if !self.take_one(what).await {
                panic!("{} waited for {what}, but the link ended: {:?}", self.account, self.closed);
            }
        }
    }

    /// Everything that was told up to the answer to a ping: nothing on its way is left out.
    pub(crate) async fn everything(&mut self) -> Vec<ServerFrame> {
        let id = format!("ping-{}", unique());
        self.pong(&id).await;
        self.told.drain(..).collect()
    }

    /// Reads on until the server ends the link.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        while self.take_one("the end").await {}
        self.closed.clone().unwrap_or((0, String::new()))
    }

    async fn take_one(&mut self, what: &str) -> bool {
        if self.closed.is_some() {
            return false;
        }
        // The server's pings end no wait.
        let deadline = tokio::time::Instant::now() + WITHIN;
        loop {
            let read = tokio::time::timeout_at(deadline, self.socket.next()).await;
            let read = read.unwrap_or_else(|_| {
                let told: Vec<_> = self.told.iter().rev().take(20).collect();
                panic!("{} waited {WITHIN:?} for {what}; told last: {told:#?}", self.account)
            });
            match read {
                Some(Ok(Message::Close(frame))) => {
                    let said = frame.map(|frame| (frame.code.into(), frame.reason.to_string()));
                    self.closed = Some(said.unwrap_or_default());
                    return false;
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(message)) => {
                    let frame: ServerFrame = self.protocol.decode(&message).unwrap();
                    self.check(&frame);
                    self.told.push_back(frame);
                    return true;
                }
                Some(Err(fault)) => {
                    self.closed = Some((0, fault.to_string()));
                    return false;
                }
                None => {
                    self.closed = Some((0, "gone".to_owned()));
                    return false;
                }
            }
        }
    }

    /// A mismatch of `prev` is a gap, or an event told twice.
    fn check(&mut self, frame: &ServerFrame) {
        match frame {
            ServerFrame::Snapshot(snapshot) => self.last = snapshot.seq,
            ServerFrame::Ev(ev) if ev.topic.is_none() => {
                assert_eq!(ev.prev, self.last, "a gap before {ev:?}");
                assert!(ev.seq > ev.prev, "{ev:?}");
                self.last = ev.seq;
            }
            ServerFrame::Ev(ev) => {
                assert_eq!(ev.prev, self.last_of_topic.unwrap_or(ev.prev), "a gap before {ev:?}");
                self.last_of_topic = Some(ev.seq);
            }
            _ => {}
        }
    }
}

pub(crate) fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Names of the events among frames.
pub(crate) fn names(frames: &[ServerFrame]) -> Vec<String> {
    let name = |frame: &ServerFrame| match frame {
        ServerFrame::Ev(ev) => Some(ev.ev.to_string()),
        _ => None,
    };
    frames.iter().filter_map(name).collect()
}
