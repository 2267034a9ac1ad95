//! Garbage at the door: a clear no each time, and the next request is served.

use crate::house::House;
use cordboard_api::door::Limits;
use http::Method;
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_bodies_are_refused_with_their_place() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    let deep =
        format!("{{\"channel\":\"voice\",\"attributes\":{}1{}}}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    for (body, status, code) in [
        (b"".to_vec(), 400, "malformed_json"),
        (b"{".to_vec(), 400, "malformed_json"),
        (b"{\"channel\": voice}".to_vec(), 400, "malformed_json"),
        (b"\xff\xfe\x00".to_vec(), 400, "malformed_json"),
        (b"{\"channel\":\"voice\"} trailing".to_vec(), 400, "malformed_json"),
        (b"[]".to_vec(), 422, "invalid_body"),
        (b"42".to_vec(), 422, "invalid_body"),
        (b"null".to_vec(), 422, "invalid_body"),
        (b"{\"channel\":7,\"queue\":\"sales\"}".to_vec(), 422, "invalid_body"),
        (b"{\"channel\":\"voice\",\"channel\":\"voice\",\"queue\":\"sales\"}".to_vec(), 422, "invalid_body"),
        (b"{\"channel\":\"voice\",\"queue\":\"sales\",\"attributes\":[1]}".to_vec(), 422, "invalid_body"),
        (deep.into_bytes(), 400, "malformed_json"),
    ] {
        let text = String::from_utf8_lossy(&body).chars().take(60).collect::<String>();
        let problem = crm.send(Method::POST, "/api/v1/contacts", &[JSON], body).await.problem(status, code);
        assert!(problem["line"].is_u64() && problem["column"].is_u64(), "{text}");
    }
    let lines = b"{\n  \"channel\": \"voice\",\n  \"queue\": sales\n}".to_vec();
    let problem =
        crm.send(Method::POST, "/api/v1/contacts", &[JSON], lines).await.problem(400, "malformed_json");
    assert_eq!(problem["line"], 3);
    crm.post("/api/v1/contacts", json!({"queue": "sales", "channel": "voice"})).await.ok();
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_megabytes_get_an_answer_and_nothing_is_kept() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    let limit = house.door.limits.body_bytes_max;
    for bytes in [limit + 1, 10 << 20] {
        let reply = crm.send(Method::POST, "/api/v1/contacts", &[JSON], vec![b' '; bytes]).await;
        reply.problem(413, "body_too_large");
    }
    // A body of just the limit is read.
    crm.send(Method::POST, "/api/v1/contacts", &[JSON], vec![b' '; limit])
        .await
        .problem(400, "malformed_json");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_paths_methods_types_and_keys_are_named() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    crm.get("/api/v1/nothing").await.problem(404, "no_such_path");
    crm.get("/favicon.ico").await.problem(404, "no_such_path");
    crm.get("/board/x.js").await.problem(404, "no_such_page");
    let reply = crm.delete("/api/v1/contacts").await;
    assert!(reply.headers["allow"].to_str().unwrap().contains("POST"));
    reply.problem(405, "method_not_allowed");
    let form =
        crm.send(Method::POST, "/api/v1/contacts", &[("content-type", "text/plain")], b"{}".to_vec()).await;
    form.problem(415, "not_json");
    let bare = crm.send(Method::POST, "/api/v1/contacts", &[], b"{}".to_vec()).await;
    bare.problem(415, "not_json");
    for key in [" ", "a b", &"x".repeat(65), ""] {
        let reply = crm
            .post_with(
                "/api/v1/contacts",
                &[("idempotency-key", key)],
                json!({"queue": "sales", "channel": "voice"}),
            )
            .await;
        reply.problem(400, "idempotency_key_invalid");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_its_protections() {
    let house = House::open().await;
    let page = house.stranger().get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.headers["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
    for reply in [page, house.stranger().get("/api/v1/me").await, house.stranger().get("/nothing").await] {
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
        assert_eq!(reply.headers["x-frame-options"], "DENY");
        assert_eq!(reply.headers["referrer-policy"], "no-referrer");
        assert!(
            reply.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'")
        );
    }
    assert_eq!(house.as_account("crm").get("/api/v1/me").await.headers["cache-control"], "no-store");
    house.close().await;
}

/// What comes back until the server closes.
async fn until_closed(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    // Reset counts as closed.
    let _ = timeout(crate::house::WITHIN, stream.read_to_end(&mut text)).await.expect("closed in time");
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn half_open_and_slow_sockets_are_closed() {
    let limits = Limits {
        header_time_max: Duration::from_millis(200),
        body_time_max: Duration::from_millis(200),
        ..Limits::default()
    };
    let house = House::with(limits).await;
    let silent = TcpStream::connect(house.addr).await.unwrap();
    until_closed(silent).await;
    let mut half = TcpStream::connect(house.addr).await.unwrap();
    half.write_all(b"GET /healthz HTTP/1.1\r\nHost: t").await.unwrap();
    until_closed(half).await;
    let mut slow = TcpStream::connect(house.addr).await.unwrap();
    let head = b"POST /api/v1/sessions HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    slow.write_all(head).await.unwrap();
    let answer = until_closed(slow).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("body_too_slow"), "{answer}");
    let mut noise = TcpStream::connect(house.addr).await.unwrap();
    noise.write_all(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 no http at all\r\n\r\n").await.unwrap();
    until_closed(noise).await;
    assert_eq!(house.stranger().get("/healthz").await.status, 200);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_too_many_is_turned_away() {
    let house = House::with(Limits { connections_max: 1, ..Limits::default() }).await;
    let mut first = TcpStream::connect(house.addr).await.unwrap();
    first.write_all(b"GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n").await.unwrap();
    let mut begin = [0; 12];
    first.read_exact(&mut begin).await.unwrap();
    let second = TcpStream::connect(house.addr).await.unwrap();
    assert_eq!(until_closed(second).await, "");
    assert_eq!(house.door.meters.connections_refused.get(), 1);
    drop(first);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_does_not_end_does_not_hold_up_the_stop() {
    let limits = Limits { drain_time_max: Duration::from_millis(100), ..Limits::default() };
    let house = House::with(limits).await;
    let mut slow = TcpStream::connect(house.addr).await.unwrap();
    slow.write_all(b"POST /api/v1/sessions HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\n{").await.unwrap();
    // It is being served once a later one was.
    house.stranger().get("/healthz").await;
    let began = std::time::Instant::now();
    house.stop_serving().await;
    assert!(began.elapsed() < Limits::default().body_time_max);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_come_packed_under_a_strict_policy_and_assets_for_ever() {
    let house = House::open().await;
    let crm = house.as_account("crm");
    let header = |headers: &http::HeaderMap, name: &str| {
        headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    let shell = crm.send(Method::GET, "/", &[("accept-encoding", "gzip, br")], Vec::new()).await;
    assert_eq!(
        (header(&shell.headers, "content-encoding"), header(&shell.headers, "cache-control")),
        ("br".into(), "no-cache".into())
    );
    assert!(
        header(&shell.headers, "content-security-policy")
            .starts_with("default-src 'none'; script-src 'self';")
    );
    assert!(header(&shell.headers, "permissions-policy").starts_with("microphone=(self)"));
    let asset = crm.send(Method::GET, "/assets/a-1.js", &[("accept-encoding", "gzip")], Vec::new()).await;
    assert_eq!(header(&asset.headers, "content-encoding"), "gzip");
    assert_eq!(header(&asset.headers, "cache-control"), "public, max-age=31536000, immutable");
    let plain = crm.get("/").await;
    assert_eq!(header(&plain.headers, "content-encoding"), "");
    crm.get("/assets/a-2.js").await.problem(404, "no_such_page");
    crm.get("/agent").await.problem(404, "no_such_page");
    house.close().await;
}
