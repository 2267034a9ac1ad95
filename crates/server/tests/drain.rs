//! Told to stop in the middle of a conversation: it may come to its end, within a limit, unless told again.

mod support;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::path::Path;
use support::{DEADLINE, FLOOR, Running, cordboard, file, text};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

/// A server, and an agent who talks with a caller.
struct Talk {
    server: Running,
    link: WebSocketStream<TcpStream>,
    contact: String,
}

async fn talk(dir: &Path) -> Talk {
    let (data, config) = (text(dir), file(dir, "site.toml", FLOOR));
    let tokens = dir.join("tokens.csv");
    let place = ["--data", data, "--config", &config];
    let provision = ["account", "provision", "--from-config", "--tokens-out", text(&tokens)];
    cordboard(&[&provision[..], &place].concat()).well();
    let add = ["account", "add", "switch", "--role", "integrator", "--no-password"];
    cordboard(&[&add[..], &place].concat()).well();
    let callers = cordboard(&[&["account", "token", "switch"][..], &place].concat()).well().stdout;
    let server = Running::start(&[&["serve", "--listen", "127.0.0.1:0"][..], &place].concat());
    let authority = server.authority("listening on");

    let tokens = std::fs::read_to_string(&tokens).unwrap();
    let token = tokens.lines().nth(1).unwrap().split(',').nth(1).unwrap();
    let mut request = format!("ws://{authority}/link").into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    let stream = TcpStream::connect(&authority).await.unwrap();
    let (mut link, _) = client_async(request, stream).await.unwrap();
    say(&mut link, json!({"t": "hello"})).await;
    command(&mut link, "agent.sign_in", json!({"seat": "A01"})).await;
    command(&mut link, "agent.set_state", json!({"state": "ready"})).await;
    let call = json!({"queue": "loans", "channel": "voice", "from": "13812345678"});
    let (status, answer) = support::post(&authority, "/api/v1/contacts", callers.trim(), &call.to_string());
    assert_eq!(status, 201, "{answer}");
    let offer = hear(&mut link, |frame| frame["ev"] == "offer.created").await;
    command(&mut link, "offer.accept", json!({"offer": offer["data"]["offer"]})).await;
    let contact = offer["data"]["contact"].as_str().unwrap().to_owned();
    Talk { server, link, contact }
}

async fn say(link: &mut WebSocketStream<TcpStream>, frame: Value) {
    link.send(Message::text(frame.to_string())).await.unwrap();
}

/// The next frame of that kind.
async fn hear(link: &mut WebSocketStream<TcpStream>, is_it: impl Fn(&Value) -> bool) -> Value {
    let heard = async {
        loop {
            if let Message::Text(text) = link.next().await.expect("the link is open").unwrap() {
                let frame: Value = serde_json::from_str(&text).unwrap();
                if is_it(&frame) {
                    return frame;
                }
            }
        }
    };
    tokio::time::timeout(DEADLINE, heard).await.expect("it is said in time")
}

/// Gives a command and waits for its acknowledgement.
async fn command(link: &mut WebSocketStream<TcpStream>, name: &str, args: Value) {
    say(link, json!({"t": "cmd", "id": name, "cmd": name, "args": args})).await;
    let answer = hear(link, |frame| frame["id"] == name).await;
    assert_eq!(answer["t"], "ack", "{name}: {answer}");
}

/// The code with which the server closes the link.
async fn closed(mut link: WebSocketStream<TcpStream>) -> u16 {
    let closed = async {
        loop {
            match link.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("no close frame: {other:?}"),
            }
        }
    };
    tokio::time::timeout(DEADLINE, closed).await.expect("it is closed in time")
}

#[tokio::test]
async fn a_conversation_comes_to_its_end_before_the_server_does() {
    let dir = tempfile::tempdir().unwrap();
    let Talk { mut server, mut link, contact } = talk(dir.path()).await;
    server.signal("TERM");
    server.line("1 conversations go on");
    command(&mut link, "contact.end", json!({ "contact": contact })).await;
    assert_eq!(closed(link).await, 4006);
    assert!(server.end().success(), "{:?}", server.said());
    let log = cordboard(&["log", "export", "--contact", &contact, "--data", text(dir.path())]).well().stdout;
    assert!(log.contains("contact.ended"), "{log}");
}

#[tokio::test]
async fn a_second_signal_ends_it_now_and_the_conversation_is_still_in_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let Talk { mut server, link, .. } = talk(dir.path()).await;
    server.signal("TERM");
    server.line("1 conversations go on");
    server.signal("TERM");
    server.line("told again");
    assert_eq!(closed(link).await, 4006);
    assert!(server.end().success(), "{:?}", server.said());
    let state = cordboard(&["log", "state", "--data", text(dir.path()), "--output", "json"]).well().json();
    assert_eq!(state["contacts_alive"], 1, "{state}");
}
