//! Who was away resumes without a gap and without hearing anything twice, or is given a snapshot.

use crate::client::{Client, Greeted, names};
use crate::house::{House, agent};
use cordboard_api::link::Limits;
use cordboard_api::link::frame::{Protocol, ServerFrame};
use cordboard_api::link::limits::RECENT_EVENTS_MAX;
use cordboard_floor::command::AskedState;
use cordboard_floor::{Command, ReasonId};
use cordboard_views::audience::Audience;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn force(id: &str, ready: bool) -> Command {
    let not_ready = AskedState::NotReady(ReasonId::fixed("training"));
    Command::ForceState { agent: agent(id), state: if ready { AskedState::Ready } else { not_ready } }
}

/// What the log says should have been told to an agent after `seq`.
fn due(house: &House, id: &str, after: u64) -> Vec<u64> {
    let mut audience = Audience::new();
    let mut due = Vec::new();
    for recorded in house.since(0) {
        let seen = audience.fold_and_see(&recorded);
        if seen.includes(agent(id), audience.team(agent(id))) && recorded.seq > after {
            due.push(recorded.seq);
        }
    }
    due
}

fn seqs(frames: &[ServerFrame]) -> Vec<u64> {
    let seq = |frame: &ServerFrame| match frame {
        ServerFrame::Ev(ev) => Some(ev.seq),
        _ => None,
    };
    frames.iter().filter_map(seq).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_is_replayed_after_a_drop() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    li.everything().await;
    let last = li.last;
    drop(li);
    let contact = house.caller("13812345678").to_string();
    house.until_logged(last, "an offer", |recorded| recorded.event.contact().is_some()).await;

    let Greeted { mut client, welcome, .. } =
        Client::greet(&house, Protocol::MsgPack, "1001", Some(last)).await;
    assert!(welcome.resumed);
    let frames = client.everything().await;
    assert_eq!(seqs(&frames), due(&house, "1001", last));
    assert_eq!(names(&frames), ["offer.created", "agent.link_opened"]);
    let ServerFrame::Ev(offer) = &frames[0] else { panic!("{frames:?}") };
    // Told again in the same words as the first time.
    assert_eq!(offer.data["contact"], *contact);
    assert_eq!(offer.data["from"]["text"], "13812345678");
    assert_eq!(offer.data["attributes"]["values"]["plan"], "gold");
    assert_eq!(offer.data["priority"], 40);
    assert_eq!(offer.data["actions"], json!(["accept", "reject"]));
    client.does("offer.accept", json!({"offer": offer.data["offer"]})).await;
    client.event("contact.connected").await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_missed_or_doubled_across_many_drops() {
    let house = Arc::new(House::open(Limits::default()).await);
    let mut li = Client::ready(&house, "1001").await;
    let mut told = seqs(&li.everything().await);
    let start = told.last().copied().unwrap_or(li.last);
    told.clear();
    let going = Arc::new(AtomicBool::new(true));
    let noise = {
        let (house, going) = (house.clone(), going.clone());
        tokio::task::spawn_blocking(move || {
            for turn in 0.. {
                if !going.load(Ordering::Relaxed) {
                    break;
                }
                house.does(force("1001", turn % 2 == 1));
            }
        })
    };
    let mut last = start;
    for turn in 0..15 {
        let protocol = Protocol::ALL[turn % 2];
        drop(li);
        let greeted = Client::greet(&house, protocol, "1001", Some(last)).await;
        assert!(greeted.welcome.resumed);
        li = greeted.client;
        let frames = li.everything().await;
        told.extend(seqs(&frames));
        last = li.last;
    }
    going.store(false, Ordering::Relaxed);
    noise.await.unwrap();
    let end = house.last();
    house.until("the hub has come to the end", || house.links.seq() >= end).await;
    told.extend(seqs(&li.everything().await));
    assert_eq!(told, due(&house, "1001", start));
    drop(li);
    Arc::into_inner(house).unwrap().close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_server_leaves_no_gap() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    house.caller("13812345678");
    li.event("offer.created").await;
    li.everything().await;
    let last = li.last;
    drop(li);
    let house = house.restart().await;
    let Greeted { mut client, welcome, .. } = Client::greet(&house, Protocol::Json, "1001", Some(last)).await;
    assert!(welcome.resumed);
    let frames = client.everything().await;
    assert_eq!(seqs(&frames), due(&house, "1001", last));
    let names = names(&frames);
    let begins = ["offer.rescinded", "agent.unreachable", "agent.link_opened", "agent.reachable"];
    assert_eq!(&names[..4], begins, "{names:?}");
    let ServerFrame::Ev(rescinded) = &frames[0] else { panic!("{frames:?}") };
    assert_eq!(rescinded.reason.as_ref().unwrap().slug, "restarted");
    // The caller still waits, and rings at her again: once.
    assert_eq!(names.iter().filter(|name| *name == "offer.created").count(), 1, "{names:?}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_missed_more_than_is_kept_gets_a_snapshot() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    li.everything().await;
    let last = li.last;
    drop(li);
    house.does_many((0..RECENT_EVENTS_MAX).map(|turn| force("1001", turn % 2 == 1)));
    let end = house.last();
    house.until("the hub has seen them", || house.links.seq() >= end).await;
    let known = due(&house, "1001", last);
    assert!(known.len() >= RECENT_EVENTS_MAX);

    // The very last number from which everything is known: one of those that were missed.
    let from = known[known.len() - RECENT_EVENTS_MAX + 1];
    let Greeted { mut client, welcome, .. } = Client::greet(&house, Protocol::Json, "1001", Some(from)).await;
    assert!(welcome.resumed);
    let frames = client.everything().await;
    assert_eq!(seqs(&frames), due(&house, "1001", from));
    drop(client);

    let Greeted { mut client, welcome, snapshot } =
        Client::greet(&house, Protocol::Json, "1001", Some(last)).await;
    assert!(!welcome.resumed);
    let snapshot = snapshot.unwrap();
    assert_eq!(snapshot.seq, welcome.seq);
    assert_eq!(snapshot.agent.unwrap()["agent"], "1001");
    // The chain goes on from the snapshot.
    client.does("agent.raise_hand", json!({})).await;
    client.event("agent.hand_raised").await;
    drop(client);
    // A number that this log has not reached is from somewhere else.
    assert!(!Client::greet(&house, Protocol::Json, "1001", Some(1 << 40)).await.welcome.resumed);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_holds_what_rings_and_what_is_in_hand() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    let contact = house.caller("13812345678").to_string();
    let offer = li.event("offer.created").await;
    let snapshot = Client::greet(&house, Protocol::MsgPack, "1001", None).await.snapshot.unwrap();
    assert_eq!(snapshot.contacts.len(), 1);
    let ringing = &snapshot.contacts[0];
    assert_eq!(ringing["contact"], *contact);
    assert_eq!(ringing["from"]["text"], "13812345678");
    assert_eq!(ringing["hand"], json!(["reserved"]));
    for field in
        ["offer", "contact", "queue", "priority", "from", "answer_by", "actions", "skills", "direction"]
    {
        assert_eq!(ringing["offer"][field], offer.data[field], "{field}");
    }
    let mut li = Client::greeted(&house, "1001").await;
    li.does("offer.accept", json!({"offer": offer.data["offer"]})).await;
    li.event("contact.connected").await;
    let snapshot = Client::greet(&house, Protocol::Json, "1001", None).await.snapshot.unwrap();
    assert_eq!(snapshot.contacts[0]["state"], "connected");
    assert_eq!(snapshot.contacts[0]["hand"], json!(["connected"]));
    assert_eq!(snapshot.agent.unwrap()["activity"], "talking");
    house.close().await;
}
