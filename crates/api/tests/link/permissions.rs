//! Who may not, is told which permission is missing, and nothing happens.

use crate::client::Client;
use crate::house::House;
use cordboard_api::link::Limits;
use cordboard_floor::{Event, ReasonId};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forbidden_is_refused_and_changes_nothing() {
    let house = House::open(Limits::default()).await;
    let contact = house.caller("13812345678").to_string();
    let table: Vec<(&str, &str, Value, &str)> = vec![
        ("1001", "agent.force_state", json!({"agent": "1002", "state": "ready"}), "forbidden"),
        ("1001", "agent.force_state", json!({"agent": "1001", "state": "ready"}), "forbidden"),
        ("1001", "agent.sign_out", json!({"agent": "1002"}), "forbidden"),
        ("1001", "agent.raise_hand", json!({"agent": "1002"}), "forbidden"),
        ("1001", "queue.close", json!({"queue": "sales"}), "forbidden"),
        ("1001", "contact.assign", json!({"contact": contact, "agent": "1001"}), "forbidden"),
        ("1001", "contact.move", json!({"contact": contact, "queue": "sales"}), "forbidden"),
        ("1001", "contact.reprioritise", json!({"contact": contact, "priority": 9}), "forbidden"),
        ("1001", "contact.request_callback", json!({"contact": contact}), "forbidden"),
        ("1001", "callback.answered", json!({"contact": contact}), "forbidden"),
        ("1001", "callback.failed", json!({"contact": contact}), "forbidden"),
        ("1001", "break.decide", json!({"agent": "1001", "granted": true}), "forbidden"),
        ("1001", "team.message", json!({"text": "hello"}), "forbidden"),
        ("1001", "floor.subscribe", json!({}), "forbidden"),
        ("red", "agent.force_state", json!({"agent": "1004", "state": "ready"}), "forbidden"),
        ("red", "team.message", json!({"team": "blue", "text": "hello"}), "forbidden"),
        ("red", "team.message", json!({"text": "hello"}), "forbidden"),
        ("red", "queue.open", json!({"queue": "sales"}), "forbidden"),
        ("red", "contact.move", json!({"contact": contact, "queue": "sales"}), "forbidden"),
        ("wall", "agent.sign_in", json!({"seat": "A"}), "forbidden"),
        ("wall", "contact.request_callback", json!({"contact": contact}), "forbidden"),
        ("wall", "queue.close", json!({"queue": "sales"}), "forbidden"),
        ("wall", "team.message", json!({"text": "hello"}), "forbidden"),
        ("crm", "agent.force_state", json!({"agent": "1001", "state": "ready"}), "forbidden"),
        ("crm", "contact.request_callback", json!({"contact": contact}), "no_callback"),
        (
            "crm",
            "contact.request_callback",
            json!({"contact": contact, "number": "13987654321"}),
            "no_callback",
        ),
        ("crm", "contact.request_callback", json!({"contact": contact, "number": " "}), "malformed"),
        (
            "crm",
            "contact.request_callback",
            json!({"contact": contact, "number": "1".repeat(257)}),
            "over_limit",
        ),
        ("crm", "callback.answered", json!({"contact": contact}), "not_dialled"),
        ("crm", "callback.failed", json!({"contact": contact, "reason": "busy"}), "not_dialled"),
        ("nobody", "events.subscribe", json!({}), "forbidden"),
        ("nobody", "floor.subscribe", json!({}), "forbidden"),
        ("lead", "agent.set_state", json!({"state": "ready"}), "no_agent"),
        ("lead", "agent.sign_out", json!({}), "no_agent"),
    ];
    let before = house.last();
    let mut client: Option<(&str, Client)> = None;
    let mut links = 0;
    for (account, cmd, args, code) in &table {
        if client.as_ref().is_none_or(|(known, _)| known != account) {
            client = Some((account, Client::greeted(&house, account).await));
            links += 1;
        }
        let Some((_, client)) = &mut client else { unreachable!() };
        let nack = client.refused(cmd, args.clone()).await;
        assert_eq!((nack.code.as_ref(), nack.retryable), (*code, false), "{account} {cmd} {args}: {nack:?}");
    }
    assert!(links >= 6);
    let commands = house.since(before).into_iter().filter(|recorded| recorded.cause.is_some()).count();
    assert_eq!(commands, 0, "what is refused leaves nothing in the log");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_is_said_when_a_queue_is_closed() {
    let house = House::open(Limits::default()).await;
    let mut lead = Client::greeted(&house, "lead").await;
    let before = house.last();
    lead.does("queue.close", json!({"queue": "sales", "emergency": true, "message": "fire_drill"})).await;
    let closed = house.since(before).into_iter().find_map(|recorded| match &recorded.event {
        Event::QueueClosed(event) => Some((event.emergency, event.message)),
        _ => None,
    });
    assert_eq!(closed, Some((true, Some(ReasonId::fixed("fire_drill")))));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_reaches_as_far_as_her_teams() {
    let house = House::open(Limits::default()).await;
    let mut li = Client::ready(&house, "1001").await;
    let mut red = Client::greeted(&house, "red").await;
    red.does(
        "agent.force_state",
        json!({"agent": "1001", "state": {"not_ready": "lunch"}, "reason": "lunch"}),
    )
    .await;
    let forced = li.event("agent.not_ready").await;
    assert_eq!(forced.data["reason"]["slug"], "lunch");
    let why = forced.reason.unwrap();
    assert_eq!((why.number, why.slug.as_str()), (1000, "lunch"), "a configured reason keeps its number");
    assert_eq!(forced.actor.kind, "leader");
    red.does("team.message", json!({"team": "red", "text": "hello"})).await;
    li.event("team.messaged").await;
    // She may take her own request for a break back, which is nobody else's permission.
    li.does("agent.set_state", json!({"state": "ready"})).await;
    li.does("agent.request_break", json!({"reason": "lunch"})).await;
    li.does("break.decide", json!({"agent": "1001", "granted": false})).await;
    assert_eq!(li.event("agent.break_decided").await.actor.id, "1001");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shift_leader_moves_what_waits() {
    let house = House::open(Limits::default()).await;
    let mut lead = Client::greeted(&house, "lead").await;
    let contact = house.caller("13812345678").to_string();
    lead.does("contact.reprioritise", json!({"contact": contact, "priority": 90, "reason": "vip"})).await;
    let mut li = Client::ready(&house, "1001").await;
    assert_eq!(li.event("offer.created").await.data["priority"], 90);
    li.does("agent.set_state", json!({"state": {"not_ready": "training"}})).await;
    let mut wang = Client::ready(&house, "1002").await;
    let offer = wang.event("offer.created").await;
    wang.does("offer.reject", json!({"offer": offer.data["offer"], "reason": "voice_gone"})).await;
    assert_eq!(wang.event("offer.rejected").await.reason.unwrap().slug, "voice_gone");
    li.does("agent.set_state", json!({"state": "ready"})).await;
    li.event("agent.ready").await;
    lead.does("queue.drain", json!({"queue": "sales"})).await;
    lead.does("queue.open", json!({"queue": "sales"})).await;
    house.close().await;
}
