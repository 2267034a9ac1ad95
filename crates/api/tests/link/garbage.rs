//! Garbage on a link: answered with what and where, or the link ends; the server and everyone else go on.

use crate::client::{Client, open};
use crate::house::House;
use cordboard_api::link::Limits;
use cordboard_api::link::frame::Protocol;
use cordboard_api::link::limits::{FRAME_BYTES_MAX, UNREADABLE_IN_A_ROW_MAX};
use futures_util::SinkExt;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::MaybeTlsStream;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_malformed_is_answered_and_the_link_goes_on() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    #[rustfmt::skip]
    let table: &[(&str, Option<&str>, &str, Option<&str>)] = &[
        ("{", None, "malformed", None),
        ("\u{0}\u{1}", None, "malformed", None),
        ("null", None, "malformed", Some("frame")),
        ("{}", None, "malformed", Some("t")),
        (r#"{"t":"cmd","id":"a","cmd":"offer.accept","args":{"offer":1}}"#, Some("a"), "malformed", Some("args.offer")),
        (r#"{"t":"cmd","id":"a","cmd":"agent.set_state","args":{"state":"busy"}}"#, Some("a"), "malformed", Some("args.state")),
        (r#"{"t":"cmd","id":"a","cmd":"contact.transfer","args":{"contact":"c-1","to":{"moon":"x"}}}"#, Some("a"), "malformed", Some("args.to")),
        (r#"{"t":"cmd","id":"a","cmd":"agent.sing_in","args":{"seat":"A"}}"#, Some("a"), "unknown_command", None),
        (r#"{"t":"hello","id":"h2"}"#, Some("h2"), "hello_twice", None),
    ];
    for (text, id, code, place) in table {
        li.say_text(text).await;
        let nack = li.nack().await;
        assert_eq!((nack.id.as_deref(), nack.code.as_ref()), (*id, *code), "{text}: {nack:?}");
        assert_eq!(nack.place.as_deref(), *place, "{text}");
        assert!(!nack.retryable && !nack.message.is_empty());
    }
    let nack = li.refused("offer.accept", json!({"offer": "o-999999"})).await;
    assert_eq!(nack.code, "unknown_offer");
    li.pong("unharmed").await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_beyond_repair_is_ended_and_others_are_not() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;

    // Not JSON, too often in a row; one good frame between them begins the count anew.
    let mut wall = Client::greeted(&house, "wall").await;
    for _ in 1..UNREADABLE_IN_A_ROW_MAX {
        wall.say_text("garbage").await;
        assert_eq!(wall.nack().await.code, "malformed");
    }
    wall.pong("one good frame").await;
    for _ in 0..UNREADABLE_IN_A_ROW_MAX {
        wall.say_text("garbage").await;
    }
    assert_eq!(wall.closed().await.0, 4004);

    // The wrong kind of message.
    let mut wall = Client::greeted(&house, "wall").await;
    wall.socket.send(Message::Binary(vec![0x80].into())).await.unwrap();
    assert_eq!(wall.closed().await.0, 4004);
    let mut wall = Client::greet(&house, Protocol::MsgPack, "wall", None).await.client;
    wall.say_text(r#"{"t":"ping"}"#).await;
    assert_eq!(wall.closed().await.0, 4004);

    // Too large: just so, by far, and before anyone has said hello.
    let mut wall = Client::greeted(&house, "wall").await;
    let fits = format!(r#"{{"t":"ping","x":"{}"}}"#, "x".repeat(FRAME_BYTES_MAX - 19));
    assert_eq!(fits.len(), FRAME_BYTES_MAX);
    wall.say_text(&fits).await;
    assert_eq!(wall.nack().await.place.as_deref(), Some("x"));
    wall.say_text(&format!("{fits} ")).await;
    let (code, why) = wall.closed().await;
    assert_eq!((code, why.as_str()), (4004, "too large: a frame has at most 65536 bytes"));
    let ten_megabytes = "x".repeat(10 << 20);
    let mut wall = Client::greeted(&house, "wall").await;
    let _ = wall.socket.send(Message::Text(ten_megabytes.clone().into())).await;
    assert_eq!(wall.closed().await.0, 4004);
    let mut stranger = Client::on(open(&house, None, None).await.unwrap(), Protocol::Json, "stranger");
    let _ = stranger.socket.send(Message::Text(ten_megabytes.into())).await;
    assert_eq!(stranger.closed().await.0, 4004);

    // No WebSocket frames at all.
    let mut wall = Client::greeted(&house, "wall").await;
    let MaybeTlsStream::Plain(stream) = wall.socket.get_mut() else { panic!("plain TCP") };
    stream.write_all(b"GET /link HTTP/1.1\r\n\r\n").await.unwrap();
    assert_eq!(wall.closed().await.0, 4004);

    li.pong("unharmed").await;
    assert_eq!(house.cut("malformed"), 7);
    house.close().await;
}
