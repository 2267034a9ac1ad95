//! From the outside, over loopback, against the real binary in a process of its own:
//!
//! - arrival → idle agent: from the first byte of `POST /contacts` to `offer.created` at her socket;
//! - freed agent → next offer: from her `contact.end` to the next `offer.created`, callers waiting;
//! - append → frame: from the event's own stamp to the frame, wall clock against wall clock;
//! - CPU of the server per offer, and memory of an idle link.
//!
//! Beside them stands the disk's bare `fdatasync` of the same run: every offer waits for one.

use cordboard_benches::{nanoseconds, percentiles, say};
use cordboard_tests::rig::{Furniture, Server};
use futures_util::{SinkExt, StreamExt};
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// One agent after the other, as many rounds each as her link takes in one burst.
const SHIFTS: usize = 20;
const ROUNDS: usize = 80;
const ALL: usize = SHIFTS * ROUNDS;
const IDLE_LINKS: usize = 1_000;
const CONFIG: &str = "[limits]\nlink_lease_ms = 600000\nlink_heartbeat_ms = 300000\n\
    [queues.loans]\nwrapup_ms = 0\noffer_timeout_ms = 600000\n";

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let bare = bare_sync();
    say(format_args!("bare write + fdatasync:   p50 / p99 / p99.9 = {} µs", percentiles(&bare)));
    let agents: Vec<String> =
        (0..2 * SHIFTS + IDLE_LINKS).map(|number| (1000 + number).to_string()).collect();
    let binary = binary();
    let mut server =
        Server::furnish(&Furniture { binary: &binary, config: CONFIG, agents: &agents, queues: &["loans"] });
    server.start().await;
    let mut door = Door::open(&server).await;

    let (mut arrivals, mut frames) = (nanoseconds(), nanoseconds());
    let before = cpu_time(server.pid());
    for agent in &agents[..SHIFTS] {
        let mut desk = Desk::sit(&server, agent).await;
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            door.post_contact().await;
            let offer = desk.until("offer.created", Some(&mut frames)).await;
            arrivals.saturating_record(begun.elapsed().as_nanos() as u64);
            door.read_answer().await;
            desk.accept_and_end(&offer).await;
        }
        desk.go_home().await;
    }
    let spent = cpu_since(server.pid(), before);
    say(format_args!("arrival -> idle agent:    p50 / p99 / p99.9 = {} µs", percentiles(&arrivals)));
    say(format_args!(
        "append -> agent's socket: p50 / p99 / p99.9 = {} µs (stamp to frame, sync included)",
        percentiles(&frames)
    ));
    say(format_args!(
        "server CPU per contact (POST, offer, accept, end; 7 events, 3 syncs): {:.0} µs",
        spent.as_micros() as f64 / ALL as f64
    ));

    for _ in 0..=ALL + SHIFTS {
        door.post_contact().await;
        door.read_answer().await;
    }
    let mut freed = nanoseconds();
    let before = cpu_time(server.pid());
    for agent in &agents[SHIFTS..2 * SHIFTS] {
        let mut desk = Desk::sit(&server, agent).await;
        let mut offer = desk.until("offer.created", None).await;
        for _ in 0..ROUNDS {
            let contact = desk.accept(&offer).await;
            let begun = Instant::now();
            desk.say("contact.end", json!({"contact": contact})).await;
            offer = desk.until("offer.created", None).await;
            freed.saturating_record(begun.elapsed().as_nanos() as u64);
        }
        desk.go_home().await;
    }
    let spent = cpu_since(server.pid(), before);
    say(format_args!("freed agent -> next offer: p50 / p99 / p99.9 = {} µs", percentiles(&freed)));
    say(format_args!(
        "server CPU per offer (end, offer, accept; 6 events, 2 syncs): {:.0} µs",
        spent.as_micros() as f64 / ALL as f64
    ));

    let before = resident(server.pid());
    let mut links = Vec::new();
    for agent in &agents[2 * SHIFTS..] {
        links.push(connect(&server, agent).await);
    }
    let after = resident(server.pid());
    say(format_args!(
        "{IDLE_LINKS} idle links: {:.1} KiB each",
        (after.saturating_sub(before)) as f64 / 1024.0 / IDLE_LINKS as f64
    ));
    drop(links);
}

/// An agent at her link, ready.
struct Desk {
    socket: Socket,
    next_id: u64,
}

async fn connect(server: &Server, agent: &str) -> Socket {
    let mut request = format!("ws://{}/link", server.address()).into_client_request().expect("a request");
    let token = format!("Bearer {}", server.agent_token(agent)).parse().expect("a header");
    request.headers_mut().insert("Authorization", token);
    let (mut socket, _) = connect_async(request).await.expect("a link");
    socket.send(Message::Text(json!({"t": "hello", "id": "h"}).to_string().into())).await.expect("a link");
    loop {
        let Message::Text(text) = socket.next().await.expect("a link").expect("a link") else { continue };
        if text.contains("\"snapshot\"") {
            return socket;
        }
    }
}

impl Desk {
    async fn sit(server: &Server, agent: &str) -> Self {
        let mut desk = Self { socket: connect(server, agent).await, next_id: 0 };
        desk.say("agent.sign_in", json!({"seat": format!("seat-{agent}")})).await;
        desk.say("agent.set_state", json!({"state": "ready"})).await;
        // With callers waiting, ready and the first offer are one decision.
        desk
    }

    /// Signs out, now or after what she has in hand; the link is hers no more.
    async fn go_home(mut self) {
        self.say("agent.sign_out", json!({})).await;
        loop {
            let Some(Ok(message)) = self.socket.next().await else { return };
            if message.to_text().is_ok_and(|text| text.contains("\"ack\"")) {
                return;
            }
        }
    }

    async fn say(&mut self, cmd: &str, args: Value) {
        self.next_id += 1;
        let frame = json!({"t": "cmd", "id": format!("b{}", self.next_id), "cmd": cmd, "args": args});
        self.socket.send(Message::Text(frame.to_string().into())).await.expect("a link");
    }

    /// The next event of this name; how long after its stamp it came.
    async fn until(&mut self, name: &str, after_stamp: Option<&mut Histogram<u64>>) -> Value {
        loop {
            let Message::Text(text) = self.socket.next().await.expect("a link").expect("a link") else {
                continue;
            };
            let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
            let frame: Value = serde_json::from_str(&text).expect("JSON");
            assert_ne!(frame["t"], "nack", "{frame}");
            if frame["ev"] == name {
                if let (Some(histogram), Some(at)) =
                    (after_stamp, frame["at"].as_str().and_then(cordboard_floor::Instant::parse))
                {
                    let late = now.as_micros() as i64 - at.micros();
                    histogram.saturating_record(late.max(1) as u64 * 1_000);
                }
                return frame["data"].clone();
            }
        }
    }

    async fn accept(&mut self, offer: &Value) -> Value {
        self.say("offer.accept", json!({"offer": offer["offer"]})).await;
        self.until("contact.connected", None).await["contact"].clone()
    }

    async fn accept_and_end(&mut self, offer: &Value) {
        let contact = self.accept(offer).await;
        self.say("contact.end", json!({"contact": contact})).await;
        self.until("contact.ended", None).await;
    }
}

/// One kept connection to the HTTP door.
struct Door {
    socket: TcpStream,
    request: String,
}

impl Door {
    async fn open(server: &Server) -> Self {
        let socket = TcpStream::connect(server.address()).await.expect("a server");
        socket.set_nodelay(true).expect("a socket");
        let body = json!({"queue": "loans", "channel": "voice"}).to_string();
        let request = format!(
            "POST /api/v1/contacts HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            server.caller_token(),
            body.len()
        );
        Self { socket, request }
    }

    async fn post_contact(&mut self) {
        self.socket.write_all(self.request.as_bytes()).await.expect("a server");
    }

    async fn read_answer(&mut self) {
        let mut answer = Vec::new();
        loop {
            let mut chunk = [0; 4_096];
            let count = self.socket.read(&mut chunk).await.expect("a server");
            assert!(count > 0, "the server hung up: {}", String::from_utf8_lossy(&answer));
            answer.extend_from_slice(&chunk[..count]);
            if answer.ends_with(b"}") {
                assert!(answer.starts_with(b"HTTP/1.1 201"), "{}", String::from_utf8_lossy(&answer));
                return;
            }
        }
    }
}

fn bare_sync() -> Histogram<u64> {
    let place = tempfile::tempdir().expect("a folder");
    let mut file = std::fs::File::create(place.path().join("bare")).expect("a file");
    let mut times = nanoseconds();
    for _ in 0..ALL {
        let begun = Instant::now();
        file.write_all(&[7; 144]).expect("room");
        file.sync_data().expect("a disk that syncs");
        times.saturating_record(begun.elapsed().as_nanos() as u64);
    }
    times
}

/// The binary named by CORDBOARD, else that of the release profile, built if need be.
fn binary() -> PathBuf {
    if let Ok(named) = std::env::var("CORDBOARD") {
        return named.into();
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let built = std::process::Command::new(cargo)
        .args(["build", "--release", "--locked", "-p", "cordboard-server"])
        .current_dir(&root)
        .status();
    assert!(built.is_ok_and(|status| status.success()), "cargo build --release");
    root.join("target/release/cordboard")
}

/// Clock ticks of user and system time, 100 to the second on every Linux that matters.
fn cpu_time(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("a process");
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap_or(0) + fields[12].parse::<u64>().unwrap_or(0)
}

fn cpu_since(pid: u32, before: u64) -> Duration {
    Duration::from_millis((cpu_time(pid) - before) * 10)
}

/// Resident bytes.
fn resident(pid: u32) -> u64 {
    let statm = std::fs::read_to_string(format!("/proc/{pid}/statm")).expect("a process");
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4_096
}
