//! A real server for tests and benches: the binary in a process of its own, its configuration, accounts
//! and tokens, and plain requests to it.

mod server;

pub use server::{Furniture, Server};

use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One request on a connection of its own: status and body.
///
/// # Errors
/// If nobody answers, or not to the end.
pub async fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    token: Option<&str>,
    key: Option<&str>,
    body: &str,
) -> io::Result<(u16, String)> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    if let Some(token) = token {
        head += &format!("Authorization: Bearer {token}\r\n");
    }
    if let Some(key) = key {
        head += &format!("Idempotency-Key: {key}\r\nContent-Type: application/json\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let exchange = async {
        let mut socket = TcpStream::connect(address).await?;
        socket.write_all(head.as_bytes()).await?;
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await?;
        Ok::<_, io::Error>(answer)
    };
    let answer =
        tokio::time::timeout(Duration::from_secs(10), exchange).await.map_err(io::Error::other)??;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    // A server killed in mid-answer has answered nothing.
    let cut = || io::Error::other("cut off");
    let (head, rest) = answer.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut)?;
    let mut lengths = head
        .lines()
        .filter_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let length: Option<usize> = lengths.next();
    if length.is_some_and(|length| rest.len() < length) {
        return Err(cut());
    }
    Ok((status, rest.to_owned()))
}
