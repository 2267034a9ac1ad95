//! What a link costs: printed with `--nocapture`, and held to bounds that only a blunder would break.

use crate::client::Client;
use crate::house::{House, WITHIN, agent};
use cordboard_api::link::Limits;
use cordboard_floor::Command;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn from_commit_to_frame() {
    const EVENTS: usize = 400;
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    li.everything().await;
    let committed: Arc<Mutex<HashMap<u64, Instant>>> = Arc::default();
    let note = committed.clone();
    house.door.feed.on_commit(Box::new(move |seq| {
        note.lock().unwrap().insert(seq, Instant::now());
    }));
    let mut took = Vec::with_capacity(EVENTS);
    for turn in 0..EVENTS {
        let command = Command::RaiseHand { agent: agent("1001"), raised: turn % 2 == 0 };
        tokio::task::block_in_place(|| house.does(command));
        let name = if turn % 2 == 0 { "agent.hand_raised" } else { "agent.hand_lowered" };
        let event = li.event(name).await;
        let at = committed.lock().unwrap()[&event.seq];
        took.push(at.elapsed());
    }
    took.sort_unstable();
    let (p50, p99) = (took[EVENTS / 2], took[EVENTS * 99 / 100]);
    eprintln!("commit to frame at the client, {EVENTS} events: p50 {p50:?}, p99 {p99:?}");
    assert!(p50 < Duration::from_millis(20), "{p50:?}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_of_an_idle_link() {
    const LINKS: usize = 400;
    let house = House::open(Limits::default()).await;
    let token = house.token("wall");
    // The first ones pay for what is shared.
    let mut held = Vec::with_capacity(LINKS + 50);
    for _ in 0..50 {
        held.push(idle(&house, &token).await);
    }
    let before = resident_kib();
    for _ in 0..LINKS {
        held.push(idle(&house, &token).await);
    }
    assert_eq!(house.links.open(), LINKS + 50);
    let each = resident_kib().saturating_sub(before) as f64 / LINKS as f64;
    eprintln!("an idle link takes {each:.1} KiB, both ends' sockets not counted ({LINKS} links)");
    // The library's own buffers alone, as they come, would be 256 KiB. Other tests run in this process, too.
    assert!(each < 128.0, "{each} KiB");
    drop(held);
    house.close().await;
}

/// A link without a client library, so that hardly anything but the server's side of it takes memory here.
async fn idle(house: &House, token: &str) -> TcpStream {
    let mut stream = TcpStream::connect(house.addr).await.unwrap();
    let request = format!(
        "GET /link HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Authorization: Bearer {token}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    // Masked with zeros: the text stands as it is.
    let hello = br#"{"t":"hello"}"#;
    stream.write_all(&[&[0x81, 0x80 | hello.len() as u8, 0, 0, 0, 0], &hello[..]].concat()).await.unwrap();
    let mut read = Vec::new();
    while !read.windows(10).any(|text| text == b"\"snapshot\"") {
        let mut some = [0; 1024];
        let count = tokio::time::timeout(WITHIN, stream.read(&mut some)).await.unwrap().unwrap();
        assert!(count > 0, "{}", String::from_utf8_lossy(&read));
        read.extend_from_slice(&some[..count]);
    }
    stream
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
