//! Every limit is reached here, and what happens then is what is said.

use crate::client::{Client, open, open_narrow};
use crate::house::{House, agent};
use cordboard_api::link::Limits;
use cordboard_api::link::frame::{ClientFrame, Hello, Ping, Protocol, ServerFrame};
use cordboard_api::link::limits::{NOTE_BYTES_MAX, TEXT_BYTES_MAX};
use cordboard_api::public::personal::{field, seal};
use cordboard_floor::command::AskedState;
use cordboard_floor::{Command, ReasonId};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Error;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_cut_while_others_get_their_frames() {
    const MESSAGES: usize = 400;
    let limits = Limits { outbound_frames_max: 40, ..Limits::default() };
    let house = House::open(limits).await;
    let mut deaf = Client::ready(&house, "1001").await;
    let mut keen = Client::ready(&house, "1002").await;
    let read = Arc::new(AtomicUsize::new(0));
    let reading = read.clone();
    let heard = tokio::spawn(async move {
        for _ in 0..MESSAGES {
            keen.event("team.messaged").await;
            reading.fetch_add(1, Ordering::Relaxed);
        }
        keen
    });
    let person = house.door.vault.person_anonymous().unwrap();
    let text = seal(&person, field::TEXT, "x".repeat(40_000).as_bytes()).unwrap();
    for sent in 0..MESSAGES {
        // The keen one has a queue of forty, too: she is asked to read, not to be fast.
        house.until("she has read all but a few", || sent <= read.load(Ordering::Relaxed) + 20).await;
        house.does(Command::SendMessage { team: None, text: text.clone(), acknowledge: false });
        let seq = house.last();
        house.until("the links were told", || house.links.seq() >= seq).await;
    }
    let mut keen = heard.await.unwrap();
    house.until("the deaf one is cut", || house.cut("too_slow") == 1).await;
    let (code, why) = deaf.closed().await;
    assert_eq!((code, why.as_str()), (4003, "too slow: the outbound limit was reached"));
    keen.pong("unharmed").await;
    // What she missed she can have, once she reads.
    let last = deaf.last;
    let mut back = Client::greet(&house, Protocol::Json, "1001", Some(last)).await.client;
    back.event("agent.link_opened").await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_wait_are_limited_as_frames_are() {
    let limits = Limits { outbound_bytes_max: 200_000, ..Limits::default() };
    let house = House::open(limits).await;
    let deaf = Client::ready(&house, "1001").await;
    let person = house.door.vault.person_anonymous().unwrap();
    let text = seal(&person, field::TEXT, "x".repeat(60_000).as_bytes()).unwrap();
    let mut sent = 0;
    while house.cut("too_slow") == 0 {
        house.does(Command::SendMessage { team: None, text: text.clone(), acknowledge: false });
        sent += 1;
        assert!(sent < 1_000, "far fewer than the two thousand frames that may wait");
        tokio::time::sleep(Duration::from_micros(100)).await; // polled until she is cut
    }
    drop(deaf);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_that_does_not_read_is_cut_too() {
    let limits = Limits { write_stall: Duration::from_millis(300), ..Limits::default() };
    let house = House::open(limits).await;
    house.does(Command::SignIn { agent: agent("1001"), seat: "A-1".parse().unwrap() });
    let toggle = |turn: usize| {
        let not_ready = AskedState::NotReady(ReasonId::fixed("training"));
        let state = if turn.is_multiple_of(2) { not_ready } else { AskedState::Ready };
        Command::ForceState { agent: agent("1001"), state }
    };
    // More than the buffers of both sockets hold.
    for _ in 0..4 {
        house.does_many((0..10_000).map(toggle));
    }
    let mut wall = Client::on(open_narrow(&house, &house.token("wall")).await, Protocol::Json, "wall");
    wall.say(&ClientFrame::Hello(Hello::default())).await;
    wall.welcome().await;
    wall.cmd("events.subscribe", json!({"from_seq": 1})).await;
    house.until("the subscriber is cut", || house.cut("too_slow") == 1).await;
    assert_eq!(wall.closed().await.0, 4003);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_in_flight_are_limited() {
    let house = House::open(Limits { in_flight_max: 3, ..Limits::default() }).await;
    let mut li = Client::ready(&house, "1001").await;
    let release = house.stall();
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(li.cmd("agent.raise_hand", json!({})).await);
    }
    for id in &ids[3..] {
        let nack = li.answer(id).await.unwrap_err();
        assert_eq!((nack.code.as_ref(), nack.retryable), ("too_many_in_flight", true));
    }
    drop(release);
    for id in &ids[..3] {
        li.answer(id).await.unwrap();
    }
    li.does("agent.raise_hand", json!({"raised": false})).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_waits_for_the_answers_that_are_owed() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    let release = house.stall();
    let ids = [
        li.cmd("agent.raise_hand", json!({})).await,
        li.cmd("agent.sign_out", json!({})).await,
        li.cmd("agent.raise_hand", json!({})).await,
    ];
    li.pong("all of them are handed in").await;
    drop(release);
    li.answer(&ids[0]).await.unwrap();
    li.answer(&ids[1]).await.unwrap();
    assert_eq!(li.answer(&ids[2]).await.unwrap_err().code, "not_signed_in");
    assert_eq!(li.closed().await.0, 4005);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_per_second_are_limited() {
    let limits = Limits { frames_per_second_max: 1, frames_burst_max: 5, ..Limits::default() };
    let house = House::open(limits).await;
    let mut wall = Client::greeted(&house, "wall").await;
    for at in 0..20 {
        wall.say(&ClientFrame::Ping(Ping { id: Some(format!("p{at}")) })).await;
    }
    let nack = wall.nack().await;
    assert_eq!((nack.code.as_ref(), nack.retryable), ("rate_limited", true));
    assert!(nack.id.is_some_and(|id| id.starts_with('p')));
    wall.cmd_as("c1", "floor.subscribe", json!({})).await;
    assert_eq!(wall.answer("c1").await.unwrap_err().code, "rate_limited");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_limited_and_a_place_is_free_again() {
    let house = House::open(Limits { links_max: 2, ..Limits::default() }).await;
    let first = Client::greeted(&house, "wall").await;
    let second = open(&house, None, None).await.unwrap();
    let Err(Error::Http(response)) = open(&house, None, None).await else {
        panic!("a third link was opened")
    };
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "1");
    drop((first, second));
    house.until("places are free", || house.links.open() == 0).await;
    Client::greeted(&house, "wall").await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_are_limited() {
    let house = House::open(Limits { subscriptions_max: 2, ..Limits::default() }).await;
    let mut wall = Client::greeted(&house, "wall").await;
    wall.does("floor.subscribe", json!({})).await;
    wall.does("events.subscribe", json!({})).await;
    let mut other = Client::greeted(&house, "wall").await;
    let nack = other.refused("floor.subscribe", json!({})).await;
    assert_eq!((nack.code.as_ref(), nack.retryable), ("too_many_subscriptions", true));
    // To ask again is no second place.
    wall.does("floor.subscribe", json!({})).await;
    drop(wall);
    house.until("the places are free", || house.links.open() == 1).await;
    other.does("floor.subscribe", json!({})).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn free_text_is_limited() {
    let house = House::open(Limits::default()).await;
    let mut lead = Client::greeted(&house, "lead").await;
    for (bytes, code) in [(TEXT_BYTES_MAX + 1, "over_limit"), (0, "malformed")] {
        let nack = lead.refused("team.message", json!({"text": "x".repeat(bytes)})).await;
        assert_eq!(nack.code, code);
    }
    lead.does("team.message", json!({"text": "x".repeat(TEXT_BYTES_MAX)})).await;
    let mut li = Client::ready(&house, "1001").await;
    let note = json!({"contact": "c-1", "note": "x".repeat(NOTE_BYTES_MAX + 1)});
    assert_eq!(li.refused("wrapup.complete", note).await.code, "over_limit");
    let id = "x".repeat(65);
    li.cmd_as(&id, "agent.raise_hand", json!({})).await;
    assert_eq!(li.nack().await.place.as_deref(), Some("id"));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_has_stopped_is_told_as_such() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    house.door.engine.stop();
    house.until("the engine has ended", || house.engine_has_ended()).await;
    let nack = li.refused("agent.set_state", json!({"state": "ready"})).await;
    assert_eq!((nack.code.as_ref(), nack.retryable), ("busy", true));
    // And a hello finds nobody to open a session.
    let token = house.token("1002");
    let mut wang = Client::on(open(&house, None, Some(&token)).await.unwrap(), Protocol::Json, "1002");
    wang.say(&ClientFrame::Hello(Hello::default())).await;
    let (code, _) = wang.closed().await;
    assert_eq!(code, 1013);
    let told = li.everything().await;
    assert!(told.iter().all(|frame| !matches!(frame, ServerFrame::Ack(_))));
    house.close().await;
}
